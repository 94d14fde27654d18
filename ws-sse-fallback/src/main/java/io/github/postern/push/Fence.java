package io.github.postern.push;

import org.jspecify.annotations.Nullable;

/** Which attachment has a session: the epochs (PROTOCOL.md §4). Pure; guarded by its owner. */
final class Fence {
    private long epoch;

    /** The transport of the current epoch, or {@code null} if only a POST has used it. */
    private @Nullable PushTransport transport;

    private @Nullable Attachment current;
    private long vacantSince;

    Fence(long now) {
        this.vacantSince = now;
    }

    long epoch() {
        return epoch;
    }

    /** What carries the session, or {@code null}. */
    @Nullable
    Attachment current() {
        return current;
    }

    /** Whether an attach with that epoch is admitted: the next poll of a series may come with the same. */
    boolean admits(long newEpoch, PushTransport newTransport) {
        return newEpoch > epoch || (newEpoch == epoch && (transport == null || isNextOfSeries(newTransport)));
    }

    private boolean isNextOfSeries(PushTransport newTransport) {
        return transport == newTransport && newTransport.isSeries();
    }

    /** Whether an attach that is {@linkplain #admits admitted} would be the first of its epoch. */
    boolean isFirst(long newEpoch) {
        return newEpoch > epoch || transport == null;
    }

    /** Whether attachments of the current epoch are polls. */
    boolean isSeries() {
        return transport != null && transport.isSeries();
    }

    /** Ends the current attachment, as superseded or as a poll that was repeated, and begins an epoch that is at least the current one. */
    void takeOver(long newEpoch, long now) {
        if (current != null) {
            current.ended = newEpoch > epoch ? Attachment.Detach.SUPERSEDED : Attachment.Detach.REPEATED;
            current = null;
            vacantSince = now;
        }
        if (newEpoch > epoch) {
            epoch = newEpoch;
            transport = null;
        }
    }

    /** What carries the session from now on. */
    void enter(Attachment attachment) {
        transport = attachment.transport();
        current = attachment;
    }

    /** The attachment is gone; does nothing if the session has left it before. */
    void leave(Attachment attachment, long now) {
        attachment.finished = true;
        if (current == attachment) {
            current = null;
            vacantSince = now;
        }
    }

    /** Whether nothing has carried the session for so long. */
    boolean isVacant(long now, long patience) {
        return current == null && now - vacantSince >= patience;
    }
}
