package io.github.postern.benchmarks;

import java.nio.ByteBuffer;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.Configuration;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.internal.Parser;

/**
 * Jetty's parser, which unmasks where the payload lies and hands out a slice. It reads into direct buffers unless told
 * otherwise. Text passes the sink that makes a String for its application.
 */
final class JettyDecoder implements Decoder {
    private final Parser parser;
    private final JettyText text = new JettyText();
    private final boolean direct;
    private ByteBuffer input = ByteBuffer.allocate(0);

    JettyDecoder(int maxSize, boolean direct) {
        var configuration = new Configuration.ConfigurationCustomizer();
        configuration.setMaxFrameSize(maxSize);
        this.parser = new Parser(new ArrayByteBufferPool(), configuration);
        this.direct = direct;
    }

    @Override
    public void load(byte[] frame) {
        if (input.capacity() < frame.length) {
            input = direct ? ByteBuffer.allocateDirect(frame.length) : ByteBuffer.allocate(frame.length);
        }
        input.clear().put(frame).flip();
    }

    @Override
    public Object decode() {
        return parser.parse(input.rewind());
    }

    @Override
    public Object text() {
        return text.of((Frame) decode(), Callback.NOOP);
    }

    @Override
    public ByteBuffer payload(Object decoded) {
        return ((Frame) decoded).getPayload().duplicate();
    }
}
