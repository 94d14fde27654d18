package io.github.postern.ws.server;

import io.github.postern.ws.connection.WebSocket;
import io.github.postern.ws.core.CloseStatus;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Accepts sockets and gives each a virtual thread, and ends them all. */
final class AcceptLoop {
    private static final System.Logger LOG = System.getLogger(AcceptLoop.class.getName());

    /** How long to wait after a failed accept, which is mostly for want of file descriptors. */
    private static final long RECOVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final ServerSocket listener;
    private final InetSocketAddress address;
    private final @Nullable SSLContext sslContext;
    private final Reception reception;
    private final ServerOptions options;
    private final Admission admission;
    private final Set<WebSocket> connections = ConcurrentHashMap.newKeySet();
    private final Set<Guest> guests = ConcurrentHashMap.newKeySet();

    /** What connections are told since the server is being shut down; null while it is not. */
    private final AtomicReference<@Nullable CloseStatus> stopping = new AtomicReference<>();

    private final CountDownLatch ended = new CountDownLatch(1);

    AcceptLoop(ServerSocket listener, @Nullable SSLContext sslContext, Reception reception, ServerOptions options) {
        this.listener = listener;
        this.address = (InetSocketAddress) listener.getLocalSocketAddress();
        this.sslContext = sslContext;
        this.reception = reception;
        this.options = options;
        this.admission = new Admission(options);
    }

    void start() {
        Thread.ofPlatform().name("postern-accept-" + address.getPort()).start(this::run);
    }

    private void run() {
        while (stopping.get() == null) {
            try {
                admit(listener.accept());
            } catch (IOException e) {
                if (stopping.get() == null) {
                    LOG.log(Level.WARNING, "a connection could not be accepted", e);
                    LockSupport.parkNanos(RECOVERY_NANOS);
                }
            }
        }
    }

    private void admit(Socket socket) {
        var guest = new Guest(socket, this, sslContext, reception, options);
        guests.add(guest); // first, so that a shutdown that begins now either sees it or is seen
        if (stopping.get() == null) {
            Thread.ofVirtual().name("postern-connection").start(guest);
        } else {
            guests.remove(guest);
            guest.abort();
        }
    }

    InetSocketAddress address() {
        return address;
    }

    Admission admission() {
        return admission;
    }

    Set<WebSocket> connections() {
        return connections;
    }

    /** Counts a connection in; what it is to be closed with at once if the server is being shut down, otherwise null. */
    @Nullable
    CloseStatus open(WebSocket connection) {
        connections.add(connection); // first, for the same reason as a guest
        return stopping.get();
    }

    void leave(Guest guest) {
        guests.remove(guest);
    }

    void awaitEnd() throws InterruptedException {
        ended.await();
    }

    void shutdown(Duration grace, CloseStatus status) {
        if (!stopping.compareAndSet(null, status)) {
            return;
        }
        long deadline = System.nanoTime() + grace.toNanos();
        try {
            listener.close();
        } catch (IOException e) {
            LOG.log(
                    Level.DEBUG,
                    "the listening socket could not be closed",
                    e); // its descriptor is released all the same
        }
        if (!grace.isNegative() && !grace.isZero()) {
            connections.forEach(c -> Thread.ofVirtual().start(() -> c.close(status)));
        }
        boolean interrupted = false;
        for (var guest : guests) {
            try {
                guest.awaitEnd(deadline - System.nanoTime());
            } catch (InterruptedException e) {
                interrupted = true;
                break;
            }
        }
        guests.forEach(Guest::abort);
        ended.countDown();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
