package io.github.postern.push;

import java.util.concurrent.atomic.AtomicLong;

/** How many bytes the sessions of one endpoint may keep for replay in all (PROTOCOL.md §11). For any thread; never blocks. */
final class ReplayBudget {
    private final long limit;
    private final AtomicLong used = new AtomicLong();

    ReplayBudget(long limit) {
        this.limit = limit;
    }

    /** A budget that is never used up. */
    static ReplayBudget unlimited() {
        return new ReplayBudget(Long.MAX_VALUE);
    }

    /** Takes so many bytes, or none of them if there are not so many left. */
    boolean tryTake(long bytes) {
        while (true) {
            long before = used.get();
            if (bytes > limit - before) {
                return false;
            }
            if (used.compareAndSet(before, before + bytes)) {
                return true;
            }
        }
    }

    /** Whether so many bytes are left at the moment. */
    boolean has(long bytes) {
        return bytes <= limit - used.get();
    }

    /** Gives back what was taken. */
    void release(long bytes) {
        used.addAndGet(-bytes);
    }

    /** How many bytes are taken. */
    long used() {
        return used.get();
    }
}
