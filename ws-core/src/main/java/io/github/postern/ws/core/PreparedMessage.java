package io.github.postern.ws.core;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A message that is encoded once and sent to many: its text is turned into UTF-8 once, and it is compressed at most once
 * for each size of window, for all the connections that compress without context takeover (RFC 7692 §7.1.1.1).
 *
 * <p>Immutable, and safe for use by any number of threads.
 */
public final class PreparedMessage {
    private static final int SMALLEST_WINDOW_BITS = 8;
    private static final int LARGEST_WINDOW_BITS = 15;
    private static final VarHandle DEFLATED = MethodHandles.arrayElementVarHandle(byte[][].class);

    private final byte opcode;
    private final byte[] payload;

    /**
     * The payload compressed, by the bits of the window; null until somebody asks for it, and as it was if compression does
     * not make it shorter. That two threads compress it at the same time does no harm.
     */
    private final byte @Nullable [][] deflated = new byte[LARGEST_WINDOW_BITS - SMALLEST_WINDOW_BITS + 1][];

    private PreparedMessage(int opcode, byte[] payload) {
        this.opcode = (byte) opcode;
        this.payload = payload;
    }

    /**
     * A text message.
     *
     * @throws IllegalArgumentException if the text holds an unpaired surrogate, which UTF-8 cannot express
     */
    public static PreparedMessage text(String message) {
        return new PreparedMessage(Opcode.TEXT, Utf8.encode(message));
    }

    /**
     * A binary message.
     *
     * @param message consumed, and copied
     */
    public static PreparedMessage binary(ByteBuffer message) {
        var payload = new byte[message.remaining()];
        message.get(payload);
        return new PreparedMessage(Opcode.BINARY, payload);
    }

    /** Whether it is a text message. */
    public boolean isText() {
        return opcode == Opcode.TEXT;
    }

    /** The size of its payload in bytes, not compressed. */
    public int size() {
        return payload.length;
    }

    /** Its payload, not compressed: of a text in UTF-8. Read-only, a new view at each call. */
    public ByteBuffer payload() {
        return ByteBuffer.wrap(payload).asReadOnlyBuffer();
    }

    @Override
    public String toString() {
        return (isText() ? "text of " : "binary of ") + payload.length + " bytes";
    }

    int opcode() {
        return opcode;
    }

    /** The payload, which nobody may modify. */
    byte[] bytes() {
        return payload;
    }

    /**
     * The payload as this deflater, which does not take over its context, compresses it; null if that does not make it
     * shorter, or no compressor is to be had.
     */
    @Nullable
    ByteBuffer deflated(MessageDeflater deflater) {
        var index = deflater.windowBits() - SMALLEST_WINDOW_BITS;
        var known = (byte[]) DEFLATED.getAcquire(deflated, index);
        if (known == null) {
            if (!deflater.begin()) {
                return null;
            }
            var compressed = deflater.deflate(ByteBuffer.wrap(payload), true);
            known = compressed.remaining() < payload.length
                    ? Arrays.copyOfRange(compressed.array(), compressed.arrayOffset(), compressed.limit())
                    : payload;
            DEFLATED.setRelease(deflated, index, known);
        }
        return known == payload ? null : ByteBuffer.wrap(known);
    }
}
