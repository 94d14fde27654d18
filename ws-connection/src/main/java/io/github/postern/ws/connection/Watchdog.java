package io.github.postern.ws.connection;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One thread that looks after all connections of the process: at intervals it asks each whether one of its deadlines has passed, and
 * it flushes replies that a slow handler left behind. It never blocks on a connection: what takes time is started on a virtual
 * thread. It runs while there are connections, in the machine's time; one that lives in another is looked at when that is moved.
 *
 * <p>A sweep over a set costs far less than a timer per connection, of which each message would have to move several.
 */
final class Watchdog {
    private static final long LONGEST_PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
    private static final long SHORTEST_PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long SHORTEST_PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long LONGEST_PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(8);

    /** After so long without a flush that was asked for, what was learned about handlers is forgotten. */
    private static final long REST_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private static final long LAST_GONE_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** Below the constants, which it needs. */
    static final Watchdog SHARED = new Watchdog();

    private final Set<WebSocketConnection> connections = ConcurrentHashMap.newKeySet();
    private final Queue<WebSocketConnection> flushes = new ConcurrentLinkedQueue<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition wake = lock.newCondition();

    /** Guarded by lock. */
    private @Nullable Thread thread;

    /** Guarded by lock. */
    private long period = LONGEST_PERIOD_NANOS;

    /** Whether the thread sleeps until its next sweep, and so must be woken for a flush. */
    private volatile boolean sleeping;

    /** How long a reply may lie before it is flushed: longer and longer while all handlers come back in time, since each look costs two thread switches. */
    private long patience = SHORTEST_PATIENCE_NANOS;

    /** When replies were looked at last. */
    private long lastFlush = System.nanoTime();

    private final List<WebSocketConnection> lookedAtAgain = new ArrayList<>();

    Watchdog() {}

    /** Looks after a connection, often enough to notice a deadline that is {@code shortestNanos} away in time. */
    void add(WebSocketConnection connection, long shortestNanos) {
        connections.add(connection);
        lock.lock();
        try {
            long wanted = Math.clamp(shortestNanos / 4, SHORTEST_PERIOD_NANOS, LONGEST_PERIOD_NANOS);
            if (wanted < period) {
                period = wanted;
                wake.signal();
            }
            if (thread == null) {
                thread = Thread.ofPlatform().daemon().name("postern-watchdog").start(this::run);
            }
        } finally {
            lock.unlock();
        }
    }

    void remove(WebSocketConnection connection) {
        connections.remove(connection);
    }

    /** Those that are looked after. */
    List<WebSocketConnection> connections() {
        return List.copyOf(connections);
    }

    /** Flushes a connection about a millisecond from now, or up to 16 if no handler has needed that lately. */
    void flushSoon(WebSocketConnection connection) {
        flushes.add(connection);
        if (sleeping) {
            lock.lock();
            try {
                wake.signal();
            } finally {
                lock.unlock();
            }
        }
    }

    private void run() {
        try {
            watch();
        } finally {
            leave();
        }
    }

    /** After a failure the next connection starts another thread. */
    private void leave() {
        lock.lock();
        try {
            if (thread == Thread.currentThread()) {
                thread = null;
            }
        } finally {
            lock.unlock();
        }
    }

    private void watch() {
        long nextSweep = System.nanoTime();
        long lastSeen = nextSweep;
        while (true) {
            long now = System.nanoTime();
            flush(now);
            if (now - nextSweep >= 0) {
                for (var connection : connections) {
                    connection.check(now);
                    lastSeen = now;
                }
                nextSweep = now + period();
            }
            if (now - lastSeen > LAST_GONE_NANOS && endIfUnused()) {
                return;
            }
            sleep(nextSweep - System.nanoTime());
        }
    }

    private void flush(long now) {
        if (flushes.isEmpty()) {
            return;
        }
        if (now - lastFlush > REST_NANOS) {
            patience = SHORTEST_PATIENCE_NANOS;
        }
        LockSupport.parkNanos(patience); // most are flushed by their reader meanwhile
        boolean needed = false;
        for (var connection = flushes.poll(); connection != null; connection = flushes.poll()) {
            switch (connection.flushLeftBehind()) {
                case WRITTEN -> {}
                case NEWER -> lookedAtAgain.add(connection);
                case LEFT_BEHIND -> needed = true;
            }
        }
        flushes.addAll(lookedAtAgain);
        lookedAtAgain.clear();
        patience = needed ? SHORTEST_PATIENCE_NANOS : Math.min(2 * patience, LONGEST_PATIENCE_NANOS);
        lastFlush = System.nanoTime();
    }

    private void sleep(long nanos) {
        lock.lock();
        try {
            sleeping = true;
            long left = nanos;
            while (left > 0 && flushes.isEmpty()) {
                left = Math.min(wake.awaitNanos(left), period);
            }
            sleeping = false;
        } catch (InterruptedException e) {
            // nobody interrupts this thread; if somebody does, the next sweep is early
        } finally {
            lock.unlock();
        }
    }

    /** How long it sleeps between two sweeps, in nanoseconds. */
    long period() {
        lock.lock();
        try {
            return period;
        } finally {
            lock.unlock();
        }
    }

    private boolean endIfUnused() {
        lock.lock();
        try {
            if (!connections.isEmpty()) {
                return false;
            }
            thread = null;
            period = LONGEST_PERIOD_NANOS;
            return true;
        } finally {
            lock.unlock();
        }
    }
}
