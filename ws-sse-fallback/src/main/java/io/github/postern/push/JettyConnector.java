package io.github.postern.push;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/**
 * Leaves no connection open when it stops. Jetty forgets one that it is just accepting: it would stay open and unread for as long as the process lives, and its
 * client, or a proxy that could ask another server, would wait.
 */
final class JettyConnector extends ServerConnector {
    private static final System.Logger LOG = System.getLogger(JettyConnector.class.getName());

    private final ReentrantLock lock = new ReentrantLock();

    /** What was accepted and is in use, or was until lately. Under the lock. */
    private final Set<SocketChannel> accepted = Collections.newSetFromMap(new WeakHashMap<>());

    /** Under the lock. */
    private boolean stopped;

    JettyConnector(Server server, ConnectionFactory... protocols) {
        super(server, protocols);
    }

    /** Called for each connection, between its acceptance and all else. */
    @Override
    protected void configure(Socket socket) {
        super.configure(socket);
        var channel = socket.getChannel();
        if (!register(channel)) {
            close(channel);
        }
    }

    private boolean register(SocketChannel channel) {
        lock.lock();
        try {
            return !stopped && accepted.add(channel);
        } finally {
            lock.unlock();
        }
    }

    @Override
    protected void doStop() throws Exception {
        try {
            super.doStop();
        } finally {
            takeAll().forEach(JettyConnector::close);
        }
    }

    private List<SocketChannel> takeAll() {
        lock.lock();
        try {
            stopped = true;
            var all = List.copyOf(accepted);
            accepted.clear();
            return all;
        } finally {
            lock.unlock();
        }
    }

    private static void close(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "a connection could not be closed", e);
        }
    }
}
