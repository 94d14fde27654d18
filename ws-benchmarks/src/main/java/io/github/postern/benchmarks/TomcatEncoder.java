package io.github.postern.benchmarks;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.tomcat.websocket.Transformation;
import org.jspecify.annotations.Nullable;

/**
 * Tomcat's blocking send, whose writes are gathered in a buffer. It sends texts in frames of 8 KiB, and masks through a
 * buffer of that size, with a random key.
 */
final class TomcatEncoder implements Encoder {
    private static final int LONGEST_HEADER = 14;
    private static final int FRAME_SIZE = 8192;

    private final ByteBuffer output;
    private final TomcatRemote remote;

    TomcatEncoder(boolean client, int maxSize, @Nullable Transformation transformation) throws Exception {
        output = ByteBuffer.allocate(maxSize + LONGEST_HEADER * (1 + maxSize / FRAME_SIZE));
        remote = new TomcatRemote(client, output);
        var session = TomcatSession.of(remote, maxSize);
        remote.pass(new TomcatInput(session, transformation).transformation());
    }

    @Override
    public Object binary(ByteBuffer payload) throws IOException {
        output.clear();
        remote.sendBytes(payload);
        return output.flip();
    }

    @Override
    public Object text(String text) throws IOException {
        output.clear();
        remote.sendString(text);
        return output.flip();
    }

    @Override
    public ByteBuffer bytes(Object encoded) {
        return (ByteBuffer) encoded;
    }
}
