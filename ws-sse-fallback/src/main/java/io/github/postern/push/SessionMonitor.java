package io.github.postern.push;

import io.github.postern.ws.connection.CloseInfo;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The lock around a {@link SessionState}, and everybody who waits for it to change. {@link LiveSession} and {@link ApplicationSession} are
 * its two sides.
 */
final class SessionMonitor {
    final ReentrantLock lock = new ReentrantLock();

    /** There may be something for the application to receive. */
    final Condition receivable = lock.newCondition();

    /** There may be room to send. */
    final Condition room = lock.newCondition();

    /** The application has taken something, or what waits for that has no reason to any more. */
    final Condition inboxRoom = lock.newCondition();

    /** The session has ended, or left an attachment. */
    final Condition ended = lock.newCondition();

    /** Guarded by lock, as all below. */
    final SessionState state;

    PushTransport transport = PushTransport.SSE;

    final Credentials credentials = new Credentials();

    /** How the session ended for the application, which may be before its client knows. */
    @Nullable
    CloseInfo closeInfo;

    /** What is done when the session ends for the application, by what it is for. */
    private final Map<Object, Runnable> endings = new HashMap<>(0);

    private final LongSupplier clock;
    private final Runnable whenOver;
    private boolean reportedOver;

    /** A monitor that runs {@code whenOver} once, under the lock, when the session is over for both sides. */
    SessionMonitor(SessionState state, LongSupplier clock, Runnable whenOver) {
        this.state = state;
        this.clock = clock;
        this.whenOver = whenOver;
    }

    long now() {
        return clock.getAsLong();
    }

    /** Runs once, under the lock, when the session ends for the application; it has not yet. */
    void whenEnded(Object what, Runnable ending) {
        endings.put(what, ending);
    }

    /** There is nothing to be done for it any more. */
    void forget(Object what) {
        endings.remove(what);
    }

    /** The attachment may have something to write. */
    void wake() {
        if (state.isGoingAway()) {
            ended.signalAll(); // the writer of a WebSocket waits there, and has acknowledgements to write
        }
        var current = state.current();
        if (current != null) {
            current.carrier().wake();
        }
    }

    /** This side has begun to close: nobody waits any more for room, or for the application to take something; the client is to be told. */
    void closing() {
        room.signalAll();
        inboxRoom.signalAll();
        wake();
    }

    /** The attachment that was current before is to write its last words, unless it still is. */
    void wakeFormer(@Nullable Attachment before) {
        if (before != null && before != state.current()) {
            before.carrier().wake();
            inboxRoom.signalAll();
            ended.signalAll();
        }
    }

    /** Tells everybody who waits, if the session has ended for the application or altogether. */
    void settle(@Nullable CloseInfo info) {
        if (info == null) {
            return;
        }
        if (closeInfo == null) {
            closeInfo = info;
            endings.values().forEach(Runnable::run);
            endings.clear();
        }
        if (state.phase() == SessionEnd.Phase.OVER && !reportedOver) {
            reportedOver = true;
            whenOver.run();
        }
        receivable.signalAll();
        room.signalAll();
        inboxRoom.signalAll();
        ended.signalAll();
        wake();
    }
}
