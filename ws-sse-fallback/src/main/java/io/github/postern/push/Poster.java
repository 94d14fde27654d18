package io.github.postern.push;

import io.github.postern.ws.connection.CloseInfo;
import io.github.postern.ws.connection.CloseInfo.Initiator;
import io.github.postern.ws.core.CloseStatus;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sends what the session has for the server, one POST at a time, and repeats it until it is answered (PROTOCOL.md §7). Works on whatever receives
 * meanwhile: streams and polls come and go beside it.
 */
final class Poster {
    private static final System.Logger LOG = System.getLogger(Poster.class.getName());

    private static final int TOO_LARGE = 413;

    private final GuardedState state;
    private final Uplink uplink;
    private final HttpLink link;
    private final TokenSource tokens;
    private final Backoff backoff;

    /** The server has refused the last POST for its token. */
    private boolean unauthorized;

    Poster(GuardedState state, HttpLink link, TokenSource tokens, Backoff backoff) {
        this.tokens = tokens;
        this.state = state;
        this.uplink = new Uplink(state);
        this.link = link;
        this.backoff = backoff;
    }

    /** Posts until the session is over. */
    void run() throws InterruptedException {
        for (var post = uplink.nextPost(); post != null; post = uplink.nextPost()) {
            var outcome = attempt(post);
            if (outcome == null) {
                unauthorized = false;
                backoff.reset();
            } else {
                LOG.log(Level.DEBUG, "{0}: {1}", post, outcome);
                react(post, outcome);
            }
        }
    }

    /** Nobody posts any more, because of a fault of ours, which no attachment can mend: so the session ends. */
    void failed(Throwable failure) {
        state.end(new CloseInfo(CloseStatus.ABNORMAL, Initiator.LOCAL, null, null, failure));
    }

    /** Returns {@code null} if the server took it. */
    private @Nullable Outcome attempt(Post post) throws InterruptedException {
        try {
            var token = tokens.value();
            var reply = link.post(post, state.silenceNanos());
            long received = Numbers.parse(reply.header(PushHeaders.RECEIVED).orElse(null));
            if (reply.status() != 200 && reply.status() != 204) {
                if (reply.status() == TOO_LARGE && received != Numbers.MALFORMED) {
                    closeTooBig(post, received);
                }
                return Refusal.withToken(
                        token,
                        Refusal.ofStatus(
                                reply.status(),
                                reply.header(PushHeaders.ERROR),
                                reply.header("Retry-After"),
                                reply.body()));
            }
            if (received == Numbers.MALFORMED) {
                return new Outcome.Refused(new IOException("the answer is not a push server's"));
            }
            boolean possible = state.change(s -> s.answered(post, received));
            return possible ? null : Refusal.violation("more received than was sent: " + received);
        } catch (IOException e) {
            return new Outcome.Broken(e);
        }
    }

    /** §7: the message would only be repeated, so the session ends, and the server is told. */
    private void closeTooBig(Post refused, long received) throws IOException, InterruptedException {
        var close = new Batch.Close(received + 1, CloseStatus.MESSAGE_TOO_BIG);
        var unused = link.post(
                new Post(refused.session(), refused.epoch(), List.of(), close, Batch.NO_ACK), state.silenceNanos());
    }

    private void react(Post post, Outcome outcome) throws InterruptedException {
        switch (outcome) {
            case Outcome.Broken broken -> uplink.pause(backoff.next());
            case Outcome.Refused refused -> uplink.pause(backoff.next());
            case Outcome.Busy busy -> uplink.pause(Math.max(busy.afterMillis(), backoff.next()));
            case Outcome.Moved moved -> uplink.pause(moved.afterMillis());
            case Outcome.Gone gone ->
                state.change(s -> {
                    s.gone(gone.status());
                    return true;
                });
            case Outcome.Failed failed -> {
                boolean fencedByOurselves = failed.info().status().equals(SessionCodes.FENCED)
                        && state.change(s -> s.epochs().fence(post.epoch()));
                if (!fencedByOurselves) {
                    state.end(failed.info());
                }
            }
            case Outcome.Unauthorized refused -> authorize(refused);
            case Outcome.Over over -> {}
            case Outcome.Stray stray -> {}
        }
    }

    /** Gets another token, once; otherwise the session ends. */
    private void authorize(Outcome.Unauthorized refused) throws InterruptedException {
        if (!tokens.isPresent() || unauthorized) {
            state.end(Refusal.unauthorized(refused.cause()));
            return;
        }
        unauthorized = true;
        try {
            var unused = tokens.renew(refused.token());
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "no token", e);
            unauthorized = false;
            uplink.pause(backoff.next());
        }
    }

    /** Acknowledges the server's close, once: if that is lost, the server forgets the session in time. */
    static void acknowledgeClose(HttpLink link, Post post, long timeoutNanos) throws InterruptedException {
        try {
            var unused = link.post(post, timeoutNanos);
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "the server's close could not be acknowledged", e);
        }
    }
}
