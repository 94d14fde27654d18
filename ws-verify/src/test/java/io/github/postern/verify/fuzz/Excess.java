package io.github.postern.verify.fuzz;

import io.github.postern.ws.core.Limits;

/** Whether a stream has, anywhere before its first Close frame, more than the limits allow. */
record Excess(boolean ofBytes, boolean ofFragments) {
    static Excess over(Limits limits, byte[] wire) {
        var bytes = false;
        var fragments = false;
        var size = 0L;
        var count = 0;
        for (var frame : FrameOnWire.all(wire)) {
            if (frame.isClose()) {
                break;
            }
            if (frame.hasHeader() && !frame.isControl()) {
                size += frame.length();
                count++;
                bytes |= isOver(limits.maxFrameSize(), frame.length()) || isOver(limits.maxMessageSize(), size);
                fragments |= count > limits.maxFragments();
                if (frame.isFin()) {
                    size = 0;
                    count = 0;
                }
            }
        }
        return new Excess(bytes, fragments);
    }

    private static boolean isOver(long limit, long length) {
        return Long.compareUnsigned(length, limit) > 0;
    }
}
