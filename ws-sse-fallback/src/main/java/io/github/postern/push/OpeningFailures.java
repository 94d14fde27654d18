package io.github.postern.push;

import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/** Why a session could not be opened so far. For the loop's thread. */
final class OpeningFailures {
    private @Nullable IOException last;

    /**
     * One more attempt has failed.
     *
     * @param hasTokens whether the client proves who it is with tokens, which have been renewed if that may help
     * @return whether no other transport can do better
     */
    boolean add(Outcome outcome, boolean hasTokens) {
        var cause = Causes.of(outcome);
        if (last != null && last != cause) {
            cause.addSuppressed(last);
        }
        last = cause;
        return outcome instanceof Outcome.Gone
                || (outcome instanceof Outcome.Unauthorized && hasTokens)
                || outcome instanceof Outcome.Failed
                || cause instanceof ConnectException
                || cause instanceof UnknownHostException;
    }

    /** Why the last attempt failed, with the reasons of the others as suppressed exceptions; {@code null} if none has. */
    @Nullable
    IOException cause() {
        return last;
    }
}
