package io.github.postern.push;

import io.github.postern.ws.connection.CloseInfo;
import io.github.postern.ws.connection.CloseInfo.Initiator;
import io.github.postern.ws.connection.ConnectionClosedException;
import io.github.postern.ws.connection.Message;
import io.github.postern.ws.connection.ReadyState;
import io.github.postern.ws.core.CloseStatus;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A session on the server: the lock around a {@link SessionState}, and everybody who waits for it to change. The application
 * calls it as a {@link PushSession}, the servlet and the carriers by the methods behind.
 */
final class LiveSession implements PushSession {
    private final String id;
    private final String secret;
    private final PushOptions options;
    private final LongSupplier clock;
    private final Consumer<LiveSession> whenOver;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition receivable = lock.newCondition();
    private final Condition room = lock.newCondition();
    private final Condition inboxRoom = lock.newCondition();
    private final Condition ended = lock.newCondition();

    /** Guarded by lock, as all below. */
    private final SessionState state;

    private PushTransport transport = PushTransport.SSE;

    /** How the session ended for the application, which may be before its client knows. */
    private @Nullable CloseInfo closeInfo;

    private boolean reportedOver;

    /** A session whose registry hears once, by {@code whenOver}, that it is over; called under the lock. */
    LiveSession(
            String id,
            String secret,
            SessionState.Kind kind,
            PushOptions options,
            LongSupplier clock,
            Consumer<LiveSession> whenOver) {
        this.id = id;
        this.secret = secret;
        this.options = options;
        this.clock = clock;
        this.whenOver = whenOver;
        var timing = new SessionState.Timing(
                options.heartbeat().toNanos(),
                Math.min(options.pollTimeout().toNanos(), options.heartbeat().toNanos()),
                options.expiry().toNanos());
        this.state = new SessionState(kind, options.limits(), timing, clock.getAsLong());
    }

    // what the application calls

    @Override
    public String id() {
        return id;
    }

