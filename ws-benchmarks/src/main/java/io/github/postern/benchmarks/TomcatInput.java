package io.github.postern.benchmarks;

import java.io.IOException;
import org.apache.juli.logging.Log;
import org.apache.juli.logging.LogFactory;
import org.apache.tomcat.websocket.Transformation;
import org.apache.tomcat.websocket.WsFrameBase;
import org.apache.tomcat.websocket.WsSession;
import org.jspecify.annotations.Nullable;

/** A server's receiving side in Tomcat, whose socket is an array. */
final class TomcatInput extends WsFrameBase {
    private static final Log LOG = LogFactory.getLog(TomcatInput.class);

    TomcatInput(WsSession session, @Nullable Transformation transformation) {
        super(session, transformation);
    }

    /** Between two calls nothing is left in the buffer but what cannot be used yet. */
    void receive(byte[] bytes) throws IOException {
        for (int from = 0; from < bytes.length; ) {
            var end = inputBuffer.limit();
            var length = Math.min(bytes.length - from, inputBuffer.capacity() - end);
            inputBuffer.limit(end + length).put(end, bytes, from, length);
            from += length;
            processInputBuffer();
        }
    }

    /** What messages go through, both ways. */
    Transformation transformation() {
        return getTransformation();
    }

    @Override
    protected boolean isMasked() {
        return true;
    }

    @Override
    protected Log getLog() {
        return LOG;
    }

    @Override
    protected void resumeProcessing() {
        throw new IllegalStateException("resumed without having been suspended");
    }
}
