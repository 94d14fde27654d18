package io.github.postern.push;

import io.github.postern.ws.connection.Message;
import io.github.postern.ws.connection.SlowConsumer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The direction to the server, on the client: what was sent, how far it was written, how far it was acknowledged. Pure;
 * guarded by its owner.
 */
final class Submission {
    /** How many messages, and how much data, may be written to a WebSocket and not acknowledged (PROTOCOL.md §8). */
    static final int WINDOW_MESSAGES = 1_000;

    static final int WINDOW_BYTES = 256 * 1024;

    /** The record around a message: its field names and line ends, amply. */
    private static final int RECORD_OVERHEAD = 32;

    private static final int LINE_OVERHEAD = "data: \n".length();

    private final ReplayLog log;

    /** The highest number that was given to the current WebSocket. */
    private long cursor;

    /** Bytes of what was given to the current WebSocket and is not acknowledged. */
    private long bytesInFlight;

    /** The highest number that was put into a POST or a frame, whether or not that was written. */
    private long given;

    /** The highest number that was written to any network connection. */
    private long written;

    private long unwrittenBytes;

    Submission(ReplayLog log) {
        this.log = log;
    }

    /** The number of the newest message, 0 if there was none. */
    long last() {
        return log.last();
    }

    long acknowledged() {
        return log.acknowledged();
    }

    /** Whether every message was acknowledged. */
    boolean isSettled() {
        return log.size() == 0;
    }

    /** How many messages were not acknowledged. */
    int unacknowledged() {
        return log.size();
    }

    long unwrittenBytes() {
        return unwrittenBytes;
    }

    /** Whether a message of so many bytes can be appended now. */
    boolean fits(int bytes) {
        return log.fits(bytes);
    }

    void append(Message message, int bytes) {
        log.append(message, bytes);
        unwrittenBytes += bytes;
    }

    /** Takes a message, or does what the policy says. */
    Offer offer(Outgoing item, SlowConsumer policy) {
        long before = log.bytes();
        var outcome = log.offer(item, policy, given);
        unwrittenBytes += log.bytes() - before;
        return outcome;
    }

    /** A new attachment begins: everything that is not acknowledged is to be written again. */
    void rewind() {
        cursor = log.acknowledged();
        bytesInFlight = 0;
    }

    /** The next message for the current WebSocket, or {@code null} if there is none or the window is full. */
    ReplayLog.@Nullable Entry next() {
        if (cursor == log.last()) {
            return null;
        }
        var entry = log.get(cursor + 1);
        long inFlight = cursor - log.acknowledged();
        boolean exceeds = inFlight + 1 > WINDOW_MESSAGES || bytesInFlight + entry.bytes() > WINDOW_BYTES;
        if (exceeds && inFlight > 0) {
            return null;
        }
        cursor++;
        bytesInFlight += entry.bytes();
        wrote(entry);
        return entry;
    }

    /** Whether everything was given to the current WebSocket. */
    boolean isAllWritten() {
        return cursor == log.last();
    }

    /**
     * The messages for the next POST: those that are not acknowledged, from the oldest on. With the same limit each contains the one before, but
     * for what was acknowledged meanwhile.
     *
     * @param maxBytes the limit of the body; the first message may exceed it
     */
    List<ReplayLog.Entry> batch(int maxBytes) {
        var entries = new ArrayList<ReplayLog.Entry>();
        long size = 0;
        for (long n = log.acknowledged() + 1; n <= log.last(); n++) {
            var entry = log.get(n);
            size += largestRecord(entry);
            if (size > maxBytes && !entries.isEmpty()) {
                break;
            }
            entries.add(entry);
            given = Math.max(given, n);
        }
        return entries;
    }

    /** How many bytes the record of a message has at most. */
    private static long largestRecord(ReplayLog.Entry entry) {
        long base64 = (entry.bytes() + 2L) / 3 * 4;
        return RECORD_OVERHEAD
                + switch (entry.message()) {
                    case Message.Binary binary -> base64;
                    case Message.Text text when text.text().indexOf('\r') >= 0 -> base64;
                    case Message.Text text -> {
                        long lines =
                                1 + text.text().chars().filter(c -> c == '\n').count();
                        yield entry.bytes() + lines * LINE_OVERHEAD;
                    }
                };
    }

    /** The server has everything up to a position, which is at most {@link #last}; lower than before is no news. */
    void acknowledge(long position) {
        while (log.acknowledged() < position) {
            var entry = log.get(log.acknowledged() + 1);
            if (entry.number() <= cursor) {
                bytesInFlight -= entry.bytes();
            } else {
                cursor = entry.number();
            }
            wrote(entry);
            log.acknowledge(entry.number());
        }
    }

    private void wrote(ReplayLog.Entry entry) {
        given = Math.max(given, entry.number());
        if (entry.number() > written) {
            written = entry.number();
            unwrittenBytes -= entry.bytes();
        }
    }

    /** Forgets everything: it will not be sent any more. */
    void clear() {
        acknowledge(log.last());
    }
}
