package io.github.postern.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;

/** What no encoder that fills a buffer can be quicker than: the payload copied, masked if need be, and no header. */
final class FloorEncoder implements Encoder {
    private final boolean client;
    private final byte[] output;
    private int size;

    FloorEncoder(boolean client, int maxSize) {
        this.client = client;
        this.output = new byte[maxSize];
    }

    @Override
    public Object binary(ByteBuffer payload) {
        size = payload.remaining();
        payload.get(output, 0, size);
        return mask();
    }

    @Override
    public Object text(String text) {
        var bytes = text.getBytes(UTF_8);
        size = bytes.length;
        System.arraycopy(bytes, 0, output, 0, size);
        return mask();
    }

    private Object mask() {
        if (client) {
            Xor.apply(output, 0, size, Frames.MASKING_KEY);
        }
        return output;
    }

    @Override
    public ByteBuffer bytes(Object encoded) {
        return ByteBuffer.wrap((byte[]) encoded, 0, size);
    }
}
