package io.github.postern.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** The connections through a proxy, and what all of them meet: whether they are let in, and whether bytes flow. Safe for any number of threads. */
final class Network {
    private static final long END_SECONDS = 10;

    private final IntSupplier target;
    private final FaultPlan plan;
    private final TrafficCount count;
    private final Set<ProxiedConnection> connections = ConcurrentHashMap.newKeySet();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    /** Guarded by lock. */
    private boolean frozen;

    private volatile boolean refusing;
    private volatile @Nullable Listening listening;

    private record Listening(ServerSocket socket, ExecutorService threads) {}

    /**
     * A network that lets nobody in yet.
     *
     * @param target the port of the server, asked for with every connection
     */
    Network(IntSupplier target, FaultPlan plan, TrafficCount count) {
        this.target = target;
        this.plan = plan;
        this.count = count;
    }

    // the way in

    /** Begins to let clients in. */
    void open(ServerSocket socket) {
        var threads = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("fault-proxy-", 0).factory());
        listening = new Listening(socket, threads);
        threads.execute(() -> accept(socket));
    }

    boolean isOpen() {
        return listening != null;
    }

    int port() {
        return listening().socket().getLocalPort();
    }

    private Listening listening() {
        var current = listening;
        if (current == null) {
            throw new IllegalStateException("the proxy was not started");
        }
        return current;
    }

    private void accept(ServerSocket socket) {
        while (!socket.isClosed()) {
            try {
                var client = socket.accept();
                count.connection();
                if (refusing) {
                    client.setSoLinger(true, 0);
                    client.close();
                } else {
                    var connection = new ProxiedConnection(this, client);
                    connections.add(connection);
                    startOrEnd(connection);
                }
            } catch (SocketException e) {
                // closed, or the client is gone already
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void startOrEnd(ProxiedConnection connection) {
        try {
            connection.start();
        } catch (IllegalStateException | RejectedExecutionException e) {
            connection.end(Ending.RESET); // the proxy is being closed
            connections.remove(connection);
        }
    }

    /** Resets every new connection at once, or no longer. */
    void refuse(boolean value) {
        refusing = value;
    }

    // what connections ask for

    FaultPlan plan() {
        return plan;
    }

    TrafficCount count() {
        return count;
    }

    /** Connects to the server. */
    Socket connect() throws IOException {
        var socket = new Socket(InetAddress.getLoopbackAddress(), target.getAsInt());
        socket.setTcpNoDelay(true);
        return socket;
    }

    void start(Runnable task) {
        listening().threads().execute(task);
    }

    /** Waits while the network is frozen and the connection not closed. */
    void awaitThaw(ProxiedConnection connection) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (frozen && !connection.isClosed()) {
                changed.await();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Lets the threads of a connection that was closed know. */
    void wake() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    void ended(ProxiedConnection connection) {
        connections.remove(connection);
        wake();
    }

    // all of them

    int size() {
        return connections.size();
    }

    void forEach(Consumer<ProxiedConnection> action) {
        connections.forEach(action);
    }

    /** Lets bytes and ends through no more, or again. */
    void freeze(boolean value) {
        lock.lock();
        try {
            frozen = value;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until there are no connections. */
    void awaitNone() {
        long nanos = TimeUnit.SECONDS.toNanos(END_SECONDS);
        lock.lock();
        try {
            while (!connections.isEmpty()) {
                if (nanos <= 0) {
                    throw new IllegalStateException("connections that do not end: " + connections.size());
                }
                nanos = changed.awaitNanos(nanos);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Lets nobody in any more, ends what is under way, and all threads. Does nothing if it is not open.
     *
     * @param clearing done when nobody is let in any more, and before the connections that are left end
     */
    void close(Runnable clearing) {
        var current = listening;
        if (current == null) {
            return;
        }
        listening = null;
        try {
            current.socket().close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        clearing.run();
        forEach(connection -> connection.end(Ending.RESET));
        current.threads().shutdownNow();
        try {
            if (!current.threads().awaitTermination(END_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException("threads of the proxy do not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
