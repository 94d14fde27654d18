package io.github.postern.ws.connection.testkit;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** The threads that live in the time of a clock, and whether they rest. */
final class KnownThreads {
    private static final long PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(20);

    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
    private final AtomicLong uses = new AtomicLong();
    private final long patienceNanos;

    /** Waits for rest so long, by the machine's time. */
    KnownThreads(Duration patience) {
        patienceNanos = patience.toNanos();
    }

    void add(Thread thread) {
        threads.add(thread);
        uses.incrementAndGet();
    }

    /** The calling thread lives in it. */
    void use() {
        add(Thread.currentThread());
    }

    /** How often they were seen at work. */
    long uses() {
        return uses.get();
    }

    /** Until when somebody who begins now waits for rest, by the machine's time. */
    long patience() {
        return System.nanoTime() + patienceNanos;
    }

    /** Waits until all but the calling thread rest. */
    void awaitRest(long patience) {
        while (!areAtRestSince(uses())) {
            pause(patience);
        }
    }

    /**
     * Lets others work for a moment.
     *
     * @throws IllegalStateException if the patience is over
     */
    void pause(long patience) {
        if (System.nanoTime() - patience > 0) {
            throw new IllegalStateException("threads that do not come to rest: " + atWork());
        }
        LockSupport.parkNanos(PAUSE_NANOS); // nobody says when a thread begins to wait
    }

    /** Whether all but the calling thread rest, and none was at work meanwhile. Looked at twice: one may have woken another that was looked at before it. */
    boolean areAtRestSince(long before) {
        var first = atWork();
        var second = atWork();
        return first.isEmpty() && second.isEmpty() && uses() == before;
    }

    private List<Thread> atWork() {
        threads.removeIf(thread -> thread.getState() == Thread.State.TERMINATED);
        return threads.stream()
                .filter(thread -> thread != Thread.currentThread() && isAtWork(thread))
                .toList();
    }

    private static boolean isAtWork(Thread thread) {
        return switch (thread.getState()) {
            case NEW, RUNNABLE -> true;
            case BLOCKED, WAITING, TIMED_WAITING, TERMINATED -> false;
        };
    }
}
