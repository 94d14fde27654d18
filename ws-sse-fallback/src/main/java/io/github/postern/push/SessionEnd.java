package io.github.postern.push;

import io.github.postern.ws.connection.CloseInfo;
import io.github.postern.ws.connection.CloseInfo.Initiator;
import io.github.postern.ws.core.CloseStatus;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How far a session is on the way to its end, and what either side is told of it (PROTOCOL.md §9). Pure; guarded by its owner. */
final class SessionEnd {
    /** How far the session is. */
    enum Phase {
        OPEN,
        /** This side has closed; the client has not acknowledged that yet. */
        CLOSING,
        OVER
    }

    private Phase phase = Phase.OPEN;

    /** What the client is told, or {@code null} while the session is open. */
    private Batch.@Nullable Close farewell;

    private @Nullable CloseInfo info;
    private long overSince;

    /** The close has been given to some attachment. */
    private boolean given;

    /** The close has been written to some attachment. */
    private boolean told;

    Phase phase() {
        return phase;
    }

    boolean isOver() {
        return phase == Phase.OVER;
    }

    /** What the client is told, or {@code null} while the session is open. */
    Batch.@Nullable Close farewell() {
        return farewell;
    }

    /** How it ended, or {@code null} while it has not. */
    @Nullable
    CloseInfo info() {
        return info;
    }

    /** This side closes, with that number; does nothing if the session is not open. */
    void close(CloseStatus status, long number) {
        if (phase == Phase.OPEN) {
            phase = Phase.CLOSING;
            farewell = new Batch.Close(number, status);
        }
    }

    /** Whether the close has been given to some attachment, so that the client may know its number. */
    boolean isGiven() {
        return given;
    }

    void given() {
        given = true;
    }

    /** Whether the close has been written to some attachment, which does not mean that the client has got it. */
    boolean isTold() {
        return told;
    }

    void told() {
        told = true;
    }

    /** The client knows that this side has closed. */
    void acknowledged(long now) {
        var status = Objects.requireNonNull(farewell).status();
        over(new CloseInfo(status, Initiator.LOCAL, status, status, null), now);
    }

    /** The client closes; our answer has that number unless we closed before. */
    void peerClosed(CloseStatus status, long number, long now) {
        if (farewell == null) {
            farewell = new Batch.Close(number, status);
            over(new CloseInfo(status, Initiator.REMOTE, status, status, null), now);
        } else {
            over(new CloseInfo(status, Initiator.LOCAL, farewell.status(), status, null), now);
        }
    }

    /** The session ends without a word from the client. An abort tells it no more than that there is no session. */
    void lost(CloseInfo how, long number, long now) {
        if (farewell == null) {
            boolean aborted = how.status().code() == CloseStatus.ABNORMAL.code();
            farewell = new Batch.Close(number, aborted ? SessionCodes.UNKNOWN : how.status());
        }
        over(how, now);
    }

    private void over(CloseInfo how, long now) {
        phase = Phase.OVER;
        info = how;
        overSince = now;
    }

    /** Whether the end is so long ago that it need not be remembered. */
    boolean isForgotten(long now, long patience) {
        return now - overSince >= patience;
    }
}
