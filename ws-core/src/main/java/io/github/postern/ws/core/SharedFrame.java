package io.github.postern.ws.core;

import java.nio.ByteBuffer;

/** A whole frame that is not masked, for any number of connections. Nobody may modify its bytes. */
final class SharedFrame {
    private final int first;
    private final byte[] bytes;
    private final int headerSize;

    /**
     * @param first the header's first byte
     * @param payload consumed, and copied
     */
    SharedFrame(int first, ByteBuffer payload) {
        this.first = first;
        this.bytes = FrameEncoder.encoded(first, payload.duplicate());
        this.headerSize = bytes.length - payload.remaining();
        payload.position(payload.limit());
    }

    /** The header's first byte. */
    int first() {
        return first;
    }

    /** All of it; a new view at each call. */
    ByteBuffer bytes() {
        return ByteBuffer.wrap(bytes);
    }

    /** Its payload; a new view at each call. */
    ByteBuffer payload() {
        return ByteBuffer.wrap(bytes, headerSize, bytes.length - headerSize);
    }
}
