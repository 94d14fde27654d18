package io.github.postern.ws.connection;

import io.github.postern.ws.core.CloseStatus;
import java.io.IOException;
import java.lang.System.Logger.Level;

/**
 * What an application does with a connection, as plain blocking code. One written against {@link Connection} runs
 * unchanged over every transport.
 *
 * @param <C> the kind of connection it needs
 */
@FunctionalInterface
public interface ConnectionHandler<C extends Connection> {
    /**
     * Handles one connection from its opening to its end, on a virtual thread of its own.
     *
     * @param connection the connection, open
     * @throws Exception if handling fails. A {@link ConnectionClosedException} is not a failure: it is how
     *     {@link Connection#receive} ends a loop.
     */
    void handle(C connection) throws Exception;

    /**
     * Handles a connection on this thread and then closes it: with 1000 if {@link #handle} returns or throws a {@link ConnectionClosedException}, with 1001
     * if it throws an {@link InterruptedException}, after which the interrupt status is set, with 1011 if it throws anything else. That is logged and never
     * told to the peer; a {@link VirtualMachineError} is then thrown on. Blocks as long as the handler does, and then as long as
     * {@link Connection#close(CloseStatus)}.
     *
     * @param connection the connection, open
     */
    default void serve(C connection) {
        try {
            handle(connection);
            connection.close(CloseStatus.NORMAL);
        } catch (ConnectionClosedException e) {
            connection.close(CloseStatus.NORMAL); // waits for an end that is under way
        } catch (InterruptedException e) {
            connection.close(CloseStatus.GOING_AWAY);
            Thread.currentThread().interrupt();
        } catch (Exception | Error e) {
            var lost = e instanceof IOException && connection.readyState() == ReadyState.CLOSED;
            System.getLogger(ConnectionHandler.class.getName())
                    .log(lost ? Level.DEBUG : Level.ERROR, "the handler of a connection failed", e);
            connection.close(CloseStatus.INTERNAL_ERROR);
            if (e instanceof VirtualMachineError fatal) {
                throw fatal;
            }
        }
    }
}