    @Override
    public PushTransport transport() {
        lock.lock();
        try {
            return transport;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Message receive() throws IOException, InterruptedException {
        lock.lockInterruptibly();
        try {
            var message = received();
            while (message == null) {
                receivable.await();
                message = received();
            }
            return message;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Optional<Message> receive(Duration timeout) throws IOException, InterruptedException {
        lock.lockInterruptibly();
        try {
            long rest = timeout.toNanos();
            var message = received();
            while (message == null && rest > 0) {
                rest = receivable.awaitNanos(rest);
                message = received();
            }
            return Optional.ofNullable(message);
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Message received() throws ConnectionClosedException {
        var message = state.nextReceived();
        if (message == null && closeInfo != null) {
            throw new ConnectionClosedException(closeInfo);
        }
        if (message != null) {
            inboxRoom.signalAll();
            if (state.wantsAck()) {
                wake(); // it was withheld until now
            }
        }
        return message;
    }

    @Override
    public void send(String text) throws IOException {
        send(new Message.Text(text), Texts.utf8Length(text));
    }

    @Override
    public void send(ByteBuffer binary) throws IOException {
        var copy = new byte[binary.remaining()]; // it is kept until the client has it
        binary.get(copy);
        send(new Message.Binary(ByteBuffer.wrap(copy)), copy.length);
    }

    private void send(Message message, int bytes) throws IOException {
        if (bytes > options.limits().unacknowledgedBytes()) {
            throw new IllegalArgumentException(
                    "message longer than " + options.limits().unacknowledgedBytes() + " bytes: " + bytes);
        }
        lock.lock();
        try {
            awaitRoom(bytes);
            state.append(message, bytes);
            wake();
        } finally {
            lock.unlock();
        }
    }

    private void awaitRoom(int bytes) throws IOException {
        long rest = options.sendTimeout().toNanos();
        while (true) {
            if (closeInfo != null || state.phase() != SessionState.Phase.OPEN) {
                throw new ConnectionClosedException(closeInfo != null ? closeInfo : closing());
            }
            if (state.hasRoom(bytes)) {
                return;
            }
            if (rest <= 0) {
                state.close(SessionCodes.OVERFLOW);
                settle(new CloseInfo(SessionCodes.OVERFLOW, Initiator.LOCAL, SessionCodes.OVERFLOW, null, null));
                continue;
            }
            try {
                rest = room.awaitNanos(rest);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted while waiting for room");
            }
        }
    }

    private CloseInfo closing() {
        var status = Objects.requireNonNull(state.farewell()).status();
        return new CloseInfo(status, Initiator.LOCAL, status, null, null);
    }

    @Override
    public void close(CloseStatus status) {
        if (!status.isSendable() || SessionCodes.isReserved(status.code())) {
            throw new IllegalArgumentException("close code must not be sent: " + status.code());
        }
        lock.lock();
        try {
            state.close(status);
            wake();
            awaitEnd(options.closeTimeout().toNanos());
            if (closeInfo == null) {
                // the client may still come for what was sent, but the application need not wait for that
                settle(new CloseInfo(CloseStatus.ABNORMAL, Initiator.LOCAL, status, null, null));
            }
        } finally {
            lock.unlock();
        }
    }

    private void awaitEnd(long nanos) {
        long rest = nanos;
        while (closeInfo == null && rest > 0) {
            try {
                rest = ended.awaitNanos(rest);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    @Override
    public void abort() {
        end(new CloseInfo(CloseStatus.ABNORMAL, Initiator.LOCAL, null, null, null), true);
    }

    @Override
    public long bufferedAmount() {
        lock.lock();
        try {
            return state.unwrittenBytes();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public ReadyState readyState() {
        lock.lock();
        try {
            if (closeInfo != null) {
                return ReadyState.CLOSED;
            }
            return state.phase() == SessionState.Phase.OPEN ? ReadyState.OPEN : ReadyState.CLOSING;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Optional<CloseInfo> closeInfo() {
        lock.lock();
        try {
            return Optional.ofNullable(closeInfo);
        } finally {
            lock.unlock();
        }
    }

    // what the endpoint and the carriers call

    String secret() {
        return secret;
    }

    SessionState.Kind kind() {
        return state.kind();
    }

    /** Whether something carries it now. */
    boolean isAttached() {
        lock.lock();
        try {
            return state.current() != null;
        } finally {
            lock.unlock();
        }
    }

    /** The server's position. */
    long position() {
        lock.lock();
        try {
            return state.received();
        } finally {
            lock.unlock();
        }
    }

    /** How the client is told of the end, or {@code null} while the session is not over. */
    Batch.@Nullable Close over() {
        lock.lock();
        try {
            return state.phase() == SessionState.Phase.OVER ? state.farewell() : null;
        } finally {
            lock.unlock();
        }
    }

    /** The parameters of the record {@code attached}, which tell the secret when the session opens. */
    Parameters greeting(Attachment attachment, boolean opening) {
        var greeting = new Parameters();
        if (opening) {
            greeting.with("session", secret);
        }
        return greeting.with("public", id)
                .with("epoch", attachment.epoch())
                .with("received", attachment.received())
                .with("heartbeat", options.heartbeat().toMillis())
                .with("expiry", options.expiry().toMillis())
                .with("max", options.limits().maxMessageSize())
                .with("body", options.limits().largestBody());
    }

    AttachResult attach(long epoch, PushTransport over, long position, Carrier carrier) {
        lock.lock();
        try {
            var before = state.current();
            var result = state.attach(epoch, over, position, carrier, clock.getAsLong());
            return attached(before, result);
        } finally {
            lock.unlock();
        }
    }

    AttachResult attachBare(PushTransport over, long position, Carrier carrier) {
        lock.lock();
        try {
            var before = state.current();
            var result = state.attachBare(over, position, carrier, clock.getAsLong());
            return attached(before, result);
        } finally {
            lock.unlock();
        }
    }

    private AttachResult attached(@Nullable Attachment before, AttachResult result) {
        if (result instanceof AttachResult.Taken taken) {
            transport = taken.attachment().transport();
        }
        room.signalAll(); // its position has acknowledged
        wakeFormer(before);
        settle(state.ending());
        return result;
    }

    void detach(Attachment attachment) {
        lock.lock();
        try {
            state.detach(attachment, clock.getAsLong());
            inboxRoom.signalAll(); // the reader of a WebSocket may wait
            ended.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** What the attachment shall write next, or {@code null} if there is nothing. */
    @Nullable
    Batch take(Attachment attachment) {
        lock.lock();
        try {
            return state.take(attachment);
        } finally {
            lock.unlock();
        }
    }

    void written(Attachment attachment, Batch batch) {
        lock.lock();
        try {
            state.written(attachment, batch, clock.getAsLong());
            if (state.kind() != SessionState.Kind.POSTERN) {
                room.signalAll();
            }
            if (batch.end()) {
                ended.signalAll();
            }
            settle(state.ending());
        } finally {
            lock.unlock();
        }
    }

    /** The client's acknowledgement over an attachment; false if it cannot be. */
    boolean acknowledge(Attachment attachment, long position) {
        lock.lock();
        try {
            if (attachment != state.current()) {
                return true; // a former attachment has no say
            }
            boolean possible = state.acknowledge(position, clock.getAsLong());
            room.signalAll();
            settle(state.ending());
            return possible;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes in what a POST brings.
     *
     * @param waitNanos how long to wait for the application to take what came before; 0 or less does not wait
     */
    Upstream.Result post(Upstream post, long waitNanos) throws InterruptedException {
        lock.lock();
        try {
            long rest = waitNanos;
            while (true) {
                var before = state.current();
                var result = state.post(post, clock.getAsLong());
                wakeFormer(before);
                room.signalAll();
                receivable.signalAll();
                settle(state.ending());
                if (result != Upstream.Result.FULL || rest <= 0) {
                    return result;
                }
                rest = inboxRoom.awaitNanos(rest);
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes in a message of a WebSocket; blocks while far too much waits for the application.
     *
     * @return whether it was taken; false if the session has left the attachment, or is over
     */
    boolean deliver(Attachment attachment, Message message, int bytes) {
        lock.lock();
        try {
            while (state.isOverfull() && state.current() == attachment) {
                inboxRoom.awaitUninterruptibly();
            }
            boolean taken = state.deliver(attachment, message, bytes, clock.getAsLong());
            receivable.signal();
            if (state.wantsAck()) {
                wake();
            }
            return taken;
        } finally {
            lock.unlock();
        }
    }

    /** The client has closed over a WebSocket. */
    void peerClosed(Attachment attachment, CloseStatus status) {
        lock.lock();
        try {
            state.peerClosed(attachment, status, clock.getAsLong());
            settle(state.ending());
        } finally {
            lock.unlock();
        }
    }

    /** The session ends here and now; {@code cut} also cuts its attachment off, otherwise that tells the client. */
    void end(CloseInfo info, boolean cut) {
        lock.lock();
        try {
            var current = state.current();
            if (cut && current != null) {
                current.carrier().cut(); // first, so that it has nothing to say any more
            }
            state.end(info, clock.getAsLong());
            settle(info);
        } finally {
            lock.unlock();
        }
    }

    /** Waits until the session is over for its client too, at most so long. */
    void awaitOver(Duration timeout) {
        lock.lock();
        try {
            long rest = timeout.toNanos();
            while (state.phase() != SessionState.Phase.OVER && rest > 0) {
                rest = ended.awaitNanos(rest);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    /** Waits while there is an attachment, which may still carry the end to the client. */
    void awaitTold(long nanos) {
        lock.lock();
        try {
            long rest = nanos;
            while (state.current() != null && rest > 0) {
                rest = ended.awaitNanos(rest);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    /** Begins to close without waiting, because the server stops. */
    void goAway() {
        lock.lock();
        try {
            state.close(CloseStatus.GOING_AWAY);
            wake();
        } finally {
            lock.unlock();
        }
    }

    SessionState.Tick tick() {
        lock.lock();
        try {
            var tick = state.tick(clock.getAsLong());
            if (tick == SessionState.Tick.WAKE) {
                wake();
            } else {
                settle(state.ending());
            }
            return tick;
        } finally {
            lock.unlock();
        }
    }

    private void wake() {
        var current = state.current();
        if (current != null) {
            current.carrier().wake();
        }
    }

    private void wakeFormer(@Nullable Attachment before) {
        if (before != null && before != state.current()) {
            before.carrier().wake();
            inboxRoom.signalAll();
        }
    }

    /** Tells everybody who waits, if the session has ended for the application or altogether. */
    private void settle(@Nullable CloseInfo info) {
        if (info == null) {
            return;
        }
        if (closeInfo == null) {
            closeInfo = info;
        }
        if (state.phase() == SessionState.Phase.OVER && !reportedOver) {
            reportedOver = true;
            whenOver.accept(this);
        }
        receivable.signalAll();
        room.signalAll();
        inboxRoom.signalAll();
        ended.signalAll();
        wake();
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "PushSession[" + id + ", " + transport() + ", " + readyState() + "]";
    }
}
