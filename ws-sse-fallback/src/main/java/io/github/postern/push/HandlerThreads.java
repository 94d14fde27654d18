package io.github.postern.push;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The threads on which an endpoint's handlers serve sessions, one each. For any thread. */
final class HandlerThreads {
    private final Set<Thread> running = ConcurrentHashMap.newKeySet();

    /** Runs a handler on a virtual thread of its own. */
    void start(String name, Runnable handler) {
        var thread = Thread.ofVirtual().name(name).unstarted(() -> {
            try {
                handler.run();
            } finally {
                running.remove(Thread.currentThread());
            }
        });
        running.add(thread);
        thread.start();
    }

    /**
     * Waits until all have returned, and interrupts those that have not; if the caller is interrupted, at once.
     *
     * @param deadline the latest time, as {@link System#nanoTime} tells it
     */
    void end(long deadline) {
        for (var thread : running) {
            join(thread, deadline - System.nanoTime());
        }
        running.forEach(Thread::interrupt);
    }

    private static void join(Thread thread, long nanos) {
        try {
            // one that has not begun must not be joined; it is interrupted, and finds its session ended
            var unused = nanos > 0 && thread.isAlive() && thread.join(Duration.ofNanos(nanos));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
