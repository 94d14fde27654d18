package io.github.postern.verify.soak;

import java.io.PrintWriter;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;

/** What has been done, and what went wrong. For any thread. */
final class Log {
    /** More would say nothing new. */
    private static final int MOST_FAILURES = 10;

    private final long seed;
    private final PrintWriter out;
    private final Map<Action, LongAdder> done = new ConcurrentHashMap<>();
    private final Queue<Failure> failures = new ConcurrentLinkedQueue<>();

    Log(long seed, PrintWriter out) {
        this.seed = seed;
        this.out = out;
    }

    void done(Action action) {
        done.computeIfAbsent(action, unused -> new LongAdder()).increment();
    }

    void failed(Failure failure) {
        failures.add(failure);
        out.println("FAILED with seed " + seed + ": " + failure);
    }

    /** Whether it makes no sense to go on. */
    boolean isFull() {
        return failures.size() >= MOST_FAILURES;
    }

    List<Failure> failures() {
        return List.copyOf(failures);
    }

    long total() {
        return done.values().stream().mapToLong(LongAdder::sum).sum();
    }

    /** How often each action was done, in the order of their declaration. */
    Map<Action, Long> counts() {
        var counts = new EnumMap<Action, Long>(Action.class);
        done.forEach((action, count) -> counts.put(action, count.sum()));
        return counts;
    }
}
