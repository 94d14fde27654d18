package io.github.postern.push;

import io.github.postern.ws.connection.Message;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The direction to the client: what was sent, how far it was written, how far it was acknowledged. Pure; guarded by its owner. */
final class Delivery {
    private final ReplayLog log;

    /** Whether the client acknowledges. If not, what was written may be forgotten when room is needed. */
    private final boolean acknowledged;

    /** The highest number that was written to any attachment. */
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

    /** The position up to which nothing can be repeated any more. */
    long forgotten() {
        return log.acknowledged();
    }

    long unwrittenBytes() {
        return unwrittenBytes;
    }

    /** Whether a message of so many bytes can be appended now. */
    boolean hasRoom(int bytes) {
        while (!acknowledged && !log.fits(bytes) && log.acknowledged() < written) {
            log.acknowledge(log.acknowledged() + 1); // keep the newest of what was written
        }
        return log.fits(bytes);
    }

    void append(Message message, int bytes) {
        log.append(message, bytes);
        unwrittenBytes += bytes;
    }

    /**
     * The next messages for an attachment, whose cursor they move.
     *
     * @param maxBytes how much is enough: the last message may exceed it
     */
    List<ReplayLog.Entry> next(Attachment attachment, int maxBytes) {
        if (attachment.cursor < log.acknowledged()) {
            if (!acknowledged) {
                attachment.lost = gap(attachment.cursor, log.acknowledged());
            }
            attachment.cursor = log.acknowledged();
        }
        if (attachment.cursor >= log.last()) {
            return List.of();
        }
        var entries = new ArrayList<ReplayLog.Entry>();
        long bytes = 0;
        while (attachment.cursor < log.last() && bytes < maxBytes) {
            var entry = log.get(++attachment.cursor);
            entries.add(entry);
            bytes += entry.bytes();
        }
        return entries;
    }

    private static @Nullable Parameters gap(long position, long forgotten) {
        return new Parameters()
                .with("reason", "overflow")
                .with("from", position + 1)
                .with("to", forgotten);
    }

    /** An attachment has written these. */
    void written(List<ReplayLog.Entry> entries) {
        for (var entry : entries) {
            if (entry.number() > written) {
                written = entry.number();
                unwrittenBytes -= entry.bytes();
            }
        }
    }

    /** Forgets what was written: nobody will ask for it. */
    void forgetWritten() {
        log.acknowledge(Math.min(written, log.last()));
    }

    /** The client has everything up to a position, which is at most {@link #last}. */
    void acknowledge(long position) {
        log.acknowledge(position);
    }

    /** Forgets everything. */
    void clear() {
        log.acknowledge(log.last());
        unwrittenBytes = 0;
        written = log.last();
    }
}
