package io.github.postern.push;

import io.github.postern.ws.connection.CloseInfo;
import io.github.postern.ws.connection.Message;
import io.github.postern.ws.core.CloseStatus;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** A session on the server, as the endpoint and the carriers know it. Its application holds the {@link #application} side. */
final class LiveSession {
    private final String id;
    private final String secret;
    private final PushOptions options;
    private final SessionMonitor monitor;
    private final SessionObserver observer;
    private final ApplicationSession application;

    /** When the session is to be closed because the server stops, by the clock; {@link Attachment#NEVER} while it does not. Guarded by the lock. */
    private long leaveAt = Attachment.NEVER;

    /** When the client is to be asked to attach anew. Guarded by the lock. */
    private long moveAt = Attachment.NEVER;

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
        this.observer = observer;
        var timing = new SessionState.Timing(
                options.heartbeat().toNanos(),
                Math.min(options.pollTimeout().toNanos(), options.heartbeat().toNanos()),
                options.expiry().toNanos());
        var state = new SessionState(kind, options.limits(), budget, timing, clock.getAsLong());
        this.monitor = new SessionMonitor(state, clock, () -> over(whenOver));
        this.application = new ApplicationSession(this, monitor, options);
    }

    private void over(Consumer<LiveSession> whenOver) {
        whenOver.accept(this);
        var info = monitor.state.ending();
        if (info != null) {
            observer.ended(application, info);
        }
    }

    /** What the application holds. */
    PushSession application() {
        return application;
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

    AttachResult attach(long epoch, PushTransport over, long position, Carrier carrier) {
        monitor.lock.lock();
        try {
            var before = monitor.state.current();
            boolean resumes = monitor.state.epoch() > 0;
            long acknowledged = monitor.state.forgotten();
            int again = monitor.state.writtenSince(position);
            var result = monitor.state.attach(epoch, over, position, carrier, monitor.now());
            if (result instanceof AttachResult.Taken taken && over == PushTransport.SSE) {
                taken.attachment().rotation = jittered(options.rotation().toNanos());
            }
            observe(acknowledged, over);
            return attached(before, result, resumes, again);
        } finally {
            monitor.lock.unlock();
        }
    }

    /** A fifth more or less, so that what began together does not go on together. */
    static long jittered(long nanos) {
        return (long) (nanos * (0.8 + 0.4 * ThreadLocalRandom.current().nextDouble()));
    }

    AttachResult attachBare(PushTransport over, long position, Carrier carrier) {
        monitor.lock.lock();
        try {
            var before = monitor.state.current();
            boolean resumes = monitor.state.epoch() > 0;
            int again = monitor.state.writtenSince(position);
            var result = monitor.state.attachBare(over, position, carrier, monitor.now());
            return attached(before, result, resumes, again);
        } finally {
            monitor.lock.unlock();
        }
    }

    private AttachResult attached(@Nullable Attachment before, AttachResult result, boolean resumes, int again) {
        observeLeft(before);
        if (result instanceof AttachResult.Taken taken) {
            var from = monitor.transport;
            monitor.transport = taken.attachment().transport();
            if (taken.attachment().greets) {
                observer.attached(application, from, monitor.transport, resumes, again);
            }
        }
        monitor.wakeFormer(before);
        monitor.room.signalAll(); // the position that came with it is an acknowledgement
        monitor.settle(monitor.state.ending());
        return result;
    }

    /** Holding the lock: the observer hears if the client has acknowledged something new. */
    private void observe(long acknowledgedBefore, PushTransport transport) {
        if (kind() == SessionKind.POSTERN && monitor.state.forgotten() > acknowledgedBefore) {
            observer.counters(transport).acknowledged();
        }
    }

    /** Holding the lock: the observer hears if the session has left what was its attachment, but not of the end of each poll. */
    private void observeLeft(@Nullable Attachment before) {
        if (before == null || monitor.state.current() == before) {
            return;
        }
        if (!before.transport().isSeries() || before.ended != null) {
            observer.detached(application, before.transport());
        }
    }

    void detach(Attachment attachment) {
        monitor.lock.lock();
        try {
            var before = monitor.state.current();
            monitor.state.detach(attachment, monitor.now());
            observeLeft(before);
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
            return monitor.state.take(attachment);
        } finally {
            monitor.lock.unlock();
        }
    }

    void written(Attachment attachment, Batch batch) {
        monitor.lock.lock();
        try {
            var before = monitor.state.current();
            int again = monitor.state.written(attachment, batch, monitor.now());
            observeLeft(before);
            long bytes = 0;
            for (var entry : batch.entries()) {
                bytes += entry.bytes();
            }
            observer.counters(attachment.transport()).sent(batch.entries().size(), bytes, again);
            if (monitor.state.kind() != SessionKind.POSTERN) {
                monitor.room.signalAll();
            }
            if (batch.end()) {
                monitor.ended.signalAll();
            }
            monitor.settle(monitor.state.ending());
        } finally {
            monitor.lock.unlock();
        }
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
            observe(before, attachment.transport());
            monitor.room.signalAll();
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
                observe(acknowledged, monitor.transport);
                long messages = Math.min(post.items().size(), monitor.state.received() - position);
                observer.counters(monitor.transport).received(messages, monitor.state.receivedBytes() - bytes);
                observeLeft(before);
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
                observer.counters(attachment.transport()).received(1, bytes);
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

    /**
     * Waits while the client, told that the server stops, may still hand over what it had sent.
     *
     * @param nanos how long to wait
     * @param silenceNanos after how long without a sign of it nothing more is expected
     */
    void awaitHandOver(long nanos, long silenceNanos) {
        monitor.lock.lock();
        try {
            long deadline = monitor.now() + nanos;
            long rest = nanos;
            while (rest > 0 && monitor.state.mayHandOver(monitor.now(), silenceNanos)) {
                monitor.ended.awaitNanos(Math.min(rest, silenceNanos));
                rest = deadline - monitor.now();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            monitor.lock.unlock();
        }
    }

    /**
     * Waits while the client may still hear of the end: over its attachment, or with its next poll.
     *
     * @param nanos how long to wait
     * @param pollNanos how long after its last poll a next one is expected
     */
    void awaitTold(long nanos, long pollNanos) {
        monitor.lock.lock();
        try {
            long deadline = monitor.now() + nanos;
            long rest = nanos;
            while (rest > 0
                    && (monitor.state.current() != null || monitor.state.expectsPoll(monitor.now(), pollNanos))) {
                monitor.ended.awaitNanos(Math.min(rest, pollNanos));
                rest = deadline - monitor.now();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            monitor.lock.unlock();
        }
    }

    /** Asks the client to attach anew, with the first {@link #tick} after so long; does nothing if it is away then, bare, or told of the end. */
    void moveAfter(long nanos) {
        monitor.lock.lock();
        try {
            moveAt = monitor.now() + nanos;
        } finally {
            monitor.lock.unlock();
        }
    }

    /** Begins to close without waiting, because the server stops. */
    void goAway() {
        monitor.lock.lock();
        try {
            monitor.state.goAway();
            monitor.room.signalAll(); // senders have nothing to wait for any more
            monitor.wake();
        } finally {
            monitor.lock.unlock();
        }
    }

    /** Begins to close, as {@link #goAway}, with the first {@link #tick} after so long. */
    void goAwayAfter(long nanos) {
        monitor.lock.lock();
        try {
            leaveAt = monitor.now() + nanos;
        } finally {
            monitor.lock.unlock();
        }
    }

    SessionState.Tick tick() {
        monitor.lock.lock();
        try {
            if (leaveAt != Attachment.NEVER && monitor.now() - leaveAt >= 0) {
                leaveAt = Attachment.NEVER;
                goAway();
            }
            if (moveAt != Attachment.NEVER && monitor.now() - moveAt >= 0) {
                moveAt = Attachment.NEVER;
                monitor.state.move();
                monitor.wake();
            }
            var tick = monitor.state.tick(monitor.now());
            if (monitor.credentials.isExpired(monitor.now()) && monitor.closeInfo == null) {
                application.closeWithoutWaiting(SessionCodes.UNAUTHENTICATED);
            }
            monitor.room.signalAll(); // another session may have given back what this one may keep
            if (tick == SessionState.Tick.WAKE) {
                monitor.wake();
            } else {
                monitor.settle(monitor.state.ending());
            }
            return tick;
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
