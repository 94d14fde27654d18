package io.github.postern.benchmarks.server;

import io.github.postern.benchmarks.Payloads;

/** The message of a broadcast. */
final class News {
    static final int SIZE = 128;

    private static final byte[] BYTES = Payloads.binary(SIZE);

    private News() {}

    /** Not to be modified. */
    static byte[] bytes() {
        return BYTES;
    }
}
