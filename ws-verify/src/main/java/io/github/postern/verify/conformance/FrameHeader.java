package io.github.postern.verify.conformance;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.OptionalInt;

/** The header of a frame (§5.2) with any length in any form. Immutable. */
final class FrameHeader {
    /** The ways to write a length. */
    enum LengthForm {
        SHORT,
        EXTENDED_16,
        EXTENDED_64
    }

    private final int first;
    private final LengthForm form;
    private final long length;
    private final OptionalInt key;

    FrameHeader(int first) {
        this(first, LengthForm.SHORT, 0, OptionalInt.empty());
    }

    private FrameHeader(int first, LengthForm form, long length, OptionalInt key) {
        this.first = first;
        this.form = form;
        this.length = length;
        this.key = key;
    }

    /** With a length in its shortest form. */
    FrameHeader length(long value) {
        var shortest =
                value < 126 ? LengthForm.SHORT : value < 65_536 ? LengthForm.EXTENDED_16 : LengthForm.EXTENDED_64;
        return length(shortest, value);
    }

    FrameHeader length(LengthForm otherForm, long value) {
        return new FrameHeader(first, otherForm, value, key);
    }

    FrameHeader mask(int value) {
        return new FrameHeader(first, form, length, OptionalInt.of(value));
    }

    byte[] encode() {
        int masked = key.isPresent() ? 0x80 : 0;
        var bytes = ByteBuffer.allocate(14).put((byte) first);
        switch (form) {
            case SHORT -> bytes.put((byte) (masked | (int) length));
            case EXTENDED_16 -> bytes.put((byte) (masked | 126)).putShort((short) length);
            case EXTENDED_64 -> bytes.put((byte) (masked | 127)).putLong(length);
        }
        key.ifPresent(bytes::putInt);
        return Arrays.copyOf(bytes.array(), bytes.position());
    }

    /** What the byte at an index of the payload is masked with. */
    int maskByte(int index) {
        return key.isPresent() ? maskByte(key.getAsInt(), index) : 0;
    }

    static void mask(byte[] payload, int key) {
        for (int i = 0; i < payload.length; i++) {
            payload[i] ^= (byte) maskByte(key, i);
        }
    }

    private static int maskByte(int key, int index) {
        return key >>> (24 - 8 * (index & 3)) & 0xff;
    }
}
