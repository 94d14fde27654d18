package io.github.postern.push;

import io.github.postern.ws.connection.CloseInfo;
import io.github.postern.ws.connection.CloseInfo.Initiator;
import io.github.postern.ws.connection.ConnectionClosedException;
import io.github.postern.ws.connection.Message;
import io.github.postern.ws.core.CloseStatus;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A {@link ClientState} behind its lock, and everybody who waits for it to change: the application's receivers and senders, the thread
 * that attaches and reads, and the thread that writes or POSTs. When the session is over the first two are woken, and the other two find out
 * by what these methods return; the reading thread, which may be blocked in the network, is interrupted.
 */
final class GuardedState {
    private static final long FOREVER = Long.MAX_VALUE;

    /** What is waited for a server that has not told its heartbeat yet. */
    private static final long DEFAULT_SILENCE_MILLIS = 35_000;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    private final Condition room = lock.newCondition();
    private final Condition uplink = lock.newCondition();
    private final Condition downlink = lock.newCondition();

    /** Guarded by lock, as all below. */
    private final ClientState state;

    private PushTransport transport;
    private @Nullable Thread reader;
    private boolean settled;

    /** The server has answered the last attach. */
    private boolean attached;

    /** Something was received since the last attach. */
    private boolean progress;

    /** This side closes, and a pause before the next attach has been cut short for that. */
    private boolean hurried;

    GuardedState(ClientState state, PushTransport transport) {
        this.state = state;
        this.transport = transport;
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

    boolean isOver() {
        return get(ClientState::phase) == ClientState.Phase.OVER;
    }

    PushTransport transport() {
        lock.lock();
        try {
            return transport;
        } finally {
            lock.unlock();
        }
    }

    // the application

    /** Waits until the first attachment was answered or the attempt is over. */
    void awaitOpen() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (state.phase() == ClientState.Phase.OPENING) {
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
                if (state.phase() != ClientState.Phase.OPEN) {
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

    // the thread that attaches and reads

    /** Makes the calling thread the one that reads. */
    void becomeReader() {
        lock.lock();
        try {
            reader = Thread.currentThread();
        } finally {
            lock.unlock();
        }
    }

    /** Begins the next attachment. */
    ClientState.Hello hello() {
        return change(s -> {
            attached = false;
            progress = false;
            return s.hello();
        });
    }

    /** Does something with the state, and tells everybody whom it may concern. */
    <T extends @Nullable Object> T change(Function<ClientState, T> how) {
        lock.lock();
        try {
            var result = how.apply(state);
            uplink.signalAll();
            room.signalAll();
            settle();
            return result;
        } finally {
            lock.unlock();
        }
    }

    /** The server has attached the client; returns {@code null}, or what is wrong with the record. */
    @Nullable
    String attached(StreamRecord greeting, PushTransport over) {
        return change(s -> {
            var fault = s.attached(greeting);
            if (fault == null) {
                transport = over;
                attached = true;
                arrived.signalAll();
            }
            return fault;
        });
    }

    /** The head of a response may tell the secret already. */
    void opened(Optional<String> session) {
        session.ifPresent(secret -> change(s -> {
            s.opened(secret);
            return true;
        }));
    }

    /** After how much silence an attachment is given up. */
    long silenceNanos() {
        var terms = get(ClientState::terms);
        return TimeUnit.MILLISECONDS.toNanos(terms == null ? DEFAULT_SILENCE_MILLIS : terms.silenceMillis());
    }

    /** A message came. */
    ClientState.Taken take(long number, Message message, int bytes) {
        lock.lock();
        try {
            var taken = state.take(number, message, bytes, System.nanoTime());
            if (taken == ClientState.Taken.NEW) {
                progress = true;
                arrived.signal();
                var reception = state.reception();
                if (reception.wantsAck() || reception.position() == reception.acknowledged() + 1) {
                    uplink.signalAll(); // to acknowledge now, or to look when
                }
            }
            return taken;
        } finally {
            lock.unlock();
        }
    }

    /** Whether the server has answered the last attach. */
    boolean wasAttached() {
        lock.lock();
        try {
            return attached;
        } finally {
            lock.unlock();
        }
    }

    /** Whether something was received since the last attach began. */
    boolean hasProgressed() {
        lock.lock();
        try {
            return progress;
        } finally {
            lock.unlock();
        }
    }

    /** Waits while far too much waits for the application. */
    void awaitRoom() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (state.reception().isOverfull() && state.phase() != ClientState.Phase.OVER) {
                downlink.await();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Waits while the application does not keep up, at most so long. */
    void awaitKeepingUp(long nanos) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long rest = nanos;
            while (state.reception().isFull() && state.phase() != ClientState.Phase.OVER && rest > 0) {
                rest = downlink.awaitNanos(rest);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Waits before the next attach or poll. Ends early if the session is over, and once when this side closes. */
    void pause(long nanos) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long rest = nanos;
            while (rest > 0 && state.phase() != ClientState.Phase.OVER) {
                if (state.phase() == ClientState.Phase.CLOSING && !hurried) {
                    hurried = true;
                    return;
                }
                rest = downlink.awaitNanos(rest);
            }
        } finally {
            lock.unlock();
        }
    }

    // the thread that writes

    /** Waits for what the WebSocket of an epoch writes next; {@code null} if it is no longer the session's. */
    ClientState.@Nullable Frames nextFrames(long epoch) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (state.phase() != ClientState.Phase.OVER && state.epoch() == epoch) {
                long now = System.nanoTime();
                var frames = state.nextFrames(now);
                if (frames != null) {
                    return frames;
                }
                awaitUplink(state.ackDueIn(PushTransport.WEBSOCKET, now));
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    /** Waits for a reason for a POST; {@code null} if the session is over. */
    @Nullable
    Post nextPost() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (state.phase() != ClientState.Phase.OVER) {
                long now = System.nanoTime();
                var post = state.nextPost(transport == PushTransport.SSE, now);
                if (post != null) {
                    return post;
                }
                awaitUplink(state.ackDueIn(transport, now));
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    private void awaitUplink(long nanos) throws InterruptedException {
        if (nanos == Reception.NOT_DUE) {
            uplink.await();
        } else {
            var unused = uplink.awaitNanos(nanos);
        }
    }

    /** Waits before the next POST. Ends early if the session is over. */
    void pauseUplink(long millis) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long rest = TimeUnit.MILLISECONDS.toNanos(millis);
            while (rest > 0 && state.phase() != ClientState.Phase.OVER) {
                rest = uplink.awaitNanos(rest);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Holding the lock: tells everybody, once, that the session is over. */
    private void settle() {
        if (state.phase() == ClientState.Phase.OVER && !settled) {
            settled = true;
            arrived.signalAll();
            room.signalAll();
            uplink.signalAll();
            downlink.signalAll();
            if (reader != null && reader != Thread.currentThread()) {
                reader.interrupt();
            }
        }
    }
}
