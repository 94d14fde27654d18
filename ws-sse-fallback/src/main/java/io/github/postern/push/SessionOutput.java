package io.github.postern.push;

import org.jspecify.annotations.Nullable;

/**
 * What a session says to its client: what its attachments write next, how far the client has acknowledged it, and when an attachment ends with a word (PROTOCOL.md
 * §5 to §9). Pure; guarded by its owner.
 */
final class SessionOutput {
    /** Bytes of messages in one batch, but for its last message. */
    private static final int BATCH_BYTES = 32 * 1024;

    private final SessionKind kind;
    private final Delivery delivery;
    private final Reception reception;
    private final Fence fence;
    private final SessionEnd end;

    /** The client's next poll is to be told to attach anew. */
    private boolean movesWithNextPoll;

    SessionOutput(SessionKind kind, Delivery delivery, Reception reception, Fence fence, SessionEnd end) {
        this.kind = kind;
        this.delivery = delivery;
        this.reception = reception;
        this.fence = fence;
        this.end = end;
    }

    /** An attachment has begun, the first of its epoch if it greets. */
    void begin(Attachment attachment) {
        if (attachment.greets) {
            reception.acknowledge(); // the record "attached" says so
        } else if (movesWithNextPoll) {
            leave(attachment, Attachment.Detach.MOVE);
        }
        movesWithNextPoll = false;
    }

    /** What the client is told of the end, and of how much of it was received before; or {@code null} while it is not near. */
    Batch.@Nullable Close farewell() {
        var farewell = end.farewell();
        return farewell == null || kind != SessionKind.POSTERN ? farewell : farewell.confirming(reception.position());
    }

    /** What the attachment shall write next, or {@code null} if there is nothing. */
    @Nullable
    Batch take(Attachment attachment) {
        if (attachment.finished) {
            return null;
        }
        if (attachment.ended != null) {
            attachment.finished = true;
            return Batch.detached(attachment.ended);
        }
        boolean series = attachment.transport().isSeries();
        var entries = delivery.next(attachment, series ? Integer.MAX_VALUE : BATCH_BYTES);
        var close = attachment.cursor >= delivery.last() ? farewell() : null;
        boolean greets = attachment.greets;
        long ack = takeAck(attachment);
        var lost = attachment.lost;
        var detach = attachment.moving;
        boolean something =
                greets || lost != null || ack != Batch.NO_ACK || !entries.isEmpty() || close != null || detach != null;
        boolean heartbeat = !something && attachment.due && !series;
        boolean end = close != null
                || attachment.transport() == PushTransport.POLLING
                || (series && (something || attachment.due));
        if (!something && !heartbeat && !end) {
            return null;
        }
        if (close != null) {
            this.end.given();
        }
        attachment.greets = false;
        attachment.lost = null;
        attachment.moving = null;
        attachment.due = false;
        attachment.finished = end;
        return new Batch(greets, lost, ack, entries, close, detach, heartbeat, end);
    }

    private long takeAck(Attachment attachment) {
        boolean acks = attachment.transport() == PushTransport.WEBSOCKET && kind == SessionKind.POSTERN;
        return acks && reception.wantsAck() ? reception.acknowledge() : Batch.NO_ACK;
    }

    /** The attachment has written the batch; returns how many of its messages had been written before. */
    int written(Attachment attachment, Batch batch, long now) {
        attachment.lastWrite = now;
        int again = delivery.written(batch.entries());
        if (batch.close() != null) {
            end.told();
        }
        if (kind == SessionKind.BARE_WEBSOCKET) {
            delivery.forgetWritten();
        }
        if (batch.close() != null && end.phase() == SessionEnd.Phase.CLOSING && kind == SessionKind.BARE_STREAM) {
            end.acknowledged(now);
            delivery.clear();
        }
        boolean staysForAck = batch.close() != null && attachment.transport() == PushTransport.WEBSOCKET;
        if (batch.end() && !staysForAck) {
            fence.leave(attachment, now);
        }
        return again;
    }

    /** The client has everything up to a position. Lower than before is no news; returns false if it cannot be. */
    boolean acknowledge(long position, long now) {
        if (position > lastGiven()) {
            return false;
        }
        var current = fence.current();
        var farewell = end.farewell();
        if (end.phase() == SessionEnd.Phase.CLOSING && farewell != null && position == farewell.number()) {
            delivery.acknowledge(delivery.last());
            end.acknowledged(now);
        } else if (current == null) {
            delivery.acknowledge(Math.min(position, delivery.last()));
        } else {
            delivery.acknowledge(current, Math.min(position, delivery.last()));
        }
        return true;
    }

    /** The highest number that the client can know. */
    long lastGiven() {
        var farewell = end.farewell();
        return farewell != null && end.isGiven() ? farewell.number() : delivery.given();
    }

    /**
     * Asks the client to attach anew: over HTTP the response ends with that, or the next poll does if this falls between two; a WebSocket goes on until it
     * has happened (§6, §8). Does nothing if nothing carries the session.
     */
    void move() {
        if (kind != SessionKind.POSTERN || end.phase() != SessionEnd.Phase.OPEN) {
            return;
        }
        var current = fence.current();
        if (current == null || current.finished) {
            movesWithNextPoll = fence.isSeries();
        } else if (current.transport() == PushTransport.WEBSOCKET) {
            current.moving = Attachment.Detach.MOVE;
        } else {
            leave(current, Attachment.Detach.MOVE);
        }
    }

    /** Ends an HTTP attachment with a record, unless the end of the session is told by the next one anyway. */
    void leave(Attachment attachment, Attachment.Detach detach) {
        if (end.phase() == SessionEnd.Phase.OPEN && attachment.ended == null && !attachment.greets) {
            attachment.ended = detach;
        }
    }
}
