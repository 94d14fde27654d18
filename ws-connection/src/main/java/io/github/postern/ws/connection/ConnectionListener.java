package io.github.postern.ws.connection;

import java.nio.ByteBuffer;

/**
 * The listener style over the same engine: each method is called on the connection's own virtual thread, one at a time.
 * A slow listener is backpressure, not a fault. Give a listener wherever a {@link ConnectionHandler} is wanted.
 *
 * <p>{@link #onClose} is called exactly once, as the last call; {@link #onError} before it if a method of the listener
 * threw, the network failed, or the peer was failed over something it did.
 *
 * @param <C> the kind of connection it needs
 */
public interface ConnectionListener<C extends Connection> extends ConnectionHandler<C> {
    /**
     * The connection is open.
     *
     * @param connection the connection
     * @throws Exception to fail the connection with 1011
     */
    default void onOpen(C connection) throws Exception {}

    /**
     * A text message arrived.
     *
     * @param connection the connection
     * @param text the message
     * @throws Exception to fail the connection with 1011
     */
    default void onText(C connection, String text) throws Exception {}

    /**
     * A binary message arrived.
     *
     * @param connection the connection
     * @param data the message; belongs to the listener
     * @throws Exception to fail the connection with 1011
     */
    default void onBinary(C connection, ByteBuffer data) throws Exception {}

    /**
     * A method of this listener threw, the network failed, or the peer was failed over something it did.
     *
     * @param connection the connection, ended or about to end
     * @param error what happened
     */
    default void onError(C connection, Throwable error) {}

    /**
     * The connection has ended.
     *
     * @param connection the connection
     * @param info how it ended
     */
    default void onClose(C connection, CloseInfo info) {}

    /** Calls {@link #onOpen}, then receives and dispatches until the connection ends. */
    @Override
    default void handle(C connection) throws Exception {
        onOpen(connection);
        while (true) {
            switch (connection.receive()) {
                case Message.Text text -> onText(connection, text.text());
                case Message.Binary binary -> onBinary(connection, binary.data());
            }
        }
    }

    /** Handles the connection as {@link ConnectionHandler#serve} does, and tells the listener about errors and the end. */
    @Override
    default void serve(C connection) {
        ConnectionHandler<C> reporting = c -> {
            try {
                handle(c);
            } catch (ConnectionClosedException e) {
                e.closeInfo().failure().ifPresent(cause -> onError(c, cause));
                throw e;
            } catch (InterruptedException e) {
                throw e;
            } catch (Exception | Error e) {
                onError(c, e);
                throw e;
            }
        };
        reporting.serve(connection);
        connection.closeInfo().ifPresent(info -> onClose(connection, info));
    }
}
