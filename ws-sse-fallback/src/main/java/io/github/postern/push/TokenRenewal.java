package io.github.postern.push;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Renews a session's token while the session lives: before it expires, and when the server does not take it. The supplier, which may block, is called on
 * a thread that lives as long as the call. For the loop's thread.
 */
final class TokenRenewal {
    private static final System.Logger LOG = System.getLogger(TokenRenewal.class.getName());

    /** After a failure of the supplier. */
    private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final TokenSource tokens;
    private final GuardedState state;
    private final Runnable onDone;
    private @Nullable Worker worker;
    private volatile boolean working;

    /** The server has refused a token since it took one last. */
    private boolean refused;

    /**
     * None under way.
     *
     * @param onDone done on the thread of a renewal at its end: then there is another time to look at the clock
     */
    TokenRenewal(TokenSource tokens, GuardedState state, Runnable onDone) {
        this.tokens = tokens;
        this.state = state;
        this.onDone = onDone;
    }

    /** In how many nanoseconds there is something to do, or {@link TokenSource#NEVER}. */
    long dueIn(long now) {
        return working ? TokenSource.NEVER : tokens.renewalDueIn(now);
    }

    /** Renews the token if it is time. */
    void look(long now) {
        if (!working && tokens.renewalDueIn(now) == 0) {
            working = true;
            worker = Worker.start("postern-push-client-token", this::renew, failure -> {});
        }
    }

    private void renew() throws InterruptedException {
        try {
            var value = tokens.renew(tokens.known());
            state.change(s -> {
                s.renew(value);
                return true;
            });
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "no token", e);
            tokens.postpone(RETRY_NANOS);
        } catch (RuntimeException | Error e) {
            tokens.postpone(RETRY_NANOS); // or it would be tried again without end
            throw e;
        } finally {
            working = false;
            onDone.run();
        }
    }

    /** Whether there are tokens at all. */
    boolean arePresent() {
        return tokens.isPresent();
    }

    /** The server has taken the token. */
    void attached() {
        refused = false;
    }

    /** Whether another token may be better than the one that the server has refused: once, until it takes one. */
    boolean renews(Outcome.Unauthorized outcome) {
        if (!tokens.isPresent()) {
            return false;
        }
        var newest = tokens.known();
        boolean oldNews = newest == null || !newest.equals(outcome.token());
        if (!oldNews && refused) {
            return false;
        }
        refused = true;
        tokens.reject(outcome.token());
        return true;
    }

    /** Waits for nothing more. */
    void stop() {
        if (worker != null) {
            worker.stop();
        }
    }
}
