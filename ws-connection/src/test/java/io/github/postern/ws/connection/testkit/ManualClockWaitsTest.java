package io.github.postern.ws.connection.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Waits that the clock ends, and what else may end them. */
@Timeout(30)
class ManualClockWaitsTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration MILLI = Duration.ofMillis(1);

    private final ManualClock clock = new ManualClock();

    private <T> FutureTask<T> start(Callable<T> work) {
        var task = new FutureTask<>(work);
        clock.start("test", task);
        return task;
    }

    @Test
    void a_lock_is_waited_for_in_its_time_and_in_turn() throws Exception {
        var lock = new ReentrantLock(true);
        var release = new CountDownLatch(1);
        var holder = start(() -> {
            lock.lock();
            try {
                release.await();
                return true;
            } finally {
                lock.unlock();
            }
        });
        clock.advance(Duration.ZERO);
        var first = start(() -> clock.tryLock(lock, SECOND.toNanos()));
        clock.advance(MILLI);
        var second = start(() -> clock.tryLock(lock, SECOND.toNanos()));
        clock.advance(SECOND.minus(MILLI));
        assertTrue(first.isDone());
        assertFalse(first.get());
        assertFalse(second.isDone());
        assertFalse(start(() -> clock.tryLock(lock, 0)).get());
        release.countDown();
        assertTrue(holder.get());
        assertTrue(second.get());
        clock.advance(SECOND); // which no longer concerns those
    }

    @Test
    void the_end_of_a_wait_leaves_no_interrupt_and_an_interrupt_is_not_taken_for_it() throws Exception {
        var lock = new ReentrantLock();
        var condition = lock.newCondition();
        var thread = new Thread[1];
        var waiting = start(() -> {
            thread[0] = Thread.currentThread();
            lock.lock();
            try {
                assertEquals(0, clock.awaitNanos(condition, SECOND.toNanos()));
                assertFalse(Thread.currentThread().isInterrupted());
                return assertThrows(InterruptedException.class, () -> clock.awaitNanos(condition, SECOND.toNanos()));
            } finally {
                lock.unlock();
            }
        });
        clock.advance(SECOND);
        thread[0].interrupt();
        clock.advance(SECOND);
        assertTrue(waiting.isDone());
        assertInstanceOf(InterruptedException.class, waiting.get());
    }

    @Test
    void an_interrupt_that_meets_the_end_of_a_wait_is_an_interrupt_and_a_signal_that_does_is_none() throws Exception {
        var lock = new ReentrantLock();
        var condition = lock.newCondition();
        var thread = new Thread[1];
        var waiting = start(() -> {
            thread[0] = Thread.currentThread();
            lock.lock();
            try {
                clock.awaitNanos(condition, SECOND.toNanos());
                assertFalse(Thread.currentThread().isInterrupted());
                return assertThrows(InterruptedException.class, () -> clock.awaitNanos(condition, SECOND.toNanos()));
            } finally {
                lock.unlock();
            }
        });
        clock.advance(Duration.ZERO);
        lock.lock(); // who waits cannot leave until this is given up
        try {
            condition.signal();
            clock.advance(SECOND);
        } finally {
            lock.unlock();
        }
        clock.advance(Duration.ZERO);
        assertFalse(waiting.isDone());
        lock.lock();
        try {
            clock.advance(SECOND);
            thread[0].interrupt();
        } finally {
            lock.unlock();
        }
        assertInstanceOf(InterruptedException.class, waiting.get());
    }
}
