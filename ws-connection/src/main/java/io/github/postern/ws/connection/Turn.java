package io.github.postern.ws.connection;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Whose turn it is to send. One thread has it at a time, in the order in which they came. While a message is sent in parts,
 * its sender has the turn for each of them, control frames may come in between, and other messages wait for its end (RFC 6455 §5.4).
 */
final class Turn {
    private final ReentrantLock lock = new ReentrantLock(true);

    /** Who is sending a message in parts; null if nobody is. Guarded by lock. */
    private @Nullable Object streaming;

    /** Signalled when that message ends; null until somebody waits for it. Guarded by lock. */
    private @Nullable Condition streamed;

    /** Takes the turn for a control frame or to flush, if nobody has it. */
    boolean tryTake() {
        return lock.tryLock();
    }

    /**
     * Takes the turn for a control frame.
     *
     * @throws SocketTimeoutException if others had it for so long
     * @throws InterruptedIOException if the thread is interrupted before it gets it; its interrupt status is set
     */
    void take(TimeSource time, long timeoutNanos) throws IOException {
        try {
            if (!time.tryLock(lock, timeoutNanos)) {
                throw keptWaiting(timeoutNanos);
            }
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    /**
     * Takes the turn for a message, waiting for it.
     *
     * @param sender who sends it in parts; null if it goes as a whole
     * @throws SocketTimeoutException as {@link #take}
     * @throws InterruptedIOException as {@link #take}
     */
    void takeForMessage(@Nullable Object sender, TimeSource time, long timeoutNanos) throws IOException {
        long deadline = time.nanoTime() + timeoutNanos;
        take(time, timeoutNanos);
        try {
            while (isOthers(sender)) {
                if (time.awaitNanos(streamed(), deadline - time.nanoTime()) <= 0) {
                    throw keptWaiting(timeoutNanos);
                }
            }
        } catch (InterruptedException e) {
            lock.unlock();
            throw interrupted();
        } catch (SocketTimeoutException e) {
            lock.unlock();
            throw e;
        }
    }

    /** Takes the turn for a message if nobody has it, wants it or is sending in parts: the usual case, which needs no clock. */
    boolean tryTakeForMessage(@Nullable Object sender) {
        if (lock.hasQueuedThreads() || Thread.currentThread().isInterrupted() || !lock.tryLock()) {
            return false;
        }
        if (isOthers(sender)) {
            lock.unlock();
            return false;
        }
        return true;
    }

    /** Takes the turn for messages as a whole, however long that takes. */
    void takeForMessages() {
        lock.lock();
        while (isOthers(null)) {
            streamed().awaitUninterruptibly();
        }
    }

    void leave() {
        lock.unlock();
    }

    /** Having the turn: whether a message is being sent in parts. */
    boolean inMessage() {
        return streaming != null;
    }

    /** Having the turn: no message but this sender's may be sent from now on. */
    void beginMessage(Object sender) {
        streaming = sender;
    }

    /** Having the turn: other messages may be sent again. */
    void endMessage() {
        streaming = null;
        if (streamed != null) {
            streamed.signalAll();
        }
    }

    private boolean isOthers(@Nullable Object sender) {
        return streaming != null && streaming != sender;
    }

    private Condition streamed() {
        if (streamed == null) {
            streamed = lock.newCondition();
        }
        return streamed;
    }

    private static SocketTimeoutException keptWaiting(long nanos) {
        return new SocketTimeoutException("other senders kept this one waiting for "
                + TimeUnit.NANOSECONDS.toMillis(nanos) + " ms: nothing was sent");
    }

    private static InterruptedIOException interrupted() {
        Thread.currentThread().interrupt();
        return new InterruptedIOException("interrupted while waiting for other senders: nothing was sent");
    }
}
