package io.github.postern.benchmarks;

import io.github.postern.ws.core.Outbound;
import java.nio.ByteBuffer;

/** Ours, into a heap buffer used again and again. */
final class PosternEncoder implements Encoder {
    private static final int LONGEST_HEADER = 14;

    private final Outbound outbound;
    private final ByteBuffer output;

    PosternEncoder(Outbound outbound, int maxSize) {
        this.outbound = outbound;
        this.output = ByteBuffer.allocate(LONGEST_HEADER + maxSize);
    }

    @Override
    public Object binary(ByteBuffer payload) {
        outbound.binary(payload);
        return encoded();
    }

    @Override
    public Object text(String text) {
        outbound.text(text);
        return encoded();
    }

    private Object encoded() {
        if (!outbound.encode(output.clear())) {
            throw new IllegalStateException("the frame does not fit");
        }
        return output.flip();
    }

    @Override
    public ByteBuffer bytes(Object encoded) {
        return (ByteBuffer) encoded;
    }
}
