package io.github.postern.ws.core;

import static io.github.postern.ws.core.ProtocolViolation.protocolError;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Reads one frame after the other (RFC 6455 §5.2): the header, checked against every rule that concerns a frame by
 * itself, then its payload, unmasked. What frames mean together is for {@link Inbound} to judge.
 *
 * <p>One object serves all frames of a connection; its accessors tell of the frame whose header was read last.
 */
final class FrameDecoder {
    static final int MAX_CONTROL_PAYLOAD = 125;

    private static final int FIRST_TWO = 2;
    private static final int KEY_SIZE = 4;
    private static final int RESERVED_BITS = 0x70;
    private static final int RSV1 = 0x40;
    private static final int OPCODE_BITS = 0x0F;
    private static final int LENGTH_BITS = 0x7F;
    private static final int LENGTH_IN_16_BITS = 126;

    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    /** Whether the peer has to mask. */
    private final boolean masked;

    /** Whether RSV1 may be set, which marks the first frame of a compressed message (RFC 7692 §6). */
    private final boolean deflate;

    private boolean fin;
    private boolean compressed;
    private byte opcode;

    /** Whether the header is read and {@link #end} not yet called. */
    private boolean open;

    private byte headerRead;

    /** How long the header is, as far as is known. */
    private byte headerSize = FIRST_TWO;

    /** The masking key, turned to the next byte of the payload. Without meaning if the peer does not mask. */
    private int key;

    /** The length of the payload while the header is read, then how much of the payload is still to come. */
    private long remaining;

    /** How much of the payload, from the input's position on, is unmasked already. */
    private int clear;

    FrameDecoder(Role role, boolean deflate) {
        this.masked = role == Role.SERVER;
        this.deflate = deflate;
    }

    /** Whether this is the last frame of its message. */
    boolean fin() {
        return fin;
    }

    /** Whether the frame begins a compressed message. */
    boolean compressed() {
        return compressed;
    }

    int opcode() {
        return opcode;
    }

    boolean isControl() {
        return Opcode.isControl(opcode);
    }

    /** How much of the payload is still to come; all of it when the header has just been read. */
    long remaining() {
        return remaining;
    }

    /** Whether a frame is being read: its header is known, its end has not been declared. */
    boolean isOpen() {
        return open;
    }

    /** Whether nothing of a frame has been read. */
    boolean isBetweenFrames() {
        return !open && headerRead == 0;
    }

    /** Declares the frame read; the next byte begins another. */
    void end() {
        open = false;
    }

    /**
     * Reads on in the header; a broken rule is noticed with the field that breaks it.
     *
     * @return whether the header is complete
     */
    boolean readHeader(ByteBuffer input) {
        if (headerRead == 0 && input.hasArray() && readHeaderAtOnce(input)) {
            return true;
        }
        while (headerRead < headerSize) {
            if (!input.hasRemaining()) {
                return false;
            }
            headerByte(headerRead++, input.get());
        }
        open();
        return true;
    }

    /** Reads the header if all of it is there, which it nearly always is; otherwise nothing. */
    private boolean readHeaderAtOnce(ByteBuffer input) {
        var available = input.remaining();
        if (available < FIRST_TWO) {
            return false;
        }
        var bytes = input.array();
        var at = input.arrayOffset() + input.position();
        first(bytes[at]);
        second(bytes[at + 1]);
        if (available < headerSize) {
            return false;
        }
        lengthAndKey(bytes, at + FIRST_TWO);
        input.position(input.position() + headerSize);
        open();
        return true;
    }

    private void open() {
        headerRead = 0;
        headerSize = FIRST_TWO;
        open = true;
    }

    private void headerByte(int index, byte b) {
        switch (index) {
            case 0 -> first(b);
            case 1 -> second(b);
            default -> {
                var lengthEnd = FIRST_TWO + extendedLengthSize();
                if (index >= lengthEnd) {
                    key = key << 8 | b & 0xFF;
                    return;
                }
                remaining = remaining << 8 | b & 0xFF;
                if (index == lengthEnd - 1) {
                    checkExtendedLength();
                }
            }
        }
    }

    private void first(byte b) {
        fin = b < 0;
        opcode = (byte) (b & OPCODE_BITS);
        compressed = (b & RESERVED_BITS) != 0;
        if (compressed) {
            checkReservedBits(b & RESERVED_BITS);
        }
        if (!Opcode.isDefined(opcode)) {
            throw protocolError("reserved opcode: 0x" + Integer.toHexString(opcode));
        }
        if (!fin && isControl()) {
            throw protocolError("fragmented control frame: 0x" + Integer.toHexString(opcode));
        }
    }

