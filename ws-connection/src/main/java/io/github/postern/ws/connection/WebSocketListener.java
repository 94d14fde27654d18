package io.github.postern.ws.connection;

import java.nio.ByteBuffer;

/** A {@link ConnectionListener} for WebSocket, which also hears of Pongs. */
public interface WebSocketListener extends ConnectionListener<WebSocket> {
    /**
     * A Pong arrived (RFC 6455 §5.5.3) that does not answer a keep-alive ping. Called on the thread that reads, and must not block: while another method of
     * the listener is at work for more than about a second, that is a thread besides it.
     *
     * <p>What it throws fails the connection with 1011 and goes to {@link #onError}, as with the other methods. The listener may still be given what arrives until
     * the peer has answered the Close.
     *
     * @param connection the connection
     * @param payload at most 125 bytes; belongs to the listener
     */
    default void onPong(WebSocket connection, ByteBuffer payload) {}

    @Override
    default void handle(WebSocket connection) throws Exception {
        var pongs = new PongListening(connection, this);
        connection.onPong(pongs);
        try {
            ConnectionListener.super.handle(connection);
        } catch (ConnectionClosedException e) {
            pongs.throwFailure();
            throw e;
        } finally {
            pongs.leave();
        }
    }
}
