package io.github.postern.benchmarks;

import jakarta.websocket.SendHandler;
import jakarta.websocket.SendResult;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.tomcat.websocket.Transformation;
import org.apache.tomcat.websocket.WsRemoteEndpointImplBase;

/** Tomcat's sending side, whose socket is a buffer. */
final class TomcatRemote extends WsRemoteEndpointImplBase {
    private final ReentrantLock lock = new ReentrantLock();
    private final boolean client;
    private final ByteBuffer socket;

    TomcatRemote(boolean client, ByteBuffer socket) {
        this.client = client;
        this.socket = socket;
    }

    /** What a message goes through before it is written; has to be called before the first. */
    void pass(Transformation transformation) {
        setTransformation(transformation);
    }

    @Override
    protected void doWrite(SendHandler handler, boolean blocking, long timeoutExpiry, ByteBuffer... buffers) {
        for (var buffer : buffers) {
            socket.put(buffer);
        }
        handler.onResult(new SendResult(getSession()));
    }

    @Override
    protected boolean isMasked() {
        return client;
    }

    @Override
    protected void doClose() {}

    @Override
    protected ReentrantLock getLock() {
        return lock;
    }
}
