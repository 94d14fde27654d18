package io.github.postern.faults;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/** A fault that was set: tells how often it has struck, and waits for that. Safe for any number of threads. */
public final class Injection {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Fault fault;
    private final Predicate<? super Request> match;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private long left;
    private long struck;

    /** A fault for so many requests. */
    Injection(Fault fault, Predicate<? super Request> match, long times) {
        this.fault = fault;
        this.match = match;
        this.left = times;
    }

    Fault fault() {
        return fault;
    }

    /** Whether the fault is meant for such a request; then it is one less. */
    boolean take(Request request) {
        if (!fault.concerns(request) || !match.test(request)) {
            return false;
        }
        lock.lock();
        try {
            if (left == 0) {
                return false;
            }
            left--;
            return true;
        } finally {
            lock.unlock();
        }
    }

    boolean isUsedUp() {
        lock.lock();
        try {
            return left == 0;
        } finally {
            lock.unlock();
        }
    }

    void strike() {
        lock.lock();
        try {
            struck++;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** {@return how often the fault has struck so far} */
    public long struck() {
        lock.lock();
        try {
            return struck;
        } finally {
            lock.unlock();
        }
    }

    /** Lets the fault strike no further request; those that it has begun with go on as it wants. */
    public void clear() {
        lock.lock();
        try {
            left = 0;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until the fault has struck, at most 10 s.
     *
     * @throws TimeoutException if it has not
     * @throws InterruptedException if the thread is interrupted meanwhile
     */
    public void await() throws InterruptedException, TimeoutException {
        await(1, PATIENCE);
    }

    /**
     * Waits until the fault has struck so often, from the time it was set.
     *
     * @param times how often
     * @param patience how long to wait at most
     * @throws TimeoutException if it has not within the time
     * @throws InterruptedException if the thread is interrupted meanwhile
     */
    public void await(long times, Duration patience) throws InterruptedException, TimeoutException {
        long nanos = TimeUnit.NANOSECONDS.convert(patience);
        lock.lock();
        try {
            while (struck < times) {
                if (nanos <= 0) {
                    throw new TimeoutException(fault + " has struck " + struck + " times, not " + times);
                }
                nanos = changed.awaitNanos(nanos);
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public String toString() {
        return "Injection[" + fault + ", struck " + struck() + "]";
    }
}
