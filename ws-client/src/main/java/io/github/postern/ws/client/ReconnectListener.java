package io.github.postern.ws.client;

import io.github.postern.ws.connection.CloseInfo;
import io.github.postern.ws.connection.WebSocket;
import java.io.IOException;
import java.time.Duration;

/**
 * Hears what a {@link ReconnectingWebSocket} does. Its calls come one after the other, on the thread of the
 * reconnecting WebSocket, which waits for them. What they throw is logged and changes nothing.
 *
 * <p>Each attempt is an {@link #onConnecting}, followed by {@link #onOpen} and {@link #onClose}, or by
 * {@link #onFailure}, or by nothing if it was closed meanwhile. Then comes {@link #onDelay} and the next attempt, or {@link #onGiveUp}, or
 * nothing if it was closed or the handler's thread was interrupted.
 */
public interface ReconnectListener {
    /**
     * An attempt begins.
     *
     * @param retries how many delays there have been since the start, or since a connection that lasted: 0 for the
     *     first attempt
     */
    default void onConnecting(int retries) {}

    /**
     * A connection is open; its handler is called next.
     *
     * @param connection the connection
     */
    default void onOpen(WebSocket connection) {}

    /**
     * The connection has ended and its handler has returned.
     *
     * @param end how it ended
     */
    default void onClose(CloseInfo end) {}

    /**
     * An attempt came to nothing.
     *
     * @param why what {@link WebSocketClient#connect(java.net.URI)} threw; a {@link RuntimeException} is the cause of an IOException
     */
    default void onFailure(IOException why) {}

    /**
     * There will be another attempt, after this time.
     *
     * @param delay how long it waits
     */
    default void onDelay(Duration delay) {}

    /**
     * There will be no other attempt: the failure, or the end of the connection, is not to be retried.
     *
     * @param why what went wrong last; a {@link io.github.postern.ws.connection.ConnectionClosedException} if a
     *     connection was open
     */
    default void onGiveUp(IOException why) {}
}
