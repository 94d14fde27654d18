package io.github.postern.push;

import io.github.postern.ws.connection.CloseInfo;
import io.github.postern.ws.connection.CloseInfo.Initiator;
import io.github.postern.ws.connection.Message;
import io.github.postern.ws.connection.SlowConsumer;
import io.github.postern.ws.core.CloseStatus;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What one session knows and decides on the server: numbers, acknowledgement, replay, epochs, the end (PROTOCOL.md §4 to §10). Pure: no
 * clock, no lock, no I/O. Times are nanoseconds of the owner's clock and are handed in. Guarded by the owner.
 */
final class SessionState {
    /** What {@link #tick} found. */
    enum Tick {
        NOTHING,
        /** The attachment has something to write. */
        WAKE,
        /** The session is over now. */
        EXPIRED,
        /** The session's end need not be remembered any longer. */
        FORGOTTEN
    }

    private final SessionKind kind;
    private final Timing timing;
    private final Delivery delivery;
    private final Reception reception;

    private final SessionEnd end = new SessionEnd();

    /** The server stops, and the client hands over what it had sent before it acknowledges that (§9). */
    private boolean goingAway;

    /** When a POST came last, or the session began. */
    private long postedAt;

    /** How many messages the client had not confirmed at the end. */
    private int unconfirmed;

    private final Fence fence;
    private final SessionOutput output;

    /**
     * The times that the state goes by, in nanoseconds.
     *
     * @param heartbeat silence after which an attachment is given a sign of life
     * @param pollTimeout how long a long poll hangs
     * @param expiry how long a session lives without an attachment, and is remembered after its end
     */
    record Timing(long heartbeat, long pollTimeout, long expiry) {}

    /** A session that shares the budget for what is kept with the others of its endpoint. */
    SessionState(SessionKind kind, PushLimits limits, ReplayBudget budget, Timing timing, long now) {
        this.kind = kind;
        this.timing = timing;
        var log = new ReplayLog(limits.unacknowledgedMessages(), limits.unacknowledgedBytes(), budget);
        this.delivery = new Delivery(log, kind == SessionKind.POSTERN);
        this.reception = new Reception(new Inbox(limits.unreceivedMessages(), limits.unreceivedBytes()));
        this.fence = new Fence(now);
        this.output = new SessionOutput(kind, delivery, reception, fence, end);
        this.postedAt = now;
    }

    SessionKind kind() {
        return kind;
    }

    SessionEnd.Phase phase() {
        return end.phase();
    }

    long epoch() {
        return fence.epoch();
    }

    /** The server's position. */
    long received() {
        return reception.position();
    }

    @Nullable
    Attachment current() {
        return fence.current();
    }

    /** What the client is told of the end, and of how much was received before; or {@code null} while it is not near. */
    Batch.@Nullable Close farewell() {
        return output.farewell();
    }

    /** How the session ended, or {@code null} while it has not. */
    @Nullable
    CloseInfo ending() {
        return end.info();
    }

    long unwrittenBytes() {
        return delivery.unwrittenBytes();
    }

    /** How many messages the client has not confirmed, or had not when the session ended. */
    int unconfirmed() {
        return end.isOver() ? unconfirmed : delivery.unacknowledged();
    }

    // attachments

    AttachResult attach(long epoch, PushTransport transport, long position, Carrier carrier, long now) {
        if (end.isOver()) {
            return new AttachResult.Over(Objects.requireNonNull(farewell()));
        }
        if (!fence.admits(epoch, transport)) {
            return new AttachResult.Fenced(fence.epoch());
        }
        if (position < delivery.forgotten() || position > output.lastGiven()) {
            return new AttachResult.BadPosition();
        }
        boolean greets = fence.isFirst(epoch);
        fence.takeOver(epoch, now);
        acknowledge(position, now);
        if (end.isOver()) {
            return new AttachResult.Over(Objects.requireNonNull(farewell())); // the position was that of our close
        }
        var attachment = new Attachment(epoch, transport, carrier, position, received(), greets, now);
        fence.enter(attachment);
        output.begin(attachment);
        return new AttachResult.Taken(attachment);
    }

