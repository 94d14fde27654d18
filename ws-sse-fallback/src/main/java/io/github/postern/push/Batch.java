package io.github.postern.push;

import io.github.postern.ws.core.CloseStatus;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an attachment writes next, in the order of the components.
 *
 * @param greets whether it begins with the record {@code attached}
 * @param lost the parameters of a record {@code lost}, or {@code null}
 * @param ack the position to acknowledge by a record, or {@link #NO_ACK}
 * @param entries messages
 * @param close the close record, or {@code null}
 * @param detach the record {@code detach}, or {@code null}
 * @param heartbeat whether to write a sign of life, because there is nothing else
 * @param end whether the attachment ends behind it
 */
record Batch(
        boolean greets,
        @Nullable Parameters lost,
        long ack,
        List<ReplayLog.Entry> entries,
        @Nullable Close close,
        Attachment.@Nullable Detach detach,
        boolean heartbeat,
        boolean end) {

    static final long NO_ACK = -1;

    /**
     * The end of a session as it is told to the client.
     *
     * @param number the number that it takes
     * @param status the code and the reason
     * @param received the position of the server that closes, or {@link #NO_ACK}
     */
    record Close(long number, CloseStatus status, long received) {
        Close(long number, CloseStatus status) {
            this(number, status, NO_ACK);
        }

        /** The same, as it is told by a server that has received so much. */
        Close confirming(long position) {
            return new Close(number, status, position);
        }

        /** The parameters of the record. */
        Parameters parameters() {
            var parameters = parameters(status);
            return received == NO_ACK ? parameters : parameters.with("received", received);
        }

        /** The parameters of a close record. */
        static Parameters parameters(CloseStatus status) {
            return new Parameters().with("code", status.code()).with("reason", status.reason());
        }
    }

    /** The last words to an attachment that the session has left, or leaves. */
    static Batch detached(Attachment.Detach detach) {
        return new Batch(false, null, NO_ACK, List.of(), null, detach, false, true);
    }
}
