package io.github.postern.ws.connection;

import java.nio.ByteBuffer;

/** A {@link ConnectionListener} for WebSocket, which also hears of Pongs. */
public interface WebSocketListener extends ConnectionListener<WebSocket> {
    /**
     * A Pong arrived (RFC 6455 §5.5.3) that does not answer a keep-alive ping.
     *
     * @param connection the connection
     * @param payload at most 125 bytes; belongs to the listener. Must not block.
     */
    default void onPong(WebSocket connection, ByteBuffer payload) {}

    @Override
    default void handle(WebSocket connection) throws Exception {
        connection.onPong(payload -> onPong(connection, payload));
        ConnectionListener.super.handle(connection);
    }
}
