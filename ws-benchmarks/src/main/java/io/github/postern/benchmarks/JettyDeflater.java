package io.github.postern.benchmarks;

import java.nio.ByteBuffer;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.OpCode;
import org.eclipse.jetty.websocket.core.OutgoingEntry;
import org.eclipse.jetty.websocket.core.internal.Generator;
import org.eclipse.jetty.websocket.core.internal.PerMessageDeflateExtension;

/** Jetty's extension, whose frames go through its generator into a buffer used again and again. */
final class JettyDeflater implements Encoder {
    private final Generator generator = new Generator();
    private final PerMessageDeflateExtension extension;
    private final ByteBuffer output =
            ByteBuffer.allocateDirect(2 * (Generator.MAX_HEADER_LENGTH + DeflatedFrames.TEXT_SIZE));

    JettyDeflater(boolean contextTakeover) throws Exception {
        extension = JettyDeflate.negotiated(contextTakeover);
        extension.setNextOutgoingFrames(this::write);
    }

    private void write(OutgoingEntry entry) {
        generator.generateWholeFrame(entry.getFrame(), output);
        entry.getCallback().succeeded();
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
        BufferUtil.clear(output);
        extension.sendFrame(new OutgoingEntry.Builder(frame, Callback.NOOP).build());
        return output;
    }

    @Override
    public ByteBuffer bytes(Object encoded) {
        return ((ByteBuffer) encoded).duplicate();
    }
}
