package io.github.postern.ws.connection;

import io.github.postern.ws.core.CloseStatus;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Gives Pongs to a listener. The thread that brings them need not be the listener's, so what the listener throws is kept for that one, and the connection closed,
 * by which it learns of it. Safe for any number of threads.
 */
final class PongListening implements Consumer<ByteBuffer> {
    private final WebSocket connection;
    private final WebSocketListener listener;
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private volatile boolean left;

    PongListening(WebSocket connection, WebSocketListener listener) {
        this.connection = connection;
        this.listener = listener;
    }

    @Override
    public void accept(ByteBuffer payload) {
        try {
            listener.onPong(connection, payload);
        } catch (RuntimeException | Error e) {
            if (left || !failure.compareAndSet(null, e)) {
                throw e; // the listener is being told of something else, or was
            }
            // a thread of its own, for this one must go on to read the peer's answer
            time().start("postern-close", () -> connection.close(CloseStatus.INTERNAL_ERROR));
        }
    }

    private TimeSource time() {
        return connection instanceof WebSocketConnection own ? own.time() : TimeSource.system();
    }

    /** The listener's thread receives no more. */
    void leave() {
        left = true;
    }

    /** Throws what the listener threw, if it did. */
    void throwFailure() {
        switch (failure.get()) {
            case null -> {}
            case Error e -> throw e;
            case RuntimeException e -> throw e;
            default -> throw new AssertionError(failure);
        }
    }
}
