package io.github.postern.ws.connection;

import io.github.postern.ws.core.PreparedMessage;
import java.io.IOException;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One message to many connections, of which none delays another.
 *
 * <p>A worker goes from connection to connection and writes to each at once, so that nobody has to be woken for that. If the peer of one
 * does not take it, that worker waits there, another one goes on, and further messages for that connection wait in its own queue.
 */
public final class Broadcast {
    /** How long nothing may get ahead before there is another worker. Real time, for it measures whether the machine gets ahead. */
    private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private static final int MOST_WORKERS = 512;

    private final PreparedMessage message;
    private final SlowConsumer policy;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition done = lock.newCondition();

    /** Guarded by lock, as all that follows. */
    private final Iterator<? extends WebSocket> receivers;

    private int sent;
    private int dropped;
    private int closed;
    private int workers;
    private boolean over;

    /** A {@link RuntimeException} or an {@link Error}; null if all went well. */
    private @Nullable Throwable failure;

    private Broadcast(PreparedMessage message, Iterator<? extends WebSocket> receivers, SlowConsumer policy) {
        this.message = message;
        this.receivers = receivers;
        this.policy = policy;
    }

    /**
     * Sends a message to connections, each as {@link WebSocket#trySend} does. Returns when every one has taken or dropped it, which does not
     * depend on the peers; an interrupt does not end it early.
     *
     * @param message the message, encoded once for all
     * @param receivers iterated once, by one thread at a time that is not the caller's
     * @param policy what happens where the peer is slow
     * @return how many took it
     * @throws RuntimeException what the iteration throws, as well as an {@link Error}; those before have been served
     */
    public static BroadcastResult send(
            PreparedMessage message, Iterable<? extends WebSocket> receivers, SlowConsumer policy) {
        return new Broadcast(message, receivers.iterator(), policy).run();
    }

    private BroadcastResult run() {
        boolean interrupted = false;
        lock.lock();
        try {
            addWorkers(1);
            while (!over) {
                int before = sent + dropped + closed;
                try {
                    var unused = done.await(PATIENCE_NANOS, TimeUnit.NANOSECONDS);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
                if (!over && sent + dropped + closed == before) {
                    addWorkers(Math.min(workers, MOST_WORKERS - workers));
                }
            }
            switch (failure) {
                case null -> {}
                case Error e -> throw e;
                case RuntimeException e -> throw e;
                default -> throw new AssertionError(failure);
            }
            return new BroadcastResult(sent, dropped, closed);
        } finally {
            lock.unlock();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void addWorkers(int count) {
        for (int i = 0; i < count; i++) {
            Thread.ofVirtual().name("postern-broadcast").start(this::work);
        }
        workers += count;
    }

    private void work() {
        try {
            for (var receiver = next(); receiver != null; receiver = next()) {
                try {
                    receiver.sendAtOnce(message);
                } catch (IOException e) {
                    // which has ended that connection
                }
            }
        } catch (RuntimeException | Error e) {
            if (!fail(e)) {
                throw e;
            }
        }
    }

    /** Ends all with what a worker has met; false if the end has come before, so that nobody would learn of it. */
    private boolean fail(Throwable e) {
        lock.lock();
        try {
            if (over) {
                return false;
            }
            failure = e;
            end();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** The next connection whose turn to send this thread has; null if there are no more. */
    private @Nullable Sending next() {
        lock.lock();
        try {
            while (!over) {
                var receiver = receivers.hasNext() ? receivers.next() : null;
                if (receiver == null) {
                    end();
                } else if (receiver instanceof WebSocketConnection connection
                        && connection.sending().tryBegin()) {
                    sent++;
                    return connection.sending();
                } else {
                    count(offer(receiver));
                }
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    private Outbox.Outcome offer(WebSocket receiver) {
        if (receiver instanceof WebSocketConnection connection) {
            return connection.offerAndSend(message, policy);
        }
        return receiver.trySend(message, policy) ? Outbox.Outcome.TAKEN : Outbox.Outcome.DROPPED;
    }

    private void count(Outbox.Outcome outcome) {
        switch (outcome) {
            case FIRST, TAKEN -> sent++;
            case DROPPED -> dropped++;
            case OVERFLOWN -> closed++;
        }
    }

    private void end() {
        over = true;
        done.signalAll();
    }
}
