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

/** Everybody who is there: those in their handshake, each until its thread is done, and the open connections. */
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

    void leave(Guest guest) {
        handshakes.remove(guest);
    }

    void enter(OpenConnection opened) {
        open.put(opened.connection(), opened);
    }

    void leave(OpenConnection opened) {
        open.remove(opened.connection());
    }

    /** Cuts off the handshakes, and closes the connections, whose time is over. */
    void sweep(long now) {
        for (var guest : handshakes) {
            if (guest.isOverdue(now)) {
                guest.cut();
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
     * Cuts off the handshakes but those that are accepted, closes every connection, waits, and cuts off and aborts what is left. After {@link #stop}, once.
     *
     * @param grace not negative; zero aborts at once
     */
    void end(Duration grace, CloseStatus status) {
        long deadline = System.nanoTime() + grace.toNanos();
        var opening = new ArrayList<Thread>();
        var ending = new ArrayList<Thread>();
        for (var guest : handshakes) {
            (guest.cutUnlessAccepted() ? opening : ending).add(guest.thread());
        }
        if (grace.isPositive()) {
            open.keySet().forEach(connection -> ending.add(close(connection, status)));
        }
        // whoever opens from now on finds the server stopping, and closes by itself
        boolean interrupted = !(join(opening, deadline) && join(threads(), deadline));
        handshakes.forEach(Guest::cut);
        open.values().forEach(OpenConnection::abort);
        ending.addAll(opening);
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

    /** Waits for threads to end, but never for itself, nor for one that did not begin; false if it is interrupted. */
    private static boolean join(Collection<Thread> threads, long deadline) {
        try {
            for (var thread : threads) {
                long left = deadline - System.nanoTime();
                if (left > 0 && thread != Thread.currentThread() && thread.getState() != Thread.State.NEW) {
                    var unused = thread.join(Duration.ofNanos(left));
                }
            }
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }
}