    /** A bare client comes back with the last position it saw; the newest always takes over (§13). */
    AttachResult attachBare(PushTransport transport, long position, Carrier carrier, long now) {
        if (position > output.lastGiven()) {
            return new AttachResult.BadPosition();
        }
        long from = Math.max(position, delivery.forgotten());
        var result = attach(fence.epoch() + 1, transport, from, carrier, now);
        if (result instanceof AttachResult.Taken taken) {
            taken.attachment().cursor = position; // if that is below, the gap is found with the next messages
        }
        return result;
    }

    /** The attachment is gone; does nothing if the session has left it before. */
    void detach(Attachment attachment, long now) {
        fence.leave(attachment, now);
    }

    // to the client

    /** Takes a message of the application, which has not closed; false if there is no room for it now. */
    boolean offer(Outgoing item) {
        return delivery.offer(item);
    }

    /** Takes a message, or does what the policy says; drops it if the session is closing or over. */
    Offer offer(Outgoing item, SlowConsumer policy) {
        return phase() == SessionEnd.Phase.OPEN ? delivery.offer(item, policy) : Offer.DROPPED;
    }

    /** Takes the newest of some messages, as many as there is room for; returns how many. */
    int offerNewest(List<? extends Outgoing> items) {
        return phase() == SessionEnd.Phase.OPEN ? delivery.offerNewest(items) : 0;
    }

    /** What the attachment shall write next, or {@code null} if there is nothing. */
    @Nullable
    Batch take(Attachment attachment) {
        return output.take(attachment);
    }

    /** Whether there are messages that the attachment was not given, because its window is full or it has not come for them. */
    boolean hasMore(Attachment attachment) {
        return delivery.hasMore(attachment);
    }

    /** The attachment has written the batch; returns how many of its messages had been written before. */
    int written(Attachment attachment, Batch batch, long now) {
        return output.written(attachment, batch, now);
    }

    /** How many messages behind a position have been written, and so will be written again. */
    int writtenSince(long position) {
        return delivery.writtenSince(position);
    }

    /** The position up to which the client has acknowledged, or nothing is kept for another reason. */
    long forgotten() {
        return delivery.forgotten();
    }

    /** How many bytes of messages have been received. */
    long receivedBytes() {
        return reception.bytes();
    }

    /** The client has everything up to a position. Lower than before is no news; returns false if it cannot be. */
    boolean acknowledge(long position, long now) {
        return output.acknowledge(position, now);
    }

    // from the client

    Upstream.Result post(Upstream post, long now) {
        boolean bare = post.sequence() == Upstream.UNNUMBERED && kind == SessionKind.BARE_STREAM;
        long first = bare ? received() + 1 : post.sequence();
        boolean nothingNew = post.count() == 0 || first + post.count() - 1 <= received();
        postedAt = now;
        if (end.isOver()) {
            return nothingNew ? Upstream.Result.NOTHING_NEW : Upstream.Result.OVER;
        }
        if (!bare && post.epoch() < fence.epoch()) {
            return Upstream.Result.FENCED;
        }
        if (post.position() > output.lastGiven()) {
            return Upstream.Result.BAD_POSITION;
        }
        if (post.epoch() > fence.epoch()) {
            fence.takeOver(
                    post.epoch(), now); // first: what the former attachment was not given need not be kept for it
        }
        if (post.position() != Upstream.NO_POSITION) {
            acknowledge(post.position(), now);
            if (end.isOver()) {
                return Upstream.Result.NOTHING_NEW; // it acknowledged our close; what it sent nobody will take
            }
        }
        if (nothingNew) {
            return Upstream.Result.NOTHING_NEW;
        }
        if (first > received() + 1) {
            return Upstream.Result.GAP;
        }
        return take(post, (int) (received() + 1 - first), now);
    }

    private Upstream.Result take(Upstream post, int known, long now) {
        var fresh = post.items()
                .subList(Math.min(known, post.items().size()), post.items().size());
        long bytes = fresh.stream().mapToLong(Upstream.Item::bytes).sum();
        if (!reception.fits(fresh.size(), bytes)) {
            return Upstream.Result.FULL;
        }
        for (var item : fresh) {
            reception.add(item.message(), item.bytes(), now);
        }
        if (post.close() != null) {
            reception.skip(0, now);
            peerClosed(post.close(), now);
        }
        return Upstream.Result.TAKEN;
    }

    /**
     * A message came over the current WebSocket.
     *
     * @return whether it was taken; false if the session has left the attachment, or is over
     */
    boolean deliver(Attachment attachment, Message message, int bytes, long now) {
        if (fence.current() != attachment || end.isOver()) {
            return false;
        }
        reception.add(message, bytes, now);
        if (goingAway) {
            reception.hurry(); // the client waits for it
        }
        return true;
    }

