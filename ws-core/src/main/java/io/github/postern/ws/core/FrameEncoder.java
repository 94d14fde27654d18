package io.github.postern.ws.core;

import java.nio.ByteBuffer;
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
    private static final int MAX_HEADER_SIZE = 14;
    private static final int LENGTH_IN_16_BITS = 126;
    private static final int LENGTH_IN_64_BITS = 127;
    private static final byte[] NOTHING = {};

    private final boolean masked;
    private final IntSupplier maskingKeys;
    private final byte[] header = new byte[MAX_HEADER_SIZE];
    private byte headerSize;
    private byte headerWritten;

    /** The masking key, turned to the next byte of the payload. */
    private int key;

    /** The payload is in one of these two: in the buffer if there is one, else in the array from {@link #at} on. */
    private @Nullable ByteBuffer buffer;

    private byte[] array = NOTHING;
    private int at;

    /** How much of the payload is still to be written. */
    private int remaining;

    FrameEncoder(Role role, IntSupplier maskingKeys) {
        this.masked = role == Role.CLIENT;
        this.maskingKeys = maskingKeys;
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
     * @param payload consumed as it is written
     */
    void begin(int first, ByteBuffer payload) {
        buffer = payload;
        beginHeader(first, payload.remaining());
    }

    private void beginHeader(int first, int length) {
        var maskBit = masked ? MASKED : 0;
        header[0] = (byte) first;
        var size = 2;
        if (length < LENGTH_IN_16_BITS) {
            header[1] = (byte) (maskBit | length);
        } else if (length < 1 << 16) {
            header[1] = (byte) (maskBit | LENGTH_IN_16_BITS);
            size = putBigEndian(length, Short.BYTES, size);
        } else {
            header[1] = (byte) (maskBit | LENGTH_IN_64_BITS);
            size = putBigEndian(0, Integer.BYTES, size);
            size = putBigEndian(length, Integer.BYTES, size);
        }
        if (masked) {
            key = maskingKeys.getAsInt();
            size = putBigEndian(key, Integer.BYTES, size);
        }
        headerSize = (byte) size;
        headerWritten = 0;
        remaining = length;
    }

    /** Puts the lowest {@code size} bytes of {@code value} into the header, and says where the next go. */
    private int putBigEndian(int value, int size, int from) {
        for (var i = 0; i < size; i++) {
            header[from + i] = (byte) (value >>> (size - 1 - i) * Byte.SIZE);
        }
        return from + size;
    }

    /** Writes what fits; true if the frame is all written. */
    boolean encode(ByteBuffer target) {
        if (headerWritten < headerSize) {
            var length = Math.min(headerSize - headerWritten, target.remaining());
            target.put(header, headerWritten, length);
            headerWritten += (byte) length;
        }
        if (remaining > 0) {
            writePayload(target);
        }
        if (isBusy()) {
            return false;
        }
        buffer = null; // an idle connection holds no payload
        array = NOTHING;
        return true;
    }

    private void writePayload(ByteBuffer target) {
        var length = Math.min(remaining, target.remaining());
        var from = target.position();
        if (buffer != null) {
            target.put(from, buffer, buffer.position(), length);
            buffer.position(buffer.position() + length);
        } else {
            target.put(from, array, at, length);
            at += length;
        }
        if (masked) {
            Mask.apply(target, from, length, key);
            key = Mask.rotate(key, length);
        }
        target.position(from + length);
        remaining -= length;
    }
}
