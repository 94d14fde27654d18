package io.github.postern.push;

import io.github.postern.ws.connection.CloseInfo;
import io.github.postern.ws.connection.Message;
import io.github.postern.ws.core.CloseStatus;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** A session on the server, as the endpoint and the carriers know it. Its application holds the {@link #application} side. */
final class LiveSession {
    private final String id;
    private final String secret;
    private final PushOptions options;
    private final SessionMonitor monitor;
    private final ApplicationSession application;
    private final SessionUpkeep upkeep;
    private final SessionReport report;

    /** A session whose registry hears once, by {@code whenOver}, that it is over; called under the lock. */
    LiveSession(
            String id,
            String secret,
            SessionKind kind,
            PushOptions options,
            ReplayBudget budget,
            SessionObserver observer,
            LongSupplier clock,
            Consumer<LiveSession> whenOver) {
        this.id = id;
        this.secret = secret;
        this.options = options;
        var timing = new SessionState.Timing(
                options.heartbeat().toNanos(),
                Math.min(options.pollTimeout().toNanos(), options.heartbeat().toNanos()),
                options.expiry().toNanos());
        var state = new SessionState(kind, options.limits(), budget, timing, clock.getAsLong());
        this.monitor = new SessionMonitor(state, clock, () -> over(whenOver));
        this.application = new ApplicationSession(this, monitor, options);
        this.report = new SessionReport(observer, application, state);
        this.upkeep = new SessionUpkeep(monitor);
    }

    private void over(Consumer<LiveSession> whenOver) {
        whenOver.accept(this);
        report.over();
    }

    /** What the application holds. */
    PushSession application() {
        return application;
    }

    /** What its endpoint does with it by itself. */
    SessionUpkeep upkeep() {
        return upkeep;
    }

    String id() {
        return id;
    }

    /** Takes what was found out about a request for this session; false if it is somebody else's. */
    boolean admit(Authentication.Admitted client) {
        monitor.lock.lock();
        try {
            return monitor.credentials.renew(client, monitor.now());
        } finally {
            monitor.lock.unlock();
        }
    }

    String secret() {
        return secret;
    }

    SessionKind kind() {
        return monitor.state.kind();
    }

    /** Whether something carries it now. */
    boolean isAttached() {
        monitor.lock.lock();
        try {
            return monitor.state.current() != null;
        } finally {
            monitor.lock.unlock();
        }
    }

    /** The server's position. */
    long position() {
        monitor.lock.lock();
        try {
            return monitor.state.received();
        } finally {
            monitor.lock.unlock();
        }
    }

    /** How the client is told of the end, or {@code null} while the session is not over. */
    Batch.@Nullable Close over() {
        monitor.lock.lock();
        try {
            return monitor.state.phase() == SessionEnd.Phase.OVER ? monitor.state.farewell() : null;
        } finally {
            monitor.lock.unlock();
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

    /** An attach of the protocol; its position is an acknowledgement. */
    AttachResult attach(long epoch, PushTransport over, long position, Carrier carrier) {
        return attach(over, position, now -> monitor.state.attach(epoch, over, position, carrier, now));
    }

    /** An attach of a bare client. */
    AttachResult attachBare(PushTransport over, long position, Carrier carrier) {
        return attach(over, position, now -> monitor.state.attachBare(over, position, carrier, now));
    }

    private AttachResult attach(PushTransport over, long position, LongFunction<AttachResult> step) {
        monitor.lock.lock();
        try {
            var before = monitor.state.current();
            boolean resumes = monitor.state.epoch() > 0;
            long acknowledged = monitor.state.forgotten();
            int again = monitor.state.writtenSince(position);
            var result = step.apply(monitor.now());
            report.acknowledged(acknowledged, over);
            report.left(before);
            if (result instanceof AttachResult.Taken taken) {
                begin(taken.attachment(), resumes, again);
            }
            monitor.wakeFormer(before);
            monitor.room.signalAll(); // the position that came with it is an acknowledgement
            monitor.settle(monitor.state.ending());
            return result;
        } finally {
            monitor.lock.unlock();
        }
    }

    private void begin(Attachment attachment, boolean resumes, int again) {
        var from = monitor.transport;
        monitor.transport = attachment.transport();
        if (attachment.transport() == PushTransport.SSE && kind() == SessionKind.POSTERN) {
            attachment.rotation = jittered(options.rotation().toNanos());
        }
        if (attachment.greets) {
            report.attached(from, monitor.transport, resumes, again);
        }
    }

    /** A fifth more or less, so that what began together does not go on together. */
    static long jittered(long nanos) {
        return (long) (nanos * (0.8 + 0.4 * ThreadLocalRandom.current().nextDouble()));
    }

    /** The attachment is gone; does nothing if the session has left it before. */
    void detach(Attachment attachment) {
        monitor.lock.lock();
        try {
            var before = monitor.state.current();
            monitor.state.detach(attachment, monitor.now());
            report.left(before);
            monitor.inboxRoom.signalAll(); // the reader of a WebSocket may wait
            monitor.ended.signalAll();
        } finally {
            monitor.lock.unlock();
        }
    }

    /** What the attachment shall write next, or {@code null} if there is nothing. */
    @Nullable
    Batch take(Attachment attachment) {
        monitor.lock.lock();
        try {
            return next(attachment);
        } finally {
            monitor.lock.unlock();
        }
    }

    /** The attachment has written a batch. */
    void written(Attachment attachment, Batch batch) {
        monitor.lock.lock();
        try {
            note(attachment, batch);
        } finally {
            monitor.lock.unlock();
        }
    }

    /** The attachment has written a batch; returns what it shall write next, or {@code null} if there is nothing. */
    @Nullable
    Batch takeAfter(Attachment attachment, Batch batch) {
        monitor.lock.lock();
        try {
            note(attachment, batch);
            return next(attachment);
        } finally {
            monitor.lock.unlock();
        }
    }

    private @Nullable Batch next(Attachment attachment) {
        long before = monitor.state.forgotten();
        var batch = monitor.state.take(attachment);
        if (monitor.state.forgotten() > before) {
            monitor.room.signalAll(); // an acknowledgement was waiting for that
        }
        return batch;
    }

    private void note(Attachment attachment, Batch written) {
        var before = monitor.state.current();
        int again = monitor.state.written(attachment, written, monitor.now());
        report.left(before);
        report.sent(attachment.transport(), written, again);
        if (monitor.state.kind() != SessionKind.POSTERN) {
            monitor.room.signalAll();
        }
        if (written.end()) {
            monitor.ended.signalAll();
        }
        monitor.settle(monitor.state.ending());
    }

    /** The client's acknowledgement over an attachment; false if it cannot be. */
    boolean acknowledge(Attachment attachment, long position) {
        monitor.lock.lock();
        try {
            if (attachment != monitor.state.current()) {
                return true; // a former attachment has no say
            }
            long before = monitor.state.forgotten();
            boolean possible = monitor.state.acknowledge(position, monitor.now());
            report.acknowledged(before, attachment.transport());
            monitor.room.signalAll();
            if (monitor.state.hasMore(attachment)) {
                monitor.wake(); // its window has more room
            }
            monitor.settle(monitor.state.ending());
            return possible;
        } finally {
            monitor.lock.unlock();
        }
    }

    /**
     * Takes in what a POST brings.
     *
     * @param waitNanos how long to wait for the application to take what came before; 0 or less does not wait
     */
    Upstream.Result post(Upstream post, long waitNanos) throws InterruptedException {
        monitor.lock.lock();
        try {
            long rest = waitNanos;
            while (true) {
                var before = monitor.state.current();
                long acknowledged = monitor.state.forgotten();
                long position = monitor.state.received();
                long bytes = monitor.state.receivedBytes();
                var result = monitor.state.post(post, monitor.now());
                report.acknowledged(acknowledged, monitor.transport);
                long messages = Math.min(post.items().size(), monitor.state.received() - position);
                report.received(monitor.transport, messages, monitor.state.receivedBytes() - bytes);
                report.left(before);
                monitor.wakeFormer(before);
                monitor.room.signalAll();
                monitor.receivable.signalAll();
                monitor.settle(monitor.state.ending());
                if (result != Upstream.Result.FULL || rest <= 0) {
                    return result;
                }
                rest = monitor.inboxRoom.awaitNanos(rest);
            }
        } finally {
            monitor.lock.unlock();
        }
    }

    /**
     * Takes in a message of a WebSocket; blocks while far too much waits for the application.
     *
     * @return whether it was taken; false if the session has left the attachment, or is over
     */
    boolean deliver(Attachment attachment, Message message, int bytes) {
        monitor.lock.lock();
        try {
            while (monitor.state.isOverfull() && monitor.state.current() == attachment) {
                monitor.inboxRoom.awaitUninterruptibly();
            }
            boolean taken = monitor.state.deliver(attachment, message, bytes, monitor.now());
            if (taken) {
                report.received(attachment.transport(), 1, bytes);
            }
            monitor.receivable.signal();
            if (monitor.state.wantsAck()) {
                monitor.wake();
            }
            return taken;
        } finally {
            monitor.lock.unlock();
        }
    }

    /** The client has closed over a WebSocket. */
    void peerClosed(Attachment attachment, CloseStatus status) {
        monitor.lock.lock();
        try {
            monitor.state.peerClosed(attachment, status, monitor.now());
            monitor.settle(monitor.state.ending());
        } finally {
            monitor.lock.unlock();
        }
    }

    /** The session ends here and now; {@code cut} also cuts its attachment off, otherwise that tells the client. */
    void end(CloseInfo info, boolean cut) {
        monitor.lock.lock();
        try {
            var current = monitor.state.current();
            if (cut && current != null) {
                current.carrier().cut(); // first, so that it has nothing to say any more
            }
            monitor.state.end(info, monitor.now());
            monitor.settle(info);
        } finally {
            monitor.lock.unlock();
        }
    }

    /**
     * Waits until the session is over for its client too, at most so long, and no longer than it has the attachment; or until there is something to
     * acknowledge over that meanwhile.
     *
     * @return the position to acknowledge, or {@link Batch#NO_ACK} if there is nothing to wait for any more
     */
    long awaitOver(Attachment attachment, Duration timeout) {
        monitor.lock.lock();
        try {
            long rest = timeout.toNanos();
            while (monitor.state.phase() != SessionEnd.Phase.OVER
                    && monitor.state.current() == attachment
                    && rest > 0) {
                long ack = monitor.state.handOverAck(attachment);
                if (ack != Batch.NO_ACK) {
                    return ack;
                }
                rest = monitor.ended.awaitNanos(rest);
            }
            return Batch.NO_ACK;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Batch.NO_ACK;
        } finally {
            monitor.lock.unlock();
        }
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return application.toString();
    }
}
