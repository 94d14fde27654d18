package io.github.postern.benchmarks;

import java.nio.ByteBuffer;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.OpCode;
import org.eclipse.jetty.websocket.core.internal.Generator;

/** Jetty's generator, into a direct buffer used again and again: direct ones are its default. */
final class JettyEncoder implements Encoder {
    private final Generator generator = new Generator();
    private final boolean client;
    private final ByteBuffer output;

    JettyEncoder(boolean client, int maxSize) {
        this.client = client;
        this.output = ByteBuffer.allocateDirect(Generator.MAX_HEADER_LENGTH + maxSize);
    }

    @Override
    public Object binary(ByteBuffer payload) {
        return encoded(new Frame(OpCode.BINARY, payload));
    }

    @Override
    public Object text(String text) {
        return encoded(new Frame(OpCode.TEXT, text));
    }

    private Object encoded(Frame frame) {
        if (client) {
            frame.setMask(ByteBuffer.allocate(4).putInt(Frames.MASKING_KEY).array());
        }
        BufferUtil.clear(output);
        generator.generateWholeFrame(frame, output);
        return output;
    }

    @Override
    public ByteBuffer bytes(Object encoded) {
        return ((ByteBuffer) encoded).duplicate();
    }
}
