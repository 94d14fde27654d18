package io.github.postern.verify.conformance;

/** Bytes as a stream of bits, the lowest of each byte first (RFC 1951 §3.1.1). */
final class BitInput {
    private final byte[] bytes;
    private int position;

    BitInput(byte[] bytes) {
        this.bytes = bytes;
    }

    /** A number of so many bits, at most 16. */
    int read(int count) throws Finding {
        int value = 0;
        for (int i = 0; i < count; i++) {
            if (isAtEnd()) {
                throw Finding.failed("compressed data that is complete (RFC 7692 §7.2.1)", "its end within a block");
            }
            value |= (bytes[position >> 3] >> (position & 7) & 1) << i;
            position++;
        }
        return value;
    }

    /** Skips the rest of a byte that was begun. */
    void align() {
        position = position + 7 & ~7;
    }

    boolean isAtEnd() {
        return position >> 3 == bytes.length;
    }
}
