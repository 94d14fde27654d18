package io.github.postern.faults;

/** How a network connection is ended. */
enum Ending {
    /** As by a process that has ended: a FIN. */
    CLOSE,
    /** As by a machine that has forgotten the connection: an RST. */
    RESET
}
