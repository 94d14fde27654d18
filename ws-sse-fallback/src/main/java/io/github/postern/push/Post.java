package io.github.postern.push;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A POST as the client makes it (PROTOCOL.md §7).
 *
 * @param session the secret
 * @param epoch the client's epoch
 * @param entries messages with consecutive numbers
 * @param close the close behind them, or {@code null}
 * @param position the position that it acknowledges, or {@link Batch#NO_ACK}
 */
record Post(String session, long epoch, List<ReplayLog.Entry> entries, Batch.@Nullable Close close, long position) {
    /** What {@link #sequence} is when there is nothing in the body. */
    static final long NO_SEQUENCE = -1;

    /** The number of the first record, or {@link #NO_SEQUENCE}. */
    long sequence() {
        if (!entries.isEmpty()) {
            return entries.getFirst().number();
        }
        return close == null ? NO_SEQUENCE : close.number();
    }

    /** How many records the body has. */
    int count() {
        return entries.size() + (close == null ? 0 : 1);
    }

    byte[] body() {
        var encoder = new EventStreamEncoder();
        for (var entry : entries) {
            encoder.message(entry.message());
        }
        if (close != null) {
            encoder.control(StreamRecord.CLOSE, close.parameters());
        }
        var contents = encoder.contents();
        var body = new byte[contents.remaining()];
        contents.get(body);
        return body;
    }

    /** Without the secret and the messages. */
    @Override
    public String toString() {
        return "Post[epoch=" + epoch + ", sequence=" + sequence() + ", count=" + count() + ", position=" + position
                + "]";
    }
}
