package io.github.postern.push;

import io.github.postern.ws.connection.Message;
import io.github.postern.ws.core.CloseStatus;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a POST brings (PROTOCOL.md §7).
 *
 * @param epoch the epoch of the sender's attachment, or {@link #UNNUMBERED} for a bare client's
 * @param sequence the number of the first record, or {@link #UNNUMBERED} for a bare client's
 * @param position the client's position, or {@link #NO_POSITION}
 * @param items the messages
 * @param close the close behind them, or {@code null}
 */
record Upstream(
        long epoch,
        long sequence,
        long position,
        List<Item> items,
        @Nullable CloseStatus close) {
    /**
     * A message and its size.
     *
     * @param message the message
     * @param bytes its size in UTF-8 or binary data
     */
    record Item(Message message, int bytes) {}

    static final long UNNUMBERED = -1;
    static final long NO_POSITION = -1;

    /** What became of it. */
    enum Result {
        /** Something in it was new. */
        TAKEN,
        /** Nothing in it was new. */
        NOTHING_NEW,
        /** A newer attachment has the session. */
        FENCED,
        /** It does not follow on what was received before. */
        GAP,
        /** The position is none that a correct client has. */
        BAD_POSITION,
        /** The application has not taken what came before. */
        FULL,
        /** The session has ended. */
        OVER
    }

    /** How many numbers its records take. */
    int count() {
        return items.size() + (close == null ? 0 : 1);
    }
}
