package io.github.postern.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;

/** The JDK's Deflater alone, which is what all implementations but those with a zlib of their own call. */
final class FloorDeflater implements Encoder {
    private final Deflation deflation;
    private int size;

    FloorDeflater(boolean contextTakeover) {
        deflation = new Deflation(contextTakeover);
    }

    @Override
    public Object binary(ByteBuffer payload) {
        throw new UnsupportedOperationException("only texts are compressed here");
    }

    @Override
    public Object text(String text) {
        size = deflation.compress(text.getBytes(UTF_8));
        return deflation.output();
    }

    @Override
    public ByteBuffer bytes(Object encoded) {
        return ByteBuffer.wrap((byte[]) encoded, 0, size);
    }
}
