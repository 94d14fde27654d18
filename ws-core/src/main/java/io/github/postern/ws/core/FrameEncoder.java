package io.github.postern.ws.core;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes one frame after the other (RFC 6455 §5.2) into whatever room there is, and goes on where it stopped. The
 * payload is copied first and masked in its new place, so that the caller's bytes stay as they are.
 *
 * <p>One object serves all frames of a connection.
 */
final class FrameEncoder {
    static final int FIN = 0x80;
    static final int RSV1 = 0x40;

    private static final int MASKED = 0x80;
    private static final int KEY_SIZE = 4;
    private static final int MAX_HEADER_SIZE = 14;
    private static final int LENGTH_IN_16_BITS = 126;
    private static final int LENGTH_IN_64_BITS = 127;

    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private final boolean masked;
    private final IntSupplier maskingKeys;

    /** The first byte of the header. */
    private byte first;

    private byte headerSize;
    private byte headerWritten;

    /** The header of a frame for which there was not enough room; null until there is one. */
    private byte @Nullable [] header;

    /** The masking key, turned to the next byte of the payload. */
    private int key;

    /**
     * The payload is in the array or the text, from {@link #at} on, or, if it has no array that can be reached, in the buffer. An idle
     * connection holds none of them.
     */
    private byte @Nullable [] array;

    /** Of ASCII characters. */
    private @Nullable String text;

    private int at;
    private @Nullable ByteBuffer buffer;

    /** How much of the payload is still to be written. */
    private int remaining;

    FrameEncoder(Role role, IntSupplier maskingKeys) {
        this.masked = role == Role.CLIENT;
        this.maskingKeys = maskingKeys;
    }

    /**
     * A frame in an array of its own, not masked.
     *
     * @param payload consumed
     */
    static byte[] encoded(int first, ByteBuffer payload) {
        var encoder = new FrameEncoder(Role.SERVER, () -> 0);
        encoder.begin(first, payload);
        var frame = new byte[encoder.headerSize + encoder.remaining];
        encoder.encode(ByteBuffer.wrap(frame));
        return frame;
    }

    boolean isMasking() {
        return masked;
    }

    /** Whether a frame was begun and is not all written. */
    boolean isBusy() {
        return headerWritten < headerSize || remaining > 0;
    }

    /**
     * Begins a frame.
     *
     * @param first the header's first byte
     */
    void begin(int first, byte[] payload) {
        array = payload;
        at = 0;
        beginHeader(first, payload.length);
    }

    /**
     * Begins a frame.
     *
     * @param first the header's first byte
     * @param payload of ASCII characters only
     */
    void begin(int first, String payload) {
        text = payload;
        at = 0;
        beginHeader(first, payload.length());
    }

    /**
     * Begins a frame.
     *
     * @param first the header's first byte
     * @param payload consumed, but not to be touched until it is written
     */
    void begin(int first, ByteBuffer payload) {
        var length = payload.remaining();
        if (payload.hasArray()) {
            array = payload.array();
            at = payload.arrayOffset() + payload.position();
            payload.position(payload.limit());
        } else {
            buffer = payload;
        }
        beginHeader(first, length);
    }

    private void beginHeader(int first, int length) {
        this.first = (byte) first;
        var extendedLengthSize = length < LENGTH_IN_16_BITS ? 0 : length < 1 << 16 ? Short.BYTES : Long.BYTES;
        headerSize = (byte) (2 + extendedLengthSize + (masked ? KEY_SIZE : 0));
        headerWritten = 0;
        key = masked ? maskingKeys.getAsInt() : 0;
        remaining = length;
    }

    /** Puts the header into {@code target}, before any of the payload is written. */
    private void putHeader(byte[] target, int from) {
        var maskBit = masked ? MASKED : 0;
        var end = from + headerSize;
        target[from] = first;
        if (remaining < LENGTH_IN_16_BITS) {
            target[from + 1] = (byte) (maskBit | remaining);
        } else if (remaining < 1 << 16) {
            target[from + 1] = (byte) (maskBit | LENGTH_IN_16_BITS);
            SHORT.set(target, from + 2, (short) remaining);
        } else {
            target[from + 1] = (byte) (maskBit | LENGTH_IN_64_BITS);
            LONG.set(target, from + 2, (long) remaining);
        }
        if (masked) {
            INT.set(target, end - KEY_SIZE, key);
        }
    }

    /** Writes what fits; true if the frame is all written. */
    boolean encode(ByteBuffer target) {
        if (!isBusy()) {
            return true;
        }
        if (headerWritten == 0 && target.hasArray() && target.remaining() - headerSize >= remaining) {
            encodeAtOnce(target);
        } else {
            encodePiece(target);
            if (isBusy()) {
                return false;
            }
        }
        array = null;
        text = null;
        buffer = null;
        return true;
    }

    /** What is left of a payload that is not masked, behind its header; null if that is not so. The frame is then written. */
    @Nullable
    ByteBuffer takeRest() {
        if (masked || array == null || headerWritten < headerSize) {
            return null;
        }
        var rest = ByteBuffer.wrap(array, at, remaining);
        remaining = 0;
        array = null;
        return rest;
    }

    /** The whole frame, for which there is room: the usual case. */
    private void encodeAtOnce(ByteBuffer target) {
        var position = target.position();
        var bytes = target.array();
        var from = target.arrayOffset() + position;
        putHeader(bytes, from);
        putPayload(bytes, from + headerSize);
        target.position(position + headerSize + remaining);
        headerWritten = headerSize;
        remaining = 0;
    }

    /** Puts the whole payload into {@code target}. */
    private void putPayload(byte[] target, int from) {
        if (array == null) {
            if (text != null) {
                Ascii.copy(text, 0, remaining, target, from);
            } else if (buffer != null) {
                buffer.get(target, from, remaining);
            }
            if (masked) {
                Mask.apply(target, from, remaining, key);
            }
        } else if (masked) {
            Mask.copy(array, at, target, from, remaining, key);
        } else {
            System.arraycopy(array, at, target, from, remaining);
        }
    }

    private void encodePiece(ByteBuffer target) {
        if (header == null) {
            header = new byte[MAX_HEADER_SIZE];
        }
        if (headerWritten == 0) {
            putHeader(header, 0);
        }
        var length = Math.min(headerSize - headerWritten, target.remaining());
        target.put(header, headerWritten, length);
        headerWritten += (byte) length;
        writePayload(target);
    }

    private void writePayload(ByteBuffer target) {
        var length = Math.min(remaining, target.remaining());
        var from = target.position();
        if (array != null) {
            target.put(from, array, at, length);
            at += length;
        } else if (text != null) {
            Ascii.copy(text, at, length, target, from);
            at += length;
        } else if (buffer != null) {
            target.put(from, buffer, buffer.position(), length);
            buffer.position(buffer.position() + length);
        }
        if (masked) {
            Mask.apply(target, from, length, key);
            key = Mask.rotate(key, length);
        }
        target.position(from + length);
        remaining -= length;
    }
}
