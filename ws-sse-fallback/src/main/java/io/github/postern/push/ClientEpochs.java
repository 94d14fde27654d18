package io.github.postern.push;

import java.util.ArrayDeque;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * Which attachment carries a client's session, and which attaches are under way beside it (PROTOCOL.md §4, §5). Pure; guarded by its
 * owner.
 */
final class ClientEpochs {
    /**
     * An attach that was sent and not answered.
     *
     * @param epoch its epoch
     * @param transport what would carry the session
     * @param position the client's position that it told
     * @param acknowledged up to where the server had acknowledged when it was sent
     * @param since when it was sent
     */
    record Attach(long epoch, PushTransport transport, long position, long acknowledged, long since) {}

    /** There is no epoch in which a POST may be made. */
    static final long NONE = 0;

    /** How long an attach that is not answered holds back acknowledgements at most. */
    static final long WITHHOLD_NANOS = 3_000_000_000L;

    private long issued;
    private final ArrayDeque<Attach> pending = new ArrayDeque<>(2);
    private long current;
    private PushTransport transport;
    private boolean alive;

    /** The newest epoch whose POST was fenced by a newer attach of our own. */
    private long fenced;

    /**
     * No attachment yet.
     *
     * @param preferred what is told as the transport until there is one
     */
    ClientEpochs(PushTransport preferred) {
        this.transport = preferred;
    }

    /** The highest epoch that was given out. */
    long issued() {
        return issued;
    }

    /** What carries the session, or carried it last. */
    PushTransport transport() {
        return transport;
    }

    /** Whether the attachment of an epoch carries the session. */
    boolean carries(long epoch) {
        return alive && current == epoch;
    }

    /** Gives out the next epoch. */
    Attach issue(PushTransport over, long position, long acknowledged, long now) {
        issued++;
        var attach = new Attach(issued, over, position, acknowledged, now);
        pending.addLast(attach);
        return attach;
    }

    /** The attach of an epoch, or {@code null} if none of that epoch is under way. */
    @Nullable
    Attach find(long epoch) {
        for (var attach : pending) {
            if (attach.epoch() == epoch) {
                return attach;
            }
        }
        return null;
    }

    /** The server has answered an attach: it carries the session, and those before it never will. */
    void enter(Attach attach) {
        pending.removeIf(other -> other.epoch() <= attach.epoch());
        current = attach.epoch();
        transport = attach.transport();
        alive = true;
    }

    /** An attachment, or an attempt at one, is at its end. */
    void leave(long epoch) {
        pending.removeIf(attach -> attach.epoch() == epoch);
        if (current == epoch) {
            alive = false;
        }
    }

    /** The server takes no more POSTs of an epoch. Returns false if no newer one of ours can be the reason. */
    boolean fence(long epoch) {
        fenced = Math.max(fenced, epoch);
        return epoch < issued;
    }

    /** The epoch of the next POST, or {@link #NONE}: over a WebSocket messages go another way. */
    long postEpoch() {
        if (alive && current > fenced) {
            return transport == PushTransport.WEBSOCKET ? NONE : current;
        }
        for (Iterator<Attach> newest = pending.descendingIterator(); newest.hasNext(); ) {
            var attach = newest.next();
            if (attach.transport() != PushTransport.WEBSOCKET) {
                return attach.epoch() > fenced ? attach.epoch() : NONE;
            }
        }
        boolean mayStillPost = current > fenced && transport != PushTransport.WEBSOCKET;
        return mayStillPost ? current : NONE;
    }

    /**
     * For how long acknowledgements are still held back, 0 if they are not. The server must not get one by the old attachment that is above what an
     * attach under way has told: it would have forgotten what the attach asks for.
     */
    long withheldFor(long now) {
        long rest = 0;
        for (var attach : pending) {
            rest = Math.max(rest, attach.since() + WITHHOLD_NANOS - now);
        }
        return rest;
    }
}
