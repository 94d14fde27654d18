package io.github.postern.samples.compare;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/** What has arrived at all clients of one transport together, and what happened to the first of them. Thread-safe. */
final class Inbox {
    private static final int NEWEST = 8;
    private static final int MOST_EVENTS = 6;

    private final Latencies latencies = new Latencies();
    private final AtomicLong delivered = new AtomicLong();
    private final AtomicLong payload = new AtomicLong();
    private final AtomicLong skipped = new AtomicLong();
    private final AtomicLong disordered = new AtomicLong();

    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<Arrival> newest = new ArrayDeque<>(); // under the lock
    private final Deque<String> events = new ArrayDeque<>(); // under the lock

    /** A message has arrived, for the first time. */
    void deliver(double latency, long bytes) {
        latencies.add(latency);
        payload.addAndGet(bytes);
        delivered.incrementAndGet();
    }

    /** So many messages were passed over, which must not happen. */
    void skip(long messages) {
        skipped.addAndGet(messages);
    }

    /** A message came again or out of order, which must not happen. */
    void disorder() {
        disordered.incrementAndGet();
    }

    /** To be shown to who looks on. */
    void show(Arrival arrival) {
        keep(newest, arrival, NEWEST);
    }

    /** To be told to who looks on, in half a sentence. */
    void tell(String event) {
        keep(events, event, MOST_EVENTS);
    }

    private <T> void keep(Deque<T> all, T one, int most) {
        lock.lock();
        try {
            all.addFirst(one);
            if (all.size() > most) {
                all.removeLast();
            }
        } finally {
            lock.unlock();
        }
    }

    /** The newest first. */
    List<Arrival> newest() {
        return copy(newest);
    }

    /** The newest first. */
    List<String> events() {
        return copy(events);
    }

    private <T> List<T> copy(Deque<T> all) {
        lock.lock();
        try {
            return List.copyOf(all);
        } finally {
            lock.unlock();
        }
    }

    long delivered() {
        return delivered.get();
    }

    long payload() {
        return payload.get();
    }

    long skipped() {
        return skipped.get();
    }

    long disordered() {
        return disordered.get();
    }

    Distribution distribution() {
        return latencies.distribution();
    }
}
