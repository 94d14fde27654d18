package io.github.postern.benchmarks;

import java.nio.ByteBuffer;

/** The JDK's Inflater alone, after the unmasking. */
final class FloorInflater implements Decoder {
    private final FloorDecoder unmasking = new FloorDecoder();
    private final Deflation deflation;
    private int size;

    FloorInflater(boolean contextTakeover) {
        deflation = new Deflation(contextTakeover);
    }

    @Override
    public void load(byte[] frame) {
        unmasking.load(frame);
    }

    @Override
    public Object decode() {
        var compressed = unmasking.payload(unmasking.decode());
        var from = compressed.arrayOffset() + compressed.position();
        size = deflation.decompress(compressed.array(), from, compressed.remaining());
        return deflation.output();
    }

    @Override
    public Object text() {
        return decode();
    }

    @Override
    public ByteBuffer payload(Object decoded) {
        return ByteBuffer.wrap((byte[]) decoded, 0, size);
    }
}
