package io.github.postern.push;

import io.github.postern.ws.connection.Message;
import org.jspecify.annotations.Nullable;

/**
 * The direction from the client: its position, what waits for the application, and when to acknowledge on a WebSocket
 * (PROTOCOL.md §8). Pure; guarded by its owner.
 */
final class Reception {
    private static final int ACK_MESSAGES = 250;
    private static final int ACK_BYTES = 64 * 1024;
    private static final long ACK_NANOS = 1_000_000_000L;

    /** No acknowledgement will be due before the next message. */
    static final long NOT_DUE = Long.MAX_VALUE;

    private final Inbox inbox;

    /** The highest number received, a close included. */
    private long position;

    private long acknowledged;

    /** The highest position that was ever acknowledged. */
    private long highestAcknowledged;

    private long unacknowledgedBytes;

    /** Bytes of all that was received. */
    private long bytes;

    /** When the oldest message that is not acknowledged arrived. */
    private long unacknowledgedSince;

    private boolean ackDue;

    /** The application takes no more than what waits for it and fits. */
    private boolean lettingGo;

    /** Something was dropped, and so will be whatever comes behind. */
    private boolean dropping;

    Reception(Inbox inbox) {
        this.inbox = inbox;
    }

    long position() {
        return position;
    }

    /** Whether so much more may be taken in. */
    boolean fits(int messages, long bytes) {
        return lettingGo || inbox.fits(messages, bytes);
    }

    /** The application has closed, and need not receive any more: nothing is held up for it, and what has no room is dropped, with all that comes behind. */
    void letGo() {
        lettingGo = true;
    }

    /** Bytes of all that was received. */
    long bytes() {
        return bytes;
    }

    /** Takes the next message in. */
    void add(Message message, int size, long now) {
        skip(size, now);
        dropping |= lettingGo && !inbox.fits(1, size);
        if (!dropping) {
            inbox.add(message, size);
        }
    }

    /** Takes a number without anything for the application. */
    void skip(int size, long now) {
        if (position == acknowledged) {
            unacknowledgedSince = now;
            unacknowledgedBytes = 0;
        }
        position++;
        unacknowledgedBytes += size;
        bytes += size;
        ackDue |= position - acknowledged >= ACK_MESSAGES || unacknowledgedBytes >= ACK_BYTES;
    }

    /** Whether so much waits that a WebSocket should not be read for now. */
    boolean isOverfull() {
        return !lettingGo && inbox.isFull(2);
    }

    /** Whether so much waits for the application that acknowledgements are withheld. */
    boolean isFull() {
        return inbox.isFull(1);
    }

    /** The next message for the application, or {@code null} if there is none. */
    @Nullable
    Message next() {
        return inbox.take();
    }

    /** Whether to acknowledge now; not while the application does not keep up. */
    boolean wantsAck() {
        return ackDue && !inbox.isFull(1);
    }

    /** What has arrived is to be acknowledged without waiting. */
    void hurry() {
        ackDue = true;
    }

    /** Whether there is something to acknowledge, due or not, and the application keeps up. */
    boolean mayAcknowledge() {
        return position > acknowledged && !inbox.isFull(1);
    }

    /** The position to acknowledge; counts as acknowledged from now on. */
    long acknowledge() {
        ackDue = false;
        acknowledged = position;
        highestAcknowledged = position;
        return position;
    }

    /** The other side knows that everything up to a position was received, and of no more. What came behind it is acknowledged soon. */
    void acknowledged(long known) {
        acknowledged = known;
        ackDue = position > known;
    }

    /** Whether the other side may have been told a higher position. */
    boolean hasAcknowledgedAbove(long known) {
        return highestAcknowledged > known;
    }

    /** The position that was acknowledged last. */
    long acknowledged() {
        return acknowledged;
    }

    /** Whether exactly one message is not acknowledged. */
    boolean isFirstUnacknowledged() {
        return position == acknowledged + 1;
    }

    /** Looks at the clock. */
    void tick(long now) {
        tick(now, ACK_NANOS);
    }

    /** Looks at the clock, where an acknowledgement may wait for so long. */
    void tick(long now, long delayNanos) {
        ackDue |= ackDueIn(now, delayNanos) <= 0;
    }

    /** In how many nanoseconds an acknowledgement is due that may wait for so long, or {@link #NOT_DUE}. */
    long ackDueIn(long now, long delayNanos) {
        return position > acknowledged ? unacknowledgedSince + delayNanos - now : NOT_DUE;
    }
}
