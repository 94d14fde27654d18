package io.github.postern.push;

import io.github.postern.ws.connection.CloseInfo;
import io.github.postern.ws.connection.CloseInfo.Initiator;
import io.github.postern.ws.core.CloseStatus;
import java.util.concurrent.TimeUnit;

/** What the end of an attachment, or of an attempt at one, means: whether the session ends with it, and when the next attempt may begin. For the loop's thread. */
final class AttachmentEnds {
    private final GuardedState state;
    private final TokenRenewal tokens;
    private final Backoff backoff;
    private final OpeningFailures openingFailures = new OpeningFailures();

    AttachmentEnds(GuardedState state, TokenRenewal tokens, Backoff backoff) {
        this.state = state;
        this.tokens = tokens;
        this.backoff = backoff;
    }

    /**
     * Ends the session if it must.
     *
     * @param besideAnother whether another one carries the session
     */
    void judge(Outcome outcome, Downlink attachment, boolean besideAnother) {
        if (state.get(ClientState::phase) == ClientEnd.Phase.OPENING) {
            whileOpening(outcome);
        } else {
            afterOpening(outcome, attachment, besideAnother);
        }
    }

    private void whileOpening(Outcome outcome) {
        if (outcome instanceof Outcome.Unauthorized refused && tokens.renews(refused)) {
            return;
        }
        if (openingFailures.add(outcome, tokens.arePresent())) {
            cannotOpen();
        }
    }

    /** Everything was tried, and the session cannot be opened. */
    void cannotOpen() {
        state.end(new CloseInfo(CloseStatus.ABNORMAL, Initiator.NETWORK, null, null, openingFailures.cause()));
    }

    /** What fails beside an attachment that lives need not mean the end. */
    private void afterOpening(Outcome outcome, Downlink attachment, boolean besideAnother) {
        switch (outcome) {
            case Outcome.Gone gone ->
                state.change(s -> {
                    s.gone(gone.status());
                    return true;
                });
            case Outcome.Failed failed -> {
                int code = failed.info().status().code();
                boolean taken = code == SessionCodes.FENCED.code();
                boolean own = taken ? attachment.isSucceeded() : attachment.isOvertaken();
                if (!own && (taken || !besideAnother)) {
                    state.end(failed.info());
                }
            }
            case Outcome.Unauthorized refused -> {
                if (!tokens.renews(refused)) {
                    state.end(Refusal.unauthorized(refused.cause()));
                }
            }
            case Outcome.Broken broken -> {}
            case Outcome.Refused refused -> {}
            case Outcome.Busy busy -> {}
            case Outcome.Moved moved -> {}
            case Outcome.Stray stray -> {}
            case Outcome.Over over -> {}
        }
    }

    /** When the next attempt may begin. */
    long notBefore(Outcome outcome, boolean carried, long now) {
        boolean opening = state.get(ClientState::phase) == ClientEnd.Phase.OPENING;
        return switch (outcome) {
            case Outcome.Moved moved -> now + TimeUnit.MILLISECONDS.toNanos(moved.afterMillis());
            case Outcome.Stray stray -> now + 1; // in the future, so the transport may be tried again
            case Outcome.Unauthorized refused when tokens.arePresent() -> now + 1;
            case Outcome.Busy busy when opening -> now; // the others are tried before connecting fails
            case Outcome.Busy busy
            when busy.afterMillis() > 0 || carried ->
                now + TimeUnit.MILLISECONDS.toNanos(Math.max(busy.afterMillis(), backoff.next()));
            default -> carried ? now + TimeUnit.MILLISECONDS.toNanos(backoff.next()) : now;
        };
    }
}
