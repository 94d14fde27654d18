package io.github.postern.verify.fuzz;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/**
 * One frame in a stream, as far as it is there, taken apart without any judgement.
 *
 * @param first the first byte
 * @param payload what there is of the payload, unmasked
 * @param complete whether the whole frame is there
 */
record FrameOnWire(int first, ByteBuffer payload, boolean complete) {
    /** The frame that begins at this place. */
    static FrameOnWire at(byte[] wire, int start) {
        var header = header(wire, start);
        if (header.isEmpty()) {
            return new FrameOnWire(start < wire.length ? wire[start] & 0xFF : 0, ByteBuffer.allocate(0), false);
        }
        return header.get().payload(wire, wire[start] & 0xFF);
    }

    /** How many bytes from one frame to the next; meaningful for a complete frame only. */
    static int next(byte[] wire, int start) {
        return header(wire, start)
                .map(header -> (int) Math.min(wire.length, header.end() + header.length()))
                .orElse(wire.length);
    }

    boolean isClose() {
        return (first & 0x0F) == 8;
    }

    private static Optional<Header> header(byte[] wire, int start) {
        var bytes = ByteBuffer.wrap(wire, start, wire.length - start);
        if (bytes.remaining() < 2) {
            return Optional.empty();
        }
        var second = bytes.get(start + 1);
        var size = 2 + ((second & 0x7F) == 126 ? 2 : (second & 0x7F) == 127 ? 8 : 0) + (second < 0 ? 4 : 0);
        if (bytes.remaining() < size) {
            return Optional.empty();
        }
        var length = switch (second & 0x7F) {
            case 126 -> bytes.getShort(start + 2) & 0xFFFF;
            case 127 -> bytes.getLong(start + 2);
            default -> second & 0x7F;
        };
        return Optional.of(new Header(start + size, length < 0 ? Integer.MAX_VALUE : length, second < 0));
    }

    /** Where the header ends, how long a payload it promises, and whether there is a key, which is then its end. */
    private record Header(int end, long length, boolean masked) {
        FrameOnWire payload(byte[] wire, int first) {
            var there = (int) Math.min(length, wire.length - end);
            var payload = Arrays.copyOfRange(wire, end, end + there);
            for (var i = 0; masked && i < there; i++) {
                payload[i] ^= wire[end - 4 + i % 4];
            }
            return new FrameOnWire(first, ByteBuffer.wrap(payload), there == length);
        }
    }
}
