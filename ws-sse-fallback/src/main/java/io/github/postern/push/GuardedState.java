package io.github.postern.push;

import io.github.postern.ws.connection.CloseInfo;
import io.github.postern.ws.connection.CloseInfo.Initiator;
import io.github.postern.ws.connection.ConnectionClosedException;
import io.github.postern.ws.connection.Message;
import io.github.postern.ws.connection.SlowConsumer;
import io.github.postern.ws.core.CloseStatus;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A {@link ClientState} behind its lock, and everybody who waits for it to change. The application's senders and receivers wait here; a thread that
 * attaches and reads goes through a {@link Downlink}, the thread that writes or POSTs through an {@link Uplink}.
 *
 * <p>When the session is over all of them are woken, and the {@link ClientLoop} is told, which stops those that are blocked in the network.
 */
final class GuardedState {
    private static final long FOREVER = Long.MAX_VALUE;

    /** That of a server that has not told its own yet. */
    private static final long DEFAULT_HEARTBEAT_MILLIS = 25_000;

    /** For this class and the two links. */
    final ReentrantLock lock = new ReentrantLock();

    /** There is something for receivers. */
    final Condition arrived = lock.newCondition();

    /** There is room for senders. */
    final Condition room = lock.newCondition();

    /** There is something to write, or less to wait for. */
    final Condition uplink = lock.newCondition();

    /** The reading thread may go on. */
    final Condition downlink = lock.newCondition();

    /** Guarded by lock, as all below. */
    final ClientState state;

    private Runnable onTurn = () -> {};
    private @Nullable Thread ender;
    private boolean drains;
    private boolean settled;

    private final Duration heartbeatGrace;

    /**
     * A state that is not attached yet.
     *
     * @param heartbeatGrace how much longer than the heartbeat an attachment may be silent
     */
    GuardedState(ClientState state, Duration heartbeatGrace) {
        this.state = state;
        this.heartbeatGrace = heartbeatGrace;
    }

    /** Reads something of the state. */
    <T extends @Nullable Object> T get(Function<ClientState, T> what) {
        lock.lock();
        try {
            return what.apply(state);
        } finally {
            lock.unlock();
        }
    }

    /** After how much silence an attachment, or a request, is given up (§10). */
    long silenceNanos() {
        var terms = get(ClientState::terms);
        long heartbeat = terms == null ? DEFAULT_HEARTBEAT_MILLIS : terms.heartbeatMillis();
        return TimeUnit.MILLISECONDS.toNanos(heartbeat) + heartbeatGrace.toNanos();
    }

    boolean isOver() {
        return get(ClientState::phase) == ClientEnd.Phase.OVER;
    }

    /** Does something with the state, and tells everybody whom it may concern. */
    <T extends @Nullable Object> T change(Function<ClientState, T> how) {
        lock.lock();
        try {
            var result = how.apply(state);
            uplink.signalAll();
            downlink.signalAll();
            room.signalAll();
            settle();
            return result;
        } finally {
            lock.unlock();
        }
    }

    /** What carries the session, or carried it last. */
    PushTransport transport() {
        return get(s -> s.epochs().transport());
    }

    /** Waits until the first attachment was answered or the attempt is over. */
    void awaitOpen() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (state.phase() == ClientEnd.Phase.OPENING) {
                arrived.await();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Waits for the next message; {@code null} if the time ran out. */
    @Nullable
    Message receive(long timeoutNanos) throws IOException, InterruptedException {
        lock.lockInterruptibly();
        try {
            long rest = timeoutNanos;
            while (true) {
                var message = state.reception().next();
                if (message != null) {
                    if (state.reception().mayAcknowledge()) {
                        uplink.signalAll(); // perhaps it was withheld until now
                        downlink.signalAll();
                    }
                    return message;
                }
                if (state.ending() != null) {
                    throw new ConnectionClosedException(state.ending());
                }
                if (rest <= 0) {
                    return null;
                }
                if (timeoutNanos == FOREVER) {
                    arrived.await();
                } else {
                    rest = arrived.awaitNanos(rest);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    Message receive() throws IOException, InterruptedException {
        return Objects.requireNonNull(receive(FOREVER));
    }

    /** Takes a message to be sent, waiting for room. */
    void send(Message message, int bytes, long timeoutNanos) throws IOException {
        lock.lock();
        try {
            long rest = timeoutNanos;
            while (true) {
                if (state.phase() != ClientEnd.Phase.OPEN) {
                    throw new ConnectionClosedException(endingOrClosing());
                }
                if (state.submission().fits(bytes)) {
                    state.submission().append(message, bytes);
                    uplink.signalAll();
                    return;
                }
                if (rest <= 0) {
                    state.end(new CloseInfo(SessionCodes.OVERFLOW, Initiator.LOCAL, null, null, null));
                    settle();
                    continue;
                }
                rest = room.awaitNanos(rest);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for room");
        } finally {
            lock.unlock();
        }
    }

    /** Takes a message to be sent without waiting for room; false if it was dropped or the session is not open. */
    boolean trySend(SharedMessage message, SlowConsumer policy) {
        lock.lock();
        try {
            if (state.phase() != ClientEnd.Phase.OPEN) {
                return false;
            }
            var outcome = state.submission().offer(message, policy);
            if (outcome == Offer.OVERFLOWN) {
                state.end(new CloseInfo(SessionCodes.OVERFLOW, Initiator.LOCAL, null, null, null));
                settle();
            }
            uplink.signalAll();
            return outcome == Offer.TAKEN;
        } finally {
            lock.unlock();
        }
    }

    private CloseInfo endingOrClosing() {
        var ending = state.ending();
        return ending != null
                ? ending
                : new CloseInfo(CloseStatus.ABNORMAL, Initiator.LOCAL, state.closing(), null, null);
    }

    /** Begins to close. */
    void close(CloseStatus status) {
        lock.lock();
        try {
            state.close(status);
            uplink.signalAll();
            downlink.signalAll();
            room.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The session ends here and now. */
    void end(CloseInfo info) {
        change(s -> {
            s.end(info);
            return true;
        });
    }

    /** Has something done when the session begins to drain and when it is over, holding the lock, so it must be short. */
    void setOnTurn(Runnable action) {
        lock.lock();
        try {
            onTurn = action;
        } finally {
            lock.unlock();
        }
    }

    /** The thread that ended the session, or {@code null} while it has not ended. It may have last words to say. */
    @Nullable
    Thread ender() {
        lock.lock();
        try {
            return ender;
        } finally {
            lock.unlock();
        }
    }

    /** Holding the lock: tells everybody, once, that the session drains, or is over. */
    private void settle() {
        if (state.phase() == ClientEnd.Phase.DRAINING && !drains) {
            drains = true;
            onTurn.run();
        }
        if (state.phase() == ClientEnd.Phase.OVER && !settled) {
            settled = true;
            arrived.signalAll();
            room.signalAll();
            uplink.signalAll();
            downlink.signalAll();
            ender = Thread.currentThread();
            onTurn.run();
        }
    }
}
