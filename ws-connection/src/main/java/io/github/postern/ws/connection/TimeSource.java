package io.github.postern.ws.connection;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.function.LongSupplier;

/**
 * The time that a connection lives in: what its deadlines are measured by, and what its threads wait with. For integrators; connections live in {@link #system} time unless told
 * otherwise, and {@link io.github.postern.ws.connection.testkit.ManualClock} is a time that tests turn. All methods are for any thread.
 */
public interface TimeSource {
    /** {@return the time of the machine, {@link System#nanoTime}} */
    static TimeSource system() {
        return SystemTime.INSTANCE;
    }

    /** {@return now, in nanoseconds from an origin of its own, as {@link System#nanoTime}: only differences mean something} Never blocks. */
    long nanoTime();

    /**
     * Waits as {@link Condition#awaitNanos} does, in this time. The caller holds the condition's lock.
     *
     * @param condition the condition to wait for
     * @param nanos how long at most; 0 or less gives others the lock and no more
     * @return how much of that is left, in nanoseconds; 0 or less if it has passed
     * @throws InterruptedException if the thread is interrupted by somebody else than this
     */
    long awaitNanos(Condition condition, long nanos) throws InterruptedException;

    /**
     * Takes a lock as {@link Lock#tryLock(long, java.util.concurrent.TimeUnit)} does, waiting in this time.
     *
     * @param lock the lock to take
     * @param nanos how long to wait at most; with 0 or less it is taken only if it is free
     * @return whether it was taken
     * @throws InterruptedException if the thread is interrupted by somebody else than this; the lock was not taken
     */
    boolean tryLock(Lock lock, long nanos) throws InterruptedException;

    /**
     * Starts what a connection needs a thread for.
     *
     * @param name of the thread
     * @param task what it does; not to throw
     * @return a virtual thread, started
     */
    Thread start(String name, Runnable task);

    /**
     * Has a connection, or what carries it, looked at whenever this time is moved by hand. By default there is nobody who could: a time that passes by itself is watched by one thread for all
     * connections, if it is {@link #system}.
     *
     * @param check does what is due, without blocking; returns in how many nanoseconds there will be more to do, if nothing happens until then, or {@link Long#MAX_VALUE} if there will
     *     not; 0 while a thread has not begun what it was woken for; negative if all has ended, and it is not to be called any more
     */
    default void watch(LongSupplier check) {}
}