    /** RFC 7692 §6: with the extension, RSV1 may be set where a message begins. */
    private void checkReservedBits(int bits) {
        if (bits != RSV1 || !deflate) {
            throw protocolError("reserved bit set without an extension: 0x" + Integer.toHexString(bits));
        }
        if (opcode == Opcode.CONTINUATION || isControl()) {
            throw protocolError("RSV1 on a frame that does not begin a message: 0x" + Integer.toHexString(opcode));
        }
    }

    private void second(byte b) {
        if (b < 0 != masked) {
            throw protocolError(masked ? "unmasked frame from a client" : "masked frame from a server");
        }
        var length = b & LENGTH_BITS;
        if (length > MAX_CONTROL_PAYLOAD && isControl()) {
            throw protocolError("control frame longer than 125 bytes");
        }
        var extendedLengthSize =
                length < LENGTH_IN_16_BITS ? 0 : length == LENGTH_IN_16_BITS ? Short.BYTES : Long.BYTES;
        headerSize = (byte) (FIRST_TWO + extendedLengthSize + (masked ? KEY_SIZE : 0));
        remaining = extendedLengthSize == 0 ? length : 0;
    }

    /** Reads what follows the first two bytes and is all there. */
    private void lengthAndKey(byte[] bytes, int from) {
        var at = from;
        var extendedLengthSize = extendedLengthSize();
        if (extendedLengthSize != 0) {
            remaining = extendedLengthSize == Short.BYTES
                    ? (bytes[at] & 0xFF) << 8 | bytes[at + 1] & 0xFF
                    : (long) LONG.get(bytes, at);
            checkExtendedLength();
            at += extendedLengthSize;
        }
        if (masked) {
            key = (int) INT.get(bytes, at);
        }
    }

    private int extendedLengthSize() {
        return headerSize - FIRST_TWO - (masked ? KEY_SIZE : 0);
    }

    private void checkExtendedLength() {
        if (remaining < 0) {
            throw protocolError("length with its highest bit set: 0x" + Long.toHexString(remaining));
        }
        if (remaining < (extendedLengthSize() == Short.BYTES ? LENGTH_IN_16_BITS : 1 << 16)) {
            throw protocolError("length not in its shortest form: " + remaining);
        }
    }

    /** Whether all that is still to come of the payload is in {@code input}. */
    boolean isWholeIn(ByteBuffer input) {
        return remaining <= input.remaining();
    }

    /** How much of the payload is in {@code input}. */
    int available(ByteBuffer input) {
        return (int) Math.min(remaining, input.remaining());
    }

    /** Moves the next {@code length} bytes of the payload to {@code target}, unmasked. */
    void read(ByteBuffer input, byte[] target, int at, int length) {
        input.get(target, at, length);
        take(target, at, length);
    }

    /** Unmasks the next {@code length} bytes of the payload, which were put into {@code target}. */
    void take(byte[] target, int at, int length) {
        if (masked) {
            Mask.apply(target, at, length, key);
        }
        advance(length);
    }

    /** The rest of the payload, which is all in {@code input}, unmasked, in an array of its own. */
    byte[] readWhole(ByteBuffer input) {
        var length = (int) remaining;
        if (!input.hasArray()) {
            var payload = new byte[length];
            read(input, payload, 0, length);
            return payload;
        }
        var from = input.arrayOffset() + input.position();
        var payload =
                Arrays.copyOfRange(input.array(), from, from + length); // unlike a new array it is not cleared first
        input.position(input.position() + length);
        if (masked) {
            Mask.apply(payload, 0, length, key);
        }
        advance(length);
        return payload;
    }

    /** Unmasks the next {@code length} bytes of the payload where they are, and steps over them. */
    void readInPlace(ByteBuffer input, int length) {
        var from = input.position();
        if (masked) {
            Mask.apply(input, from, length, key);
        }
        input.position(from + length);
        advance(length);
    }

    /** Unmasks all of the payload that is in {@code input} where it is, without stepping over it. */
    void unmaskAhead(ByteBuffer input) {
        var length = available(input);
        if (masked) {
            Mask.apply(input, input.position() + clear, length - clear, Mask.rotate(key, clear));
        }
        clear = length;
    }

    /** Says that {@code length} bytes which were unmasked ahead have been consumed from the input. */
    void skip(int length) {
        clear -= length;
        advance(length);
    }

    /** Whether the payload of the last frame of a message is all consumed. */
    boolean isLastAndRead() {
        return fin && remaining == 0;
    }

    private void advance(int length) {
        key = Mask.rotate(key, length);
        remaining -= length;
    }
}
