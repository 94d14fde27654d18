package io.github.postern.verify.fuzz;

import io.github.postern.ws.core.Limits;

/**
 * Whether a stream has, anywhere before its first Close frame, more than the limits allow.
 *
 * @param hidden whether a message is compressed, which may then be over a limit without showing it
 */
record Excess(boolean ofBytes, boolean ofFragments, boolean hidden) {
    static Excess over(Limits limits, byte[] wire, Compression compression) {
        var bytes = false;
        var fragments = false;
        var compressed = false;
        var hidden = false;
        var size = 0L;
        var count = 0;
        for (var frame : FrameOnWire.all(wire)) {
            if (frame.isClose()) {
                break;
            }
            if (frame.hasHeader() && !frame.isControl()) {
                compressed = count == 0 ? compression != Compression.NONE && frame.hasRsv1() : compressed;
                hidden |= compressed;
                size += frame.length();
                count++;
                bytes |= isOver(longestFrame(limits, compressed), frame.length())
                        || !compressed && isOver(limits.maxMessageSize(), size);
                fragments |= count > limits.maxFragments();
                if (frame.isFin()) {
                    size = 0;
                    count = 0;
                }
            }
        }
        return new Excess(bytes, fragments, hidden);
    }

    /** As {@link Limits#maxFrameSize} says. */
    private static long longestFrame(Limits limits, boolean compressed) {
        var size = limits.maxFrameSize();
        return compressed ? size + size / 16 + 64 : size;
    }

    private static boolean isOver(long limit, long length) {
        return Long.compareUnsigned(length, limit) > 0;
    }
}
