package io.github.postern.faults;

/** Which way bytes go. */
enum Direction {
    /** From the client to the server. */
    UP,
    /** From the server to the client. */
    DOWN
}
