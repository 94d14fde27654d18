package io.github.postern.push;

import org.jspecify.annotations.Nullable;

/** What currently, or formerly, carries a session to its client. Guarded by the session. */
final class Attachment {
    /** What a record {@code detach} says. */
    record Detach(String reason, long afterMillis) {
        static final Detach SUPERSEDED = new Detach("superseded", 0);
        static final Detach REPEATED = new Detach("repeated", 0);
        static final Detach ROTATE = new Detach("rotate", 0);
        static final Detach MOVE = new Detach("move", 0);

        /** The parameters of the record. */
        Parameters parameters() {
            var parameters = new Parameters().with("reason", reason);
            return afterMillis == 0 ? parameters : parameters.with("after", afterMillis);
        }
    }

    /** No time to rotate. */
    static final long NEVER = Long.MAX_VALUE;

    private final long epoch;
    private final PushTransport transport;
    private final Carrier carrier;

    /** The position from which this attachment continues. */
    private final long start;

    /** The server's position when it began: on a WebSocket the client's numbers are counted from it. */
    private final long received;

    /** The highest number that was handed to the carrier. */
    long cursor;

    /** The highest position that the client acknowledged meanwhile; it may be above the cursor. */
    long acknowledged;

    /** Bytes of all messages up to the cursor, counted as {@link ReplayLog#acknowledgedBytes}. */
    long cursorBytes;

    /** The record {@code attached} has not been handed out yet. */
    boolean greets;

    /** What a bare client must be told that it will not get, or {@code null}. */
    @Nullable
    Parameters lost;

    /** The time to say something has come. */
    boolean due;

    /** Why the session leaves this attachment, or has left it; {@code null} while it does not. */
    @Nullable
    Detach ended;

    /** The client was, or is to be, asked to attach anew, which it does while this attachment goes on. */
    @Nullable
    Detach moving;

    /** How long after its beginning it ends by itself, or {@link #NEVER}. */
    long rotation = NEVER;

    /** The last batch was handed out. */
    boolean finished;

    /** When something was written last, or when it began. */
    long lastWrite;

    private final long began;

    Attachment(
            long epoch,
            PushTransport transport,
            Carrier carrier,
            long position,
            long received,
            boolean greets,
            long now) {
        this.epoch = epoch;
        this.transport = transport;
        this.carrier = carrier;
        this.start = position;
        this.received = received;
        this.cursor = position;
        this.greets = greets;
        this.lastWrite = now;
        this.began = now;
    }

    /** Whether it has lasted as long as one may. */
    boolean isToRotate(long now) {
        return now - began >= rotation;
    }

    long epoch() {
        return epoch;
    }

    PushTransport transport() {
        return transport;
    }

    Carrier carrier() {
        return carrier;
    }

    long start() {
        return start;
    }

    long received() {
        return received;
    }
}
