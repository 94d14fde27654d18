package io.github.postern.ws.server;

import io.github.postern.ws.connection.WebSocket;

/**
 * Is told about the connections of a server, for statistics and logs. What one connection says and hears is the business of its handler, that the server
 * listens is known when {@link WebSocketServer.Builder#start start} returns, and that it has ended when {@link WebSocketServer#awaitEnd} does.
 *
 * <p>The methods are called on a virtual thread of the connection in question, for several connections at once, and hold it up as long as they take. What
 * they throw is logged.
 */
public interface ServerListener {
    /**
     * A connection has been opened; its handler is called next.
     *
     * @param connection the connection, open
     */
    default void onOpen(WebSocket connection) {}

    /**
     * A connection has ended, and its handler has returned.
     *
     * @param connection the connection, ended; {@link WebSocket#closeInfo} tells how
     */
    default void onClose(WebSocket connection) {}

    /**
     * A socket did not become a WebSocket: its handshake was refused, did not arrive in time, or broke off. A plain request that was answered is no rejection.
     *
     * @param rejection who and why
     */
    default void onReject(Rejection rejection) {}
}
