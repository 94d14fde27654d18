package io.github.postern.ws.server;

import io.github.postern.ws.connection.WebSocket;
import io.github.postern.ws.core.CloseStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Everybody who is there: those in their handshake, and the open connections. Who takes a guest out of the former decides about it: the
 * guest itself, which is then open, or a deadline or the shutdown, which then cuts it off.
 */
final class ConnectionRegistry {
    /** How long the threads of aborted connections have to end. */
    private static final long PARTING_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Set<Guest> handshakes = ConcurrentHashMap.newKeySet();
    private final Map<WebSocket, OpenConnection> open = new ConcurrentHashMap<>();

    /** What connections are told since the server is being shut down; null while it is not. */
    private final AtomicReference<@Nullable CloseStatus> stopping = new AtomicReference<>();

    /** The open connections, as a live view. */
    Set<WebSocket> connections() {
        return Collections.unmodifiableSet(open.keySet());
    }

    /** How many are in their handshake. */
    int handshakes() {
        return handshakes.size();
    }

    /** What connections are told because the server is being shut down; null while it is not. */
    @Nullable
    CloseStatus stopping() {
        return stopping.get();
    }

    /** Adds somebody in their handshake; false if the server is being shut down, and they must go. */
    boolean enter(Guest guest) {
        handshakes.add(guest); // first, so that a shutdown that begins now either sees it or is seen
        return stopping.get() == null || !handshakes.remove(guest);
    }

    /** Counts a connection as open, unless its handshake was cut off. */
    boolean open(Guest guest, OpenConnection opened) {
        open.put(opened.connection(), opened); // first, so that a shutdown finds it in one place at least
        if (handshakes.remove(guest)) {
            return true;
        }
        leave(opened);
        return false;
    }

    /** Takes a guest out of its handshake; false if it was cut off. */
    boolean leave(Guest guest) {
        return handshakes.remove(guest);
    }

    void leave(OpenConnection opened) {
        open.remove(opened.connection());
    }

    /** Cuts off a handshake, unless it has ended meanwhile. */
    private boolean cut(Guest guest) {
        boolean unfinished = handshakes.remove(guest);
        if (unfinished) {
            guest.cut();
        }
        return unfinished;
    }

    /** Cuts off the handshakes, and closes the connections, whose time is over. */
    void sweep(long now) {
        for (var guest : handshakes) {
            if (guest.isOverdue(now)) {
                cut(guest);
            }
        }
        open.forEach((connection, opened) -> {
            if (opened.takeEndOfLife(now)) {
                close(connection, CloseStatus.GOING_AWAY);
            }
        });
    }

    /** Begins a shutdown; false if there was one before. */
    boolean stop(CloseStatus status) {
        return stopping.compareAndSet(null, status);
    }

    /**
     * Cuts off the handshakes, closes every connection, waits, and aborts what is left. After {@link #stop}, once.
     *
     * @param grace not negative; zero aborts at once
     */
    void end(Duration grace, CloseStatus status) {
        long deadline = System.nanoTime() + grace.toNanos();
        var ending = new ArrayList<Thread>();
        for (var guest : handshakes) {
            if (cut(guest)) {
                ending.add(guest.thread());
            }
        }
        if (grace.isPositive()) {
            open.keySet().forEach(connection -> ending.add(close(connection, status)));
        }
        boolean interrupted = !join(threads(), deadline);
        open.values().forEach(OpenConnection::abort);
        ending.addAll(threads());
        if (!join(ending, System.nanoTime() + PARTING_NANOS) || interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static Thread close(WebSocket connection, CloseStatus status) {
        return Thread.ofVirtual().name("postern-close").start(() -> connection.close(status));
    }

    private List<Thread> threads() {
        return open.values().stream().map(OpenConnection::thread).toList();
    }

    /** Waits for threads to end, but never for itself; false if it is interrupted. */
    private static boolean join(Collection<Thread> threads, long deadline) {
        try {
            for (var thread : threads) {
                long left = deadline - System.nanoTime();
                if (left > 0 && thread != Thread.currentThread()) {
                    var unused = thread.join(Duration.ofNanos(left));
                }
            }
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }
}
