package io.github.postern.benchmarks;

import java.nio.ByteBuffer;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.internal.PerMessageDeflateExtension;

/** Jetty's parser, then its extension, whose frames go through the sink that makes a String. */
final class JettyInflater implements Decoder {
    private final JettyDecoder parser = new JettyDecoder(DeflatedFrames.TEXT_SIZE, true);
    private final JettyText text = new JettyText();
    private final PerMessageDeflateExtension extension;
    private Object received = "";

    JettyInflater(boolean contextTakeover) throws Exception {
        extension = JettyDeflate.negotiated(contextTakeover);
        extension.setNextIncomingFrames(this::receive);
        extension.setNextDemand(() -> extension.onFrame((Frame) parser.decode(), Callback.NOOP));
    }

    private void receive(Frame frame, Callback callback) {
        received = text.of(frame, callback);
    }

    @Override
    public void load(byte[] frame) {
        parser.load(frame);
    }

    @Override
    public Object decode() {
        throw new UnsupportedOperationException("only texts are decompressed here");
    }

    /** The extension asks for the frame when it is asked for one. */
    @Override
    public Object text() {
        extension.demand();
        return received;
    }

    @Override
    public ByteBuffer payload(Object decoded) {
        throw new UnsupportedOperationException("only texts are decompressed here");
    }
}
