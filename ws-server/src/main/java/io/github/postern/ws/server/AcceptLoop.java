package io.github.postern.ws.server;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Accepts the sockets of one address. Whatever goes wrong, it goes on until it is closed. */
final class AcceptLoop implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(AcceptLoop.class.getName());

    /** How long to wait after a failed accept, which is mostly for want of descriptors: doubled with each one in a row. */
    private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private static final long LONGEST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final ServerSocket listener;
    private final InetSocketAddress address;
    private final Consumer<Socket> visitors;
    private final Thread thread;
    private volatile boolean closed;

    /**
     * A loop over a bound socket, not yet started.
     *
     * @param visitors gets every socket that was accepted, on the loop's thread; must not block
     */
    AcceptLoop(ServerSocket listener, Consumer<Socket> visitors) {
        this.listener = listener;
        this.address = (InetSocketAddress) listener.getLocalSocketAddress();
        this.visitors = visitors;
        this.thread =
                Thread.ofPlatform().name("postern-accept-" + address.getPort()).unstarted(this::run);
    }

    /**
     * A loop over an address of this machine, bound and not yet started.
     *
     * @throws IOException if it cannot be bound; the message names it
     */
    static AcceptLoop bind(InetSocketAddress address, int backlog, Consumer<Socket> visitors) throws IOException {
        var socket = new ServerSocket();
        try {
            socket.setReuseAddress(true);
            socket.bind(address, backlog);
        } catch (IOException e) {
            socket.close();
            throw new IOException("cannot listen on " + address + ": " + e.getMessage(), e);
        }
        return new AcceptLoop(socket, visitors);
    }

    void start() {
        thread.start();
    }

    private void run() {
        int failures = 0;
        while (!closed) {
            var failure = acceptOne();
            if (failure == null) {
                failures = 0;
            } else if (!closed) {
                // once in a row: a machine without descriptors has no need of a full disk as well
                LOG.log(failures == 0 ? Level.WARNING : Level.DEBUG, "a connection could not be accepted", failure);
                LockSupport.parkNanos(
                        Math.min(FIRST_PAUSE_NANOS << Math.min(failures, 10), LONGEST_PAUSE_NANOS)); // close() unparks
                failures++;
            }
        }
    }

    /** What went wrong, or null. Errors too: to go on is worth a try, and without this thread nobody gets in any more. */
    private @Nullable Throwable acceptOne() {
        Socket socket = null;
        try {
            socket = listener.accept();
            visitors.accept(socket);
            return null;
        } catch (IOException | RuntimeException | Error e) {
            Guest.close(socket);
            return e;
        }
    }

    InetSocketAddress address() {
        return address;
    }

    /** Stops listening, and waits for the thread to end. */
    @Override
    public void close() {
        closed = true;
        try {
            listener.close();
        } catch (IOException e) {
            LOG.log(
                    Level.DEBUG,
                    "a listening socket could not be closed",
                    e); // its descriptor is released all the same
        }
        LockSupport.unpark(thread);
        try {
            var unused = thread.getState() == Thread.State.NEW || thread.join(PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
