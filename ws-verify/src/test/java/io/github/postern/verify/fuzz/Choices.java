package io.github.postern.verify.fuzz;

import java.util.Arrays;

/** The bytes of a fuzzer, taken from the front as decisions. When they are used up, every decision is 0. */
final class Choices {
    private final byte[] bytes;
    private int at;

    Choices(byte[] bytes) {
        this.bytes = bytes;
    }

    boolean hasMore() {
        return at < bytes.length;
    }

    /** One of 0 to {@code bound - 1}; takes as many bytes as the bound needs. */
    int below(int bound) {
        var value = octet();
        for (var range = 256; range < bound; range <<= 8) {
            value = value << 8 | octet();
        }
        return value % bound;
    }

    boolean yes() {
        return (octet() & 1) != 0;
    }

    <T> T of(T[] values) {
        return values[below(values.length)];
    }

    /** The next bytes, fewer if there are not so many. */
    byte[] bytes(int length) {
        var from = at;
        at = Math.min(bytes.length, at + length);
        return Arrays.copyOfRange(bytes, from, at);
    }

    byte[] rest() {
        return bytes(bytes.length);
    }

    private int octet() {
        return hasMore() ? bytes[at++] & 0xFF : 0;
    }
}
