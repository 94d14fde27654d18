package io.github.postern.push;

import io.github.postern.ws.connection.SlowConsumer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The direction to the client: what was sent, how far it was given to attachments, how far they wrote it, how far it was acknowledged. Pure but for the
 * budget of the log; guarded by its owner.
 *
 * <p>Numbers are fixed when a message is given to an attachment for the first time. What still waits for that can be dropped or replaced, and leaves no
 * gap: nobody has seen its number.
 */
final class Delivery {
    private final ReplayLog log;

    /** Whether the client acknowledges. If not, what was written may be forgotten when room is needed. */
    private final boolean acknowledged;

    /** The highest number that was given to any attachment. */
    private long given;

    /** The highest number that was written by any attachment. */
    private long written;

    private long unwrittenBytes;

    Delivery(ReplayLog log, boolean acknowledged) {
        this.log = log;
        this.acknowledged = acknowledged;
    }

    /** The number of the newest message. */
    long last() {
        return log.last();
    }

    /** The highest number that a client can know. */
    long given() {
        return given;
    }

    /** The position up to which nothing can be repeated any more. */
    long forgotten() {
        return log.acknowledged();
    }

    /** How many messages the client has not acknowledged. */
    int unacknowledged() {
        return log.size();
    }

    long unwrittenBytes() {
        return unwrittenBytes;
    }

    /** Takes a message; false if there is no room for it now. */
    boolean offer(Outgoing item) {
        forgetFor(item.bytes());
        if (!log.offer(item)) {
            return false;
        }
        unwrittenBytes += item.bytes();
        return true;
    }

    /** Takes a message, or does what the policy says. */
    Offer offer(Outgoing item, SlowConsumer policy) {
        forgetFor(item.bytes());
        long before = log.bytes();
        var outcome = log.offer(item, policy, given);
        unwrittenBytes += log.bytes() - before;
        return outcome;
    }

    /** Where nobody acknowledges, the oldest of what was written makes room. */
    private void forgetFor(int bytes) {
        while (!acknowledged && !log.fits(1, bytes) && log.acknowledged() < written) {
            log.acknowledge(log.acknowledged() + 1);
        }
    }

    /** Takes the newest of some messages, as many as there is room for; returns how many. */
    int offerNewest(List<? extends Outgoing> items) {
        int first = items.size();
        long bytes = 0;
        while (first > 0
                && log.fits(
                        items.size() - first + 1, bytes + items.get(first - 1).bytes())) {
            first--;
            bytes += items.get(first).bytes();
        }
        int taken = 0;
        for (var item : items.subList(first, items.size())) {
            if (!offer(item)) {
                return taken; // others took from the budget meanwhile
            }
            taken++;
        }
        return taken;
    }

    /**
     * The next messages for an attachment, whose cursor they move. A WebSocket gets no more than the window of §8 allows, whatever the limits of the log are.
     *
     * @param maxBytes how much is enough: the last message may exceed it
     */
    List<ReplayLog.Entry> next(Attachment attachment, int maxBytes) {
        acknowledge(attachment, attachment.acknowledged); // which may have waited for the cursor
        if (attachment.cursor <= log.acknowledged()) {
            attachment.cursorBytes = log.acknowledgedBytes();
        }
        if (attachment.cursor < log.acknowledged()) {
            if (!acknowledged) {
                attachment.lost = gap(attachment.cursor, log.acknowledged());
            }
            attachment.cursor = log.acknowledged();
        }
        if (!mayGive(attachment)) {
            return List.of();
        }
        var first = give(attachment);
        long bytes = first.bytes();
        if (bytes >= maxBytes || !mayGive(attachment)) {
            return List.of(first); // the usual case
        }
        var entries = new ArrayList<ReplayLog.Entry>();
        entries.add(first);
        while (bytes < maxBytes && mayGive(attachment)) {
            var entry = give(attachment);
            entries.add(entry);
            bytes += entry.bytes();
        }
        return entries;
    }

    private ReplayLog.Entry give(Attachment attachment) {
        var entry = log.get(++attachment.cursor);
        attachment.cursorBytes += entry.bytes();
        given = Math.max(given, entry.number());
        return entry;
    }

    /** Whether there are messages that an attachment was not given. */
    boolean hasMore(Attachment attachment) {
        return attachment.cursor < log.last();
    }

    /** Whether there is a message for an attachment, and its window has room for that. */
    private boolean mayGive(Attachment attachment) {
        if (!hasMore(attachment)) {
            return false;
        }
        long inFlight = attachment.cursor - log.acknowledged();
        if (!acknowledged || attachment.transport() != PushTransport.WEBSOCKET || inFlight == 0) {
            return true;
        }
        long bytes = attachment.cursorBytes - log.acknowledgedBytes();
        return inFlight < Submission.WINDOW_MESSAGES
                && bytes + log.item(attachment.cursor + 1).bytes() <= Submission.WINDOW_BYTES;
    }

    private static @Nullable Parameters gap(long position, long forgotten) {
        return new Parameters()
                .with("reason", "overflow")
                .with("from", position + 1)
                .with("to", forgotten);
    }

    /** An attachment has written these; returns how many of them had been written before. */
    int written(List<ReplayLog.Entry> entries) {
        int again = entries.size();
        for (var entry : entries) {
            if (entry.number() > written) {
                written = entry.number();
                unwrittenBytes -= entry.bytes();
                again--;
            }
        }
        return again;
    }

    /** How many messages behind a position have been written, and so will be written again. */
    int writtenSince(long position) {
        return (int) Math.max(0, Math.min(written, log.last()) - Math.max(position, log.acknowledged()));
    }

    /** Forgets what was written: nobody will ask for it. */
    void forgetWritten() {
        log.acknowledge(Math.min(written, log.last()));
    }

    /**
     * As {@link #acknowledge(long)}, while an attachment is there. The client may have got from a former one what this one was not given yet; that is kept until it was, since a client counts
     * what comes, and no number may be left out.
     */
    void acknowledge(Attachment attachment, long position) {
        attachment.acknowledged = Math.max(attachment.acknowledged, position);
        log.acknowledge(Math.min(attachment.acknowledged, attachment.cursor));
    }

    /** The client has everything up to a position, which is at most {@link #given}. */
    void acknowledge(long position) {
        log.acknowledge(position);
    }

    /** Forgets everything. */
    void clear() {
        log.acknowledge(log.last());
        unwrittenBytes = 0;
        given = log.last();
        written = log.last();
    }
}
