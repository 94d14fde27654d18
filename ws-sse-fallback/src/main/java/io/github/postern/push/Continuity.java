package io.github.postern.push;

import io.github.postern.ws.connection.ReadyState;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Whether anything carries the session, since when nothing does, and what the application hears of that. Times are nanoseconds of the loop's clock. For the
 * loop's thread.
 */
final class Continuity {
    private final SessionEvents listener;

    /** What carried the session last, or {@code null} while it is opened. */
    private @Nullable PushTransport last;

    /** Why nothing carries the session that was open, or {@code null} if something does. */
    private @Nullable IOException cause;

    /** Since when nothing has carried the session. */
    private long since;

    /** Nothing carries it yet. */
    Continuity(SessionEvents listener) {
        this.listener = listener;
    }

    /** A transport carries the session from now on. */
    void carriedBy(PushTransport transport, long now) {
        var before = last;
        last = transport;
        if (before == null) {
            listener.stateChanged(ReadyState.OPEN);
        } else if (before != transport) {
            listener.transportChanged(before, transport);
        }
        if (cause != null) {
            cause = null;
            listener.resumed(Duration.ofNanos(now - since));
        }
    }

    /** What carried the session does so no more. */
    void interrupted(IOException why, long now) {
        cause = why;
        since = now;
        listener.interrupted(why);
    }

    /** Whether something has carried the session since it was interrupted last, as far as is known here. */
    boolean isCarried() {
        return last != null && cause == null;
    }

    /** Why nothing carries the session, or {@code null} if something does, or it is still opened. */
    @Nullable
    IOException cause() {
        return cause;
    }

    /** When the server forgets the session, or {@link TransportRace#NEVER} while something carries it, or it is still opened. */
    long expiresAt(@Nullable Terms terms) {
        return cause == null || terms == null
                ? TransportRace.NEVER
                : since + TimeUnit.MILLISECONDS.toNanos(terms.expiryMillis());
    }
}
