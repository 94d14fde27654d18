package io.github.postern.verify.fuzz;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One frame in a stream, as far as it is there, taken apart without any judgement.
 *
 * @param first the first byte; 0 if it is not there
 * @param length what the header promises, as an unsigned number; 0 if the header is not all there
 * @param payload what there is of the payload, unmasked
 * @param end where the next frame begins; the end of the stream for the last frame
 * @param complete whether the whole frame is there
 */
record FrameOnWire(int first, long length, ByteBuffer payload, int end, boolean complete) {
    /** All frames; the last may be incomplete. */
    static List<FrameOnWire> all(byte[] wire) {
        var frames = new ArrayList<FrameOnWire>();
        for (var start = 0; start < wire.length; start = frames.getLast().end()) {
            frames.add(at(wire, start));
        }
        return frames;
    }

    /** The frame that begins at this place. */
    static FrameOnWire at(byte[] wire, int start) {
        var bytes = ByteBuffer.wrap(wire);
        var second = start + 1 < wire.length ? wire[start + 1] : 0;
        var form = second & 0x7F;
        var keyAt = start + 2 + (form == 126 ? Short.BYTES : form == 127 ? Long.BYTES : 0);
        var from = keyAt + (second < 0 ? Integer.BYTES : 0);
        if (wire.length < from) {
            var first = start < wire.length ? wire[start] & 0xFF : 0;
            return new FrameOnWire(first, 0, ByteBuffer.allocate(0), wire.length, false);
        }
        var length = form == 126 ? bytes.getShort(start + 2) & 0xFFFF : form == 127 ? bytes.getLong(start + 2) : form;
        var complete = Long.compareUnsigned(length, wire.length - from) <= 0;
        var end = complete ? from + (int) length : wire.length;
        var payload = Arrays.copyOfRange(wire, from, end);
        for (var i = 0; second < 0 && i < payload.length; i++) {
            payload[i] ^= wire[keyAt + i % Integer.BYTES];
        }
        return new FrameOnWire(wire[start] & 0xFF, length, ByteBuffer.wrap(payload), end, complete);
    }

    boolean hasHeader() {
        return complete || length != 0;
    }

    int opcode() {
        return first & 0x0F;
    }

    boolean isFin() {
        return (first & 0x80) != 0;
    }

    boolean hasRsv1() {
        return (first & 0x40) != 0;
    }

    boolean isClose() {
        return opcode() == 8;
    }

    boolean isControl() {
        return opcode() >= 8;
    }
}
