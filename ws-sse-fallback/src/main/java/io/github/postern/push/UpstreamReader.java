package io.github.postern.push;

import io.github.postern.ws.core.CloseStatus;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/** Reads the body of a POST (PROTOCOL.md §7). Pure. */
final class UpstreamReader {
    /** Either what the body says, or how the request is refused. */
    record Reading(@Nullable Upstream upstream, @Nullable Answer refusal) {}

    private UpstreamReader() {}

    /**
     * Reads a whole body.
     *
     * @param headers the headers of the request
     * @param body all of it
     * @param maxMessageSize the limit of one message in UTF-8 or binary data
     */
    static Reading read(PushHeaders headers, byte[] body, int maxMessageSize) {
        var parser = new EventStreamParser(Math.max(1, body.length));
        var input = ByteBuffer.wrap(body);
        var items = new ArrayList<Upstream.Item>();
        CloseStatus close = null;
        for (var r = parser.next(input); r != null; r = parser.next(input)) {
            boolean closes = r.event().equals(StreamRecord.CLOSE);
            if (!closes && !isNumbered(r)) {
                continue; // a control record that this version does not know, or that has no meaning here
            }
            var message = r.message();
            var status = closes ? closeStatus(r) : null;
            if (close != null || (message == null && status == null)) {
                return malformed();
            }
            close = status;
            if (message != null) {
                int size = MessageSize.of(message);
                if (size > maxMessageSize) {
                    return new Reading(
                            null,
                            Answer.error(413, "size", "message longer than " + maxMessageSize + " bytes: " + size));
                }
                items.add(new Upstream.Item(message, size));
            }
        }
        if (parser.failure() != null || parser.inRecord()) {
            return malformed();
        }
        var upstream = new Upstream(headers.epoch(), headers.sequence(), headers.position(), items, close);
        return new Reading(upstream, null);
    }

    private static boolean isNumbered(StreamRecord r) {
        return r.isMessage() || r.event().equals(StreamRecord.TEXT) || r.event().equals(StreamRecord.BINARY);
    }

    /** The status in a client's close record, or {@code null} if it is malformed or not a client's to send. */
    static @Nullable CloseStatus closeStatus(StreamRecord close) {
        var parameters = close.parameters();
        long code = parameters == null ? Numbers.MALFORMED : parameters.number("code");
        if (parameters == null || code > 4999 || !SessionCodes.isClientClose((int) code)) {
            return null;
        }
        try {
            return CloseStatus.of((int) code, parameters.text("reason").orElse(""));
        } catch (IllegalArgumentException e) {
            return null; // a reason too long; the peer's fault is data
        }
    }

    private static Reading malformed() {
        return new Reading(null, Answer.error(400, "body", "the body is not a sequence of records"));
    }
}
