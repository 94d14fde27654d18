package io.github.postern.push;

import io.github.postern.ws.connection.CloseInfo;
import io.github.postern.ws.connection.CloseInfo.Initiator;
import java.util.function.LongPredicate;

/**
 * What the endpoint does with a session by itself: it looks at the clock, asks the client to move, and closes because the server stops. For any thread; the
 * methods that wait say so.
 */
final class SessionUpkeep {
    private final SessionMonitor monitor;

    /** When the session is to be closed because the server stops, by the clock; {@link Attachment#NEVER} while it does not. Guarded by the lock. */
    private long leaveAt = Attachment.NEVER;

    /** When the client is to be asked to attach anew. Guarded by the lock. */
    private long moveAt = Attachment.NEVER;

    SessionUpkeep(SessionMonitor monitor) {
        this.monitor = monitor;
    }

    /** Looks at the clock. */
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
            boolean open = monitor.state.phase() == SessionEnd.Phase.OPEN;
            if (open && monitor.credentials.isExpired(monitor.now())) {
                var status = SessionCodes.UNAUTHENTICATED;
                monitor.state.close(status);
                monitor.settle(new CloseInfo(status, Initiator.LOCAL, status, null, null));
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
            monitor.closing();
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

    /**
     * Waits while the client, told that the server stops, may still hand over what it had sent.
     *
     * @param nanos how long to wait
     * @param silenceNanos after how long without a sign of it nothing more is expected
     */
    void awaitHandOver(long nanos, long silenceNanos) {
        await(nanos, silenceNanos, now -> monitor.state.mayHandOver(now, silenceNanos));
    }

    /**
     * Waits while the client may still hear of the end: over its attachment, or with its next poll.
     *
     * @param nanos how long to wait
     * @param pollNanos how long after its last poll a next one is expected
     */
    void awaitTold(long nanos, long pollNanos) {
        await(nanos, pollNanos, now -> monitor.state.current() != null || monitor.state.expectsPoll(now, pollNanos));
    }

    /** Waits while something may come, at most so long, and looks at least every {@code patience}; an interrupt ends it, and stays. */
    private void await(long nanos, long patience, LongPredicate mayCome) {
        monitor.lock.lock();
        try {
            long deadline = monitor.now() + nanos;
            long rest = nanos;
            while (rest > 0 && mayCome.test(monitor.now())) {
                monitor.ended.awaitNanos(Math.min(rest, patience));
                rest = deadline - monitor.now();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            monitor.lock.unlock();
        }
    }
}
