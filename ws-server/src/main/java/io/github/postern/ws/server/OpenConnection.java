package io.github.postern.ws.server;

import io.github.postern.ws.connection.ConnectionHandler;
import io.github.postern.ws.connection.WebSocket;
import io.github.postern.ws.connection.WebSocketConnection;
import java.net.InetAddress;

/**
 * A connection behind its handshake, and its handler, on a virtual thread of its own. That is another thread than the handshake's, because a thread that once
 * waited deep in its stack keeps room for that, and what the JDK's cryptography left in its thread locals, for as long as it lives: about a kilobyte.
 */
final class OpenConnection implements Runnable {
    private final ServerContext server;
    private final InetAddress address;
    private final ConnectionHandler<? super WebSocket> handler;
    private final WebSocketConnection connection;

    /** What serves the connection; until that has started, the handshake's thread, which starts it. */
    private volatile Thread thread = Thread.currentThread();

    /** The end of its lifetime. */
    private volatile long deadline;

    OpenConnection(
            ServerContext server,
            InetAddress address,
            ConnectionHandler<? super WebSocket> handler,
            WebSocketConnection connection) {
        this.server = server;
        this.address = address;
        this.handler = handler;
        this.connection = connection;
        this.deadline = Deadline.ofLifetime(server.options().maxLifetime());
    }

    void start() {
        thread = Thread.ofVirtual().name("postern-connection").start(this);
    }

    @Override
    public void run() {
        server.events().opened(connection);
        try {
            var stopping = server.registry().stopping(); // then the shutdown may have looked for this thread already
            if (stopping == null) {
                handler.serve(connection);
            } else {
                connection.close(stopping);
            }
        } finally {
            connection.abort(); // which has ended, unless a handler's own serve() left it open
            server.registry().leave(this);
            server.events().closed(connection);
            server.admission().leave(address);
        }
    }

    WebSocketConnection connection() {
        return connection;
    }

    Thread thread() {
        return thread;
    }

    /** Whether its lifetime is over; true once. */
    boolean takeEndOfLife(long now) {
        boolean over = Deadline.hasPassed(deadline, now);
        if (over) {
            deadline = Deadline.NONE;
        }
        return over;
    }

    /** Ends the connection and interrupts its handler, unless that is the caller. */
    void abort() {
        connection.abort();
        var running = thread;
        if (running != Thread.currentThread()) {
            running.interrupt();
        }
    }
}
