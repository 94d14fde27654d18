package io.github.postern.verify.chaos;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** How often what has happened. Safe for any number of threads. */
final class Tally {
    private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();

    void count(String what) {
        add(what, 1);
    }

    void add(String what, long times) {
        counts.computeIfAbsent(what, key -> new LongAdder()).add(times);
    }

    /** The counts until now, by name. */
    Map<String, Long> counts() {
        var result = new TreeMap<String, Long>();
        counts.forEach((what, count) -> result.put(what, count.sum()));
        return result;
    }
}
