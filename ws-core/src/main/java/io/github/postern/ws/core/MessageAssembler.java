package io.github.postern.ws.core;

import static io.github.postern.ws.core.ProtocolViolation.notUtf8;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One data message that does not arrive as one plain frame in one piece: what has been received of it and not given out, in
 * one buffer that grows with that, never with what a header promises. It lives from the message's first piece to its last.
 */
final class MessageAssembler {
    /**
     * The least capacity, and what capacities are rounded up to: a power of two of bytes arrives as a little less, and
     * a header.
     */
    private static final int GRAIN = 4096;

    /** How much is decompressed before the limits are looked at again. */
    private static final int INFLATION_STEP = 8 * 1024;

    private static final byte[] NOTHING = {};

    private final boolean text;
    private final long maxSize;

    /** Null if the message is not compressed. */
    private final @Nullable MessageInflater inflater;

    private final Utf8Validator validator = new Utf8Validator();
    private int frames = 1;

    /** How many bytes the frames had so far. */
    private long received;

    private byte[] bytes = NOTHING;
    private int size;

    /** How many of the bytes the validator has seen. */
    private int validated;

    /** A part that lies in the input, instead of {@link #bytes}; null if there is none. */
    private @Nullable ByteBuffer view;

    /** Whether the inflater may have more of the frame at once. */
    private boolean pending;

    private boolean inParts;

    /**
     * @param frame the message's first frame
     * @param maxSize what the message is limited to; the caller checks it for a plain message, the inflater for a compressed one
     * @param inflater used if the frame begins a compressed message
     */
    MessageAssembler(FrameDecoder frame, long maxSize, @Nullable MessageInflater inflater) {
        this.text = frame.opcode() == Opcode.TEXT;
        this.maxSize = maxSize;
        this.inflater = frame.compressed() ? inflater : null;
    }

    boolean isCompressed() {
        return inflater != null;
    }

    /** How many bytes the frames had so far. */
    long received() {
        return received;
    }

    /** Counts another frame, and says how many there are now. */
    int addFrame() {
        return ++frames;
    }

    /** Whether some of the message has been given out, so that it cannot be had as a whole any more. */
    boolean inParts() {
        return inParts;
    }

    /** Whether there is no more to be read of the frame: neither payload to come nor something left in the inflater. */
    boolean hasRead(FrameDecoder frame) {
        return frame.remaining() == 0 && !pending;
    }

    /** Takes all that {@code input} holds of the frame. Unless that ends the message, fails if it makes a text invalid. */
    void read(FrameDecoder frame, ByteBuffer input) {
        if (inflater == null) {
            var length = frame.available(input);
            reserve(length, largest(frame));
            copy(frame, input, length);
        } else {
            do {
                inflate(inflater, frame, input);
            } while (pending);
        }
        if (!hasRead(frame) || !frame.fin()) {
            validate();
        }
    }

    /** Takes as much as makes a part: all that {@code input} holds of the frame, or one step of the inflater. */
    void readPart(FrameDecoder frame, ByteBuffer input, InputView views) {
        var length = frame.available(input);
        if (inflater != null) {
            inflate(inflater, frame, input);
        } else if (text || size > 0) {
            bytes = Arrays.copyOf(bytes, size + length);
            copy(frame, input, length);
        } else if (length > 0) {
            view = views.take(frame, input, length);
            received += length;
        }
        validate();
    }

    /** Where the rest of the frame, which is not compressed, or as much of it as there is room for, can be put. */
    ByteBuffer room(FrameDecoder frame, int length) {
        reserve(length, largest(frame));
        return ByteBuffer.wrap(bytes, size, room(frame));
    }

    /** How long that room is. */
    int room(FrameDecoder frame) {
        return (int) Math.min(bytes.length - size, frame.remaining());
    }

    /** Takes what was put into that room. */
    void take(FrameDecoder frame, int length) {
        frame.take(bytes, size, length);
        count(length);
    }

    private void copy(FrameDecoder frame, ByteBuffer input, int length) {
        frame.read(input, bytes, size, length);
        count(length);
    }

    private void count(int length) {
        size += length;
        received += length;
    }

    /** What the message comes to at most. */
    private long largest(FrameDecoder frame) {
        return frame.fin() ? size + frame.remaining() : maxSize;
    }

    private void inflate(MessageInflater inflater, FrameDecoder frame, ByteBuffer input) {
        if (size == bytes.length) {
            reserve(
                    Math.max(1, Math.min(size, INFLATION_STEP)),
                    maxSize + 1); // one more, to notice that it is too much
        }
        var room = Math.min(bytes.length - size, INFLATION_STEP);
        var length = inflater.inflate(frame, input, bytes, size, room);
        size += length;
        pending = length == room;
    }

    private void reserve(int length, long largest) {
        var needed = size + length;
        if (needed > bytes.length) {
            var doubled = 2L * needed + GRAIN - 1 & -GRAIN;
            bytes = Arrays.copyOf(bytes, (int) Math.min(largest, doubled));
        }
    }

    private void validate() {
        if (text) {
            if (!validator.accept(bytes, validated, size - validated)) {
                throw notUtf8();
            }
            validated = size;
        }
    }

    /** The message, all frames of which have been read. */
    Event finish() {
        if (!text) {
            return new Event.Binary(ByteBuffer.wrap(size == bytes.length ? bytes : Arrays.copyOf(bytes, size)));
        }
        return new Event.Text(Utf8.require(bytes, 0, size));
    }

    /**
     * What has been read and not yet given out; null if that is nothing.
     *
     * @param last whether the message is all read: then there is a part even if it is empty
     */
    @Nullable
    Event part(boolean last) {
        if (last) {
            requireWholeCharacters();
        }
        var cut = size - validator.begun();
        if (cut == 0 && view == null && !last) {
            return null;
        }
        inParts = true;
        return text ? textPart(cut, last) : binaryPart(last);
    }

    private Event binaryPart(boolean last) {
        var data = view != null ? view : ByteBuffer.wrap(bytes, 0, size);
        view = null;
        size = 0;
        return new Event.BinaryPart(data, last);
    }

    /** The bytes of a character that is not all there yet stay. */
    private Event textPart(int cut, boolean last) {
        var part = new Event.TextPart(new String(bytes, 0, cut, UTF_8), last);
        if (isCompressed()) {
            System.arraycopy(bytes, cut, bytes, 0, size - cut); // the room is needed again
        } else {
            bytes = Arrays.copyOfRange(bytes, cut, size);
        }
        size -= cut;
        validated = size;
        return part;
    }

    private void requireWholeCharacters() {
        if (validator.begun() > 0) {
            throw notUtf8();
        }
    }
}