    /** Whether so much waits for the application that a WebSocket should not be read for now. */
    boolean isOverfull() {
        return !end.isOver() && reception.isOverfull();
    }

    /** The next message for the application, or {@code null} if there is none. */
    @Nullable
    Message nextReceived() {
        return reception.next();
    }

    /** Whether the current attachment has an acknowledgement to write now. */
    boolean wantsAck() {
        var current = fence.current();
        return reception.wantsAck() && current != null && current.transport() == PushTransport.WEBSOCKET;
    }

    // the end

    /** This side closes, behind everything that was appended. Does nothing if the session is closing already. */
    void close(CloseStatus status) {
        end.close(status, delivery.last() + 1);
        goingAway = false;
        reception.letGo(); // an application that has stopped receiving must not hold up the client's acknowledgement
    }

    /** The server stops: closes with 1001, and goes on taking in what the client had sent. Does nothing if the session is closing already. */
    void goAway() {
        if (phase() == SessionEnd.Phase.OPEN) {
            end.close(CloseStatus.GOING_AWAY, delivery.last() + 1);
            goingAway = true;
        }
    }

    /** Whether the client is to hand over what it had sent, to an application that receives it. */
    boolean isGoingAway() {
        return goingAway && phase() == SessionEnd.Phase.CLOSING;
    }

    /** The position to acknowledge on a WebSocket that was told of the end, or {@link Batch#NO_ACK}. */
    long handOverAck(Attachment attachment) {
        boolean acks = isGoingAway() && fence.current() == attachment && reception.wantsAck();
        return acks ? reception.acknowledge() : Batch.NO_ACK;
    }

    /** Whether the client is still to be told of the end, or may have something to say about it: it is attached, or was heard of not long ago. */
    boolean mayHandOver(long now, long patience) {
        return switch (phase()) {
            case OPEN -> true;
            case CLOSING -> !fence.isVacant(now, patience) || now - postedAt < patience;
            case OVER -> false;
        };
    }

    /** The client has closed over an attachment; does nothing if the session has left it. */
    void peerClosed(Attachment attachment, CloseStatus status, long now) {
        if (fence.current() == attachment && !end.isOver()) {
            reception.skip(0, now);
            peerClosed(status, now);
        }
    }

    private void peerClosed(CloseStatus status, long now) {
        end.peerClosed(status, delivery.last() + 1, now);
        unconfirmed = delivery.unacknowledged();
        delivery.clear();
    }

    /** Whether a poll may still come and be told of the end: the last one is not long ago. */
    boolean expectsPoll(long now, long patience) {
        boolean betweenPolls = fence.isSeries() && fence.current() == null && !fence.isVacant(now, patience);
        return phase() == SessionEnd.Phase.CLOSING && !end.isTold() && betweenPolls;
    }

    /** The session ends without a word from the client; does nothing if it is over. */
    void end(CloseInfo info, long now) {
        if (!end.isOver()) {
            end.lost(info, delivery.last() + 1, now);
            unconfirmed = delivery.unacknowledged();
            delivery.clear();
        }
    }

    /** Looks at the clock. */
    Tick tick(long now) {
        if (end.isOver()) {
            return end.isForgotten(now, timing.expiry()) ? Tick.FORGOTTEN : Tick.NOTHING;
        }
        if (fence.isVacant(now, timing.expiry())) {
            end(new CloseInfo(SessionCodes.EXPIRED, Initiator.NETWORK, null, null, null), now);
            return Tick.EXPIRED;
        }
        var current = fence.current();
        if (current == null) {
            return Tick.NOTHING;
        }
        boolean hanging = current.transport() == PushTransport.LONG_POLLING;
        long patience = hanging ? timing.pollTimeout() : timing.heartbeat();
        if (now - current.lastWrite >= patience && kind != SessionKind.BARE_WEBSOCKET) {
            current.due = true;
        }
        reception.tick(now);
        if (current.isToRotate(now)) {
            output.leave(current, Attachment.Detach.ROTATE);
        }
        return current.due || current.ended != null || wantsAck() ? Tick.WAKE : Tick.NOTHING;
    }

    /** Asks the client to attach anew; does nothing if nothing carries the session. */
    void move() {
        output.move();
    }
}
