package io.github.postern.ws.connection.testkit;

import io.github.postern.ws.connection.TimeSource;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * A time that stands still until a test {@linkplain #advance advances} it, for {@link ConnectionPair.Builder#clock}. For any thread; may be shared by several pairs.
 *
 * <p>In this time are all timeouts of {@link io.github.postern.ws.connection.ConnectionOptions}, those of {@code receive}, {@code receiveStream} and {@code readTimeout}, the rate of control
 * frames, the second after which somebody else reads for a handler that does not, and the delays of a {@link FaultyTransport}. Not in it: what an application waits for by itself, as
 * {@link Thread#sleep} or a queue with a timeout; the milliseconds after which a reply that was held back is written; events of the flight recorder; TLS.
 *
 * <p><b>Threads.</b> The clock knows those that connections start, the handler's, those of {@link #start}, and every other one from when it first receives or sends on a connection of this time. A
 * thread <em>rests</em> while it waits for anything: bytes, a lock, time, a latch of the test. A virtual thread is known to work from the moment something wakes it; a platform thread that was woken
 * by anything but bytes or this time, only when the operating system has let it run. Not known before they have sent something are the threads of a {@link
 * io.github.postern.ws.connection.Broadcast}: one that a handler has begun may not be through.
 */
public final class ManualClock implements TimeSource {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final ReentrantLock advancing = new ReentrantLock();
    private final KnownThreads threads;
    private final List<LongSupplier> checks = new CopyOnWriteArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();

    /** Guarded by lock. */
    private final Set<Wait> waits = new HashSet<>();

    /** Written under lock. Begins odd, as times are that connections note down: 0 says that there is none. */
    private volatile long now = 1;

    /** A wait of a thread until a point in time. */
    private static final class Wait {
        private final Thread thread = Thread.currentThread();
        private final long deadline;
        private boolean over;

        Wait(long deadline) {
            this.deadline = deadline;
        }
    }

    @FunctionalInterface
    private interface Waiting {
        void run() throws InterruptedException;
    }

    /** A clock that shows some time. */
    public ManualClock() {
        this(PATIENCE);
    }

    /** A clock that waits so long for threads to come to rest. */
    ManualClock(Duration patience) {
        threads = new KnownThreads(patience);
    }

    /**
     * Moves the time on, and has everything happen that is due until then, in its order: the time stops at each deadline on the way. Before the first step and after each,
     *
     * <ol>
     *   <li>all threads that it knows run until they rest, the calling one excepted: what was sent is received and answered, as far as the handlers do that without waiting for something else,
     *       and who waits for a deadline that has come runs on;
     *   <li>every connection of this time is looked at: Pings that are due are sent, connections that are overdue are ended, replies that are held back are written. If that set a thread
     *       to work, the first point follows again.
     * </ol>
     *
     * <p>So when this returns, whatever is due has happened, with what followed from it; and a peer that answers has answered. This holds for threads that the clock knows: a thread that the test
     * itself has started is known for sure if it was by {@link #start}. It does not hold for what a resting thread waits for in the machine's time.
     *
     * <p>May be called by a handler. If several threads advance, one follows the other.
     *
     * @param duration how far, 0 or more; 0 lets happen what is due already
     * @throws IllegalArgumentException if that is negative
     * @throws ArithmeticException if that is more than 292 years
     * @throws IllegalStateException if threads do not come to rest within 10 seconds of the machine's time, because they compute or wait actively; the message names them
     */
    public void advance(Duration duration) {
        if (duration.isNegative()) {
            throw new IllegalArgumentException("duration negative: " + duration);
        }
        advancing.lock();
        try {
            long left = duration.toNanos();
            long next = settle();
            while (left > 0) {
                long step = Math.min(left, next);
                pass(step);
                left -= step;
                next = settle();
            }
        } finally {
            advancing.unlock();
        }
    }

    /** Has everything happen that is due; in how many nanoseconds there is more. */
    private long settle() {
        long patience = threads.patience();
        while (true) {
            threads.awaitRest(patience);
            long uses = threads.uses();
            long next = Math.min(check(), untilNextWait());
            if (next > 0 && threads.areAtRestSince(uses)) {
                return next;
            }
            threads.pause(patience);
        }
    }

    private long check() {
        long next = Long.MAX_VALUE;
        for (var check : List.copyOf(checks)) {
            long until = check.getAsLong();
            if (until < 0) {
                checks.remove(check);
            } else {
                next = Math.min(next, until);
            }
        }
        return next;
    }

    private long untilNextWait() {
        lock.lock();
        try {
            long next = Long.MAX_VALUE;
            for (var wait : waits) {
                if (!wait.over) {
                    next = Math.min(next, wait.deadline - now);
                } else if (wait.thread.isInterrupted()) {
                    return 0; // it has not woken up yet
                }
            }
            return next;
        } finally {
            lock.unlock();
        }
    }

    /** An interrupt ends whatever the JDK waits for, as a timeout does: with nothing taken or lost. */
    private void pass(long nanos) {
        lock.lock();
        try {
            long reached = now + nanos;
            now = reached;
            for (var wait : waits) {
                if (wait.deadline - reached <= 0 && !wait.over && !wait.thread.isInterrupted()) {
                    wait.over = true;
                    wait.thread.interrupt();
                }
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public long nanoTime() {
        if (!advancing.isHeldByCurrentThread()) {
            threads.use();
        }
        return now;
    }

    /** {@inheritDoc} A nanosecond is over at once. */
    @Override
    @SuppressWarnings("WaitNotInLoop") // the loops are the callers'
    public long awaitNanos(Condition condition, long nanos) throws InterruptedException {
        if (nanos <= 1) { // what Transport.read is given to take only what is there
            return condition.awaitNanos(0);
        }
        long deadline = now + nanos;
        var unused = await(deadline, condition::await);
        return deadline - now;
    }

    @Override
    public boolean tryLock(Lock lock, long nanos) throws InterruptedException {
        return nanos <= 1 ? TimeSource.system().tryLock(lock, 0) : await(now + nanos, lock::lockInterruptibly);
    }

    /** False if the deadline came before what was waited for. */
    private boolean await(long deadline, Waiting waiting) throws InterruptedException {
        var wait = begin(deadline);
        InterruptedException interrupt = null;
        boolean over;
        try {
            waiting.run();
        } catch (InterruptedException e) {
            interrupt = e;
        } finally {
            over = end(wait);
        }
        boolean interruptedAgain = over && Thread.interrupted(); // one was the clock's, another one somebody means
        if (interrupt != null && (!over || interruptedAgain)) {
            throw interrupt;
        }
        return interrupt == null;
    }

    private Wait begin(long deadline) {
        threads.use();
        var wait = new Wait(deadline);
        lock.lock();
        try {
            waits.add(wait);
            if (deadline - now <= 0) {
                wait.over = true;
                wait.thread.interrupt();
            }
        } finally {
            lock.unlock();
        }
        return wait;
    }

    /** Whether the clock ended it. */
    private boolean end(Wait wait) {
        lock.lock();
        try {
            waits.remove(wait);
            return wait.over;
        } finally {
            lock.unlock();
        }
    }

    /** {@inheritDoc} Tests may use it as well: what it starts is known to {@link #advance} before it has run. */
    @Override
    public Thread start(String name, Runnable task) {
        var thread = Thread.ofVirtual().name(name).unstarted(task);
        threads.add(thread);
        thread.start();
        return thread;
    }

    /** {@inheritDoc} This is what a connection does when it is opened. */
    @Override
    public void watch(LongSupplier check) {
        checks.add(check);
    }
}
