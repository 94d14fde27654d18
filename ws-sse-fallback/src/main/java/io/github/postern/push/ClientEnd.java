package io.github.postern.push;

import io.github.postern.ws.connection.CloseInfo;
import io.github.postern.ws.connection.CloseInfo.Initiator;
import io.github.postern.ws.core.CloseStatus;
import org.jspecify.annotations.Nullable;

/** How far a client's session is on the way to its end, and what either side says of it (PROTOCOL.md §9). Pure; guarded by its owner. */
final class ClientEnd {
    /** How far the session is. */
    enum Phase {
        /** No attachment has been answered yet. */
        OPENING,
        OPEN,
        /** This side has closed; the server has not confirmed that yet. */
        CLOSING,
        /** The server stops, and has not confirmed everything that was sent. */
        DRAINING,
        OVER
    }

    private Phase phase = Phase.OPENING;

    /** Our close, or {@code null} if this side has not closed. */
    private Batch.@Nullable Close farewell;

    /** The current WebSocket was given our close. */
    private boolean written;

    private @Nullable CloseInfo info;

    /** The close of a server that stops, or {@code null}. */
    private Batch.@Nullable Close stopping;

    /** The position that the server, having closed, waits for; or {@link Batch#NO_ACK}. */
    private long owedAck = Batch.NO_ACK;

    Phase phase() {
        return phase;
    }

    boolean isOver() {
        return phase == Phase.OVER;
    }

    /** Our close, or {@code null} if this side has not closed. */
    Batch.@Nullable Close farewell() {
        return farewell;
    }

    /** How the session ended, or {@code null} while it has not. */
    @Nullable
    CloseInfo info() {
        return info;
    }

    /** The first attachment was answered. */
    void opened() {
        if (phase == Phase.OPENING) {
            phase = Phase.OPEN;
        }
    }

    /** This side closes with that number, if the session is open. */
    void close(long number, CloseStatus status) {
        if (phase == Phase.OPEN) {
            phase = Phase.CLOSING;
            farewell = new Batch.Close(number, status);
        }
    }

    /** A new attachment begins, which our close has to be written to again. */
    void rewind() {
        written = false;
    }

    /** Our close for the current WebSocket, once; otherwise {@code null}. */
    Batch.@Nullable Close write() {
        var close = written ? null : farewell;
        written = farewell != null;
        return close;
    }

    /** The server has everything up to a position, which may confirm our close. */
    void acknowledged(long position) {
        if (farewell != null && position == farewell.number()) {
            over(answered(farewell.status(), farewell.status()));
        }
    }

    /**
     * The server's close record came.
     *
     * @param next whether nothing before it is missing; its number may be any if this side has closed too, as it may be the answer
     */
    void peerClosed(long number, boolean next, CloseStatus status) {
        if (farewell == null) {
            owedAck = number;
            over(new CloseInfo(status, Initiator.REMOTE, status, status, null));
        } else {
            // our close may be on its way, but in a POST that is cut short now, or with a writer that comes too late
            owedAck = next ? number : Batch.NO_ACK;
            over(answered(farewell.status(), status));
        }
    }

    /** The server has closed because it stops; that is acknowledged when it has confirmed what was sent. */
    void drain(long number, CloseStatus status) {
        phase = Phase.DRAINING;
        stopping = new Batch.Close(number, status);
    }

    /** The server has confirmed everything. Does nothing if the session does not drain. */
    void drained() {
        if (phase == Phase.DRAINING && stopping != null) {
            peerClosed(stopping.number(), true, stopping.status());
        }
    }

    /** There is no more time for the rest; the close is not acknowledged, so that the server knows. Does nothing if the session does not drain. */
    void givesUpDraining() {
        if (phase == Phase.DRAINING && stopping != null) {
            over(new CloseInfo(stopping.status(), Initiator.REMOTE, null, stopping.status(), null));
        }
    }

    /** The server no longer has the session, which confirms our close too. */
    void gone(CloseStatus status) {
        over(
                farewell != null
                        ? answered(farewell.status(), farewell.status())
                        : new CloseInfo(status, Initiator.REMOTE, null, status, null));
    }

    private static CloseInfo answered(CloseStatus sent, CloseStatus received) {
        return new CloseInfo(received, Initiator.LOCAL, sent, received, null);
    }

    /** The session is over; does nothing if it was before. */
    void over(CloseInfo how) {
        if (phase != Phase.OVER) {
            phase = Phase.OVER;
            info = how;
        }
    }

    /** The position that the server, having closed, still waits for; or {@link Batch#NO_ACK}. Only once. */
    long takeOwedAck() {
        long owed = owedAck;
        owedAck = Batch.NO_ACK;
        return owed;
    }
}
