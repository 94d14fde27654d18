package io.github.postern.push;

import org.jspecify.annotations.Nullable;

/** What currently, or formerly, carries a session to its client. Guarded by the session. */
final class Attachment {
    static final String SUPERSEDED = "superseded";

    private final long epoch;
    private final PushTransport transport;
    private final Carrier carrier;

    /** The position from which this attachment continues. */
    private final long start;

    /** The server's position when it began: on a WebSocket the client's numbers are counted from it. */
    private final long received;

    /** The highest number that was handed to the carrier. */
    long cursor;

    /** The record {@code attached} has not been handed out yet. */
    boolean greets;

    /** What a bare client must be told that it will not get, or {@code null}. */
    @Nullable
    Parameters lost;

    /** The time to say something has come. */
    boolean due;

    /** Why the session left this attachment, or {@code null} while it is current. */
    @Nullable
    String ended;

    /** The last batch was handed out. */
    boolean finished;

    /** When something was written last, or when it began. */
    long lastWrite;

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
