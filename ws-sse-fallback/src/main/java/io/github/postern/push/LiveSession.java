package io.github.postern.push;

import io.github.postern.ws.connection.CloseInfo;
import io.github.postern.ws.connection.Message;
import io.github.postern.ws.core.CloseStatus;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** A session on the server, as the endpoint and the carriers know it. Its application holds the {@link #application} side. */
final class LiveSession {
    private final String id;
    private final String secret;
    private final PushOptions options;
    private final SessionMonitor monitor;
    private final ApplicationSession application;

    /** A session whose registry hears once, by {@code whenOver}, that it is over; called under the lock. */
    LiveSession(
            String id,
            String secret,
            SessionKind kind,
            PushOptions options,
            LongSupplier clock,
            Consumer<LiveSession> whenOver) {
        this.id = id;
        this.secret = secret;
        this.options = options;
        var timing = new SessionState.Timing(
                options.heartbeat().toNanos(),
                Math.min(options.pollTimeout().toNanos(), options.heartbeat().toNanos()),
                options.expiry().toNanos());
        var state = new SessionState(kind, options.limits(), timing, clock.getAsLong());
        this.monitor = new SessionMonitor(state, clock, () -> whenOver.accept(this));
        this.application = new ApplicationSession(this, monitor, options);
    }

    /** What the application holds. */
    PushSession application() {
        return application;
    }

    String id() {
        return id;
    }

    String secret() {
        return secret;
    }

    SessionKind kind() {
        return monitor.state.kind();
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
            var result = monitor.state.attach(epoch, over, position, carrier, monitor.now());
            return attached(before, result);
        } finally {
            monitor.lock.unlock();
        }
    }

    AttachResult attachBare(PushTransport over, long position, Carrier carrier) {
        monitor.lock.lock();
        try {
            var before = monitor.state.current();
            var result = monitor.state.attachBare(over, position, carrier, monitor.now());
            return attached(before, result);
        } finally {
            monitor.lock.unlock();
        }
    }

    private AttachResult attached(@Nullable Attachment before, AttachResult result) {
        if (result instanceof AttachResult.Taken taken) {
            monitor.transport = taken.attachment().transport();
        }
        monitor.wakeFormer(before);
        monitor.room.signalAll(); // the position that came with it is an acknowledgement
        monitor.settle(monitor.state.ending());
        return result;
    }

    void detach(Attachment attachment) {
        monitor.lock.lock();
        try {
            monitor.state.detach(attachment, monitor.now());
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
            monitor.state.written(attachment, batch, monitor.now());
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
            boolean possible = monitor.state.acknowledge(position, monitor.now());
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
                var result = monitor.state.post(post, monitor.now());
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

    /** Waits until the session is over for its client too, at most so long, and no longer than it has the attachment. */
    void awaitOver(Attachment attachment, Duration timeout) {
        monitor.lock.lock();
        try {
            long rest = timeout.toNanos();
            while (monitor.state.phase() != SessionEnd.Phase.OVER
                    && monitor.state.current() == attachment
                    && rest > 0) {
                rest = monitor.ended.awaitNanos(rest);
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

    /** Begins to close without waiting, because the server stops. */
    void goAway() {
        monitor.lock.lock();
        try {
            monitor.state.close(CloseStatus.GOING_AWAY);
            monitor.wake();
        } finally {
            monitor.lock.unlock();
        }
    }

    SessionState.Tick tick() {
        monitor.lock.lock();
        try {
            var tick = monitor.state.tick(monitor.now());
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
