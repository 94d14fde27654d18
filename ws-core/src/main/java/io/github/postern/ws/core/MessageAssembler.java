package io.github.postern.ws.core;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * One data message that does not arrive as one frame in one piece: its bytes in one buffer that grows with what has
 * been received, never with what a header promises. It lives from the message's first piece to its last.
 */
final class MessageAssembler {
    /**
     * The least capacity, and what capacities are rounded up to: a power of two of bytes arrives as a little less, and
     * a header.
     */
    private static final int GRAIN = 4096;

    private final boolean text;
    private final long maxSize;
    private final Utf8Validator validator = new Utf8Validator();
    private byte[] bytes = {};
    private int size;
    private int frames = 1;

    /**
     * @param opcode that of the message's first frame
     * @param maxSize what the message is limited to, which the caller checks
     */
    MessageAssembler(int opcode, long maxSize) {
        this.text = opcode == Opcode.TEXT;
        this.maxSize = maxSize;
    }

    /** How many bytes have been received. */
    int size() {
        return size;
    }

    /** Counts another frame, and says how many there are now. */
    int addFrame() {
        return ++frames;
    }

    /** Takes what {@code input} holds of the frame. Fails at the first byte that makes a text invalid. */
    void read(FrameDecoder frame, ByteBuffer input) {
        var length = frame.available(input);
        reserve(frame, length);
        frame.read(input, bytes, size, length);
        if (text && !validator.accept(bytes, size, length)) {
            throw new ProtocolViolation(CloseStatus.INVALID_PAYLOAD, "text message is not UTF-8");
        }
        size += length;
    }

    private void reserve(FrameDecoder frame, int length) {
        var needed = size + length;
        if (needed > bytes.length) {
            var largest = frame.fin() ? size + frame.remaining() : maxSize;
            var doubled = 2L * needed + GRAIN - 1 & -GRAIN;
            bytes = Arrays.copyOf(bytes, (int) Math.min(largest, doubled));
        }
    }

    /** The message, all frames of which have been read. */
    Event finish() {
        if (!text) {
            return new Event.Binary(ByteBuffer.wrap(size == bytes.length ? bytes : Arrays.copyOf(bytes, size)));
        }
        if (!validator.isComplete()) {
            throw new ProtocolViolation(CloseStatus.INVALID_PAYLOAD, "text message is not UTF-8");
        }
        return new Event.Text(new String(bytes, 0, size, UTF_8));
    }
}
