package io.github.postern.ws.core;

import static io.github.postern.ws.core.FrameEncoder.FIN;
import static io.github.postern.ws.core.FrameEncoder.RSV1;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A message that is encoded once and sent to many: its text is turned into UTF-8 once, and it is compressed once for each size of window, for
 * all the connections that compress without context takeover (RFC 7692 §7.1.1); more often only if several threads are the first at the same
 * time. Connections that do not mask share the bytes of its frame.
 *
 * <p>Immutable, and safe for use by any number of threads.
 */
public final class PreparedMessage {
    private static final int SMALLEST_WINDOW_BITS = 8;
    private static final int LARGEST_WINDOW_BITS = 15;
    private static final VarHandle DEFLATED = MethodHandles.arrayElementVarHandle(SharedFrame[].class);

    private final byte opcode;
    private final int size;
    private final SharedFrame plain;

    /**
     * The message compressed, by the bits of the window; null until somebody asks for it, and {@link #plain} if compression does
     * not make it shorter. That two threads compress it at the same time does no harm.
     */
    private final @Nullable SharedFrame[] deflated = new SharedFrame[LARGEST_WINDOW_BITS - SMALLEST_WINDOW_BITS + 1];

    private PreparedMessage(int opcode, ByteBuffer payload) {
        this.opcode = (byte) opcode;
        this.size = payload.remaining();
        this.plain = new SharedFrame(FIN | opcode, payload);
    }

    /**
     * {@return a text message}
     *
     * @param message the text
     * @throws IllegalArgumentException if the text holds an unpaired surrogate, which UTF-8 cannot express
     */
    public static PreparedMessage text(String message) {
        return new PreparedMessage(Opcode.TEXT, ByteBuffer.wrap(Utf8.encode(message)));
    }

    /**
     * {@return a binary message}
     *
     * @param message consumed, and copied
     */
    public static PreparedMessage binary(ByteBuffer message) {
        return new PreparedMessage(Opcode.BINARY, message);
    }

    /** {@return whether it is a text message} */
    public boolean isText() {
        return opcode == Opcode.TEXT;
    }

    /** {@return the size of its payload in bytes, not compressed} */
    public int size() {
        return size;
    }

    /** {@return its payload, not compressed: of a text in UTF-8} Read-only, a new view at each call. */
    public ByteBuffer payload() {
        return plain.payload().slice().asReadOnlyBuffer();
    }

    @Override
    public String toString() {
        return (isText() ? "text of " : "binary of ") + size + " bytes";
    }

    int opcode() {
        return opcode;
    }

    /** Not compressed. */
    SharedFrame plain() {
        return plain;
    }

    /**
     * Compressed as this deflater does, which does not take over its context; not compressed if that does not make it shorter, or no
     * compressor is to be had.
     */
    SharedFrame deflated(MessageDeflater deflater) {
        var index = deflater.windowBits() - SMALLEST_WINDOW_BITS;
        var known = (SharedFrame) DEFLATED.getAcquire(deflated, index);
        if (known == null) {
            if (!deflater.begin()) {
                return plain;
            }
            var compressed = deflater.deflate(plain.payload(), true);
            known = compressed.remaining() < size ? new SharedFrame(FIN | RSV1 | opcode, compressed) : plain;
            DEFLATED.setRelease(deflated, index, known);
        }
        return known;
    }
}
