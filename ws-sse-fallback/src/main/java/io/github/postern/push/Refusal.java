package io.github.postern.push;

import io.github.postern.ws.connection.CloseInfo;
import io.github.postern.ws.connection.CloseInfo.Initiator;
import io.github.postern.ws.core.CloseStatus;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What it means to a client when it is not let in (PROTOCOL.md §7, §8, §9). Pure. */
final class Refusal {
    private static final int MAX_RETRY_AFTER_DIGITS = 6;

    /** What a close has room for. */
    private static final int LONGEST_REASON = 123;

    /** A longer time than a day is not believed, and far from overflow in nanoseconds. */
    private static final long LONGEST_MOVE_MILLIS = 24L * 3600 * 1000;

    private Refusal() {}

    /**
     * The meaning of an HTTP status that is none of success.
     *
     * @param error the header {@code Postern-Error}; without it the answer need not be the server's, but a proxy's
     * @param retryAfter the header {@code Retry-After}
     * @param body the body as far as it was read
     */
    static Outcome ofStatus(int status, Optional<String> error, Optional<String> retryAfter, ByteBuffer body) {
        var name = error.filter(PushHeaders::isToken).filter(e -> e.length() <= LONGEST_REASON);
        var cause = new IOException(
                "refused with HTTP status " + status + name.map(e -> " " + e).orElse(""));
        if (status == 429 || status >= 500) {
            return new Outcome.Busy(retryAfterMillis(retryAfter), cause); // also from a proxy whose server restarts
        }
        if (status == 401) {
            return new Outcome.Unauthorized(null, cause);
        }
        if (error.isEmpty() || status < 400) {
            return new Outcome.Refused(cause);
        }
        return switch (status) {
            case 408, 409 -> new Outcome.Broken(cause);
            case 410 -> gone(body);
            case 413 -> failed(CloseStatus.MESSAGE_TOO_BIG, cause);
            default -> failed(SessionCodes.ofHttp(status, name.orElse("")), cause);
        };
    }

    private static Outcome gone(ByteBuffer body) {
        var parser = new EventStreamParser(Math.max(1, body.remaining()));
        var content = parser.next(body.duplicate());
        var status = content == null || !content.event().equals(StreamRecord.CLOSE) ? null : closeStatus(content);
        return new Outcome.Gone(status == null ? SessionCodes.UNKNOWN : status);
    }

    /** The seconds of a {@code Retry-After} in milliseconds; 0 if it is missing, malformed, or a date. */
    static long retryAfterMillis(Optional<String> header) {
        return header.filter(value -> value.length() <= MAX_RETRY_AFTER_DIGITS)
                .map(Numbers::parse)
                .filter(seconds -> seconds != Numbers.MALFORMED)
                .map(seconds -> seconds * 1000)
                .orElse(0L);
    }

    /** The meaning of the end of a WebSocket without a {@code close} record. */
    static Outcome ofClose(CloseInfo info) {
        var sent = info.sent();
        boolean tooBig = info.status().code() == 1009 || (sent != null && sent.code() == 1009);
        if (tooBig) {
            return new Outcome.Failed(
                    new CloseInfo(CloseStatus.MESSAGE_TOO_BIG, info.initiator(), sent, info.received(), info.cause()));
        }
        var cause = new IOException(info.toString(), info.cause());
        int code = info.status().code();
        return switch (code) {
            case 4401 -> new Outcome.Unauthorized(null, cause);
            case 4410 -> new Outcome.Gone(SessionCodes.UNKNOWN);
            case 1013, 4429, 4503 -> new Outcome.Busy(0, cause);
            case 4408, 4409 -> new Outcome.Broken(cause);
            default -> code / 100 == 44 ? failed(info.status(), cause) : new Outcome.Broken(cause);
        };
    }

    private static Outcome failed(CloseStatus status, IOException cause) {
        return new Outcome.Failed(new CloseInfo(status, Initiator.REMOTE, null, status, cause));
    }

    /** The same, with the token that was sent if that was refused. */
    static @Nullable Outcome withToken(@Nullable String token, @Nullable Outcome outcome) {
        return outcome instanceof Outcome.Unauthorized refused
                ? new Outcome.Unauthorized(token, refused.cause())
                : outcome;
    }

    /** A request came to the server twice, as HTTP lets who is in between do with a GET: it has taken one, and answers the other. */
    static Outcome repeated() {
        return new Outcome.Broken(new IOException("the request was repeated on its way"));
    }

    /** The client itself fails, which no attachment can mend. */
    static Outcome failure(Throwable failure) {
        return new Outcome.Failed(new CloseInfo(CloseStatus.ABNORMAL, Initiator.LOCAL, null, null, failure));
    }

    /** How a session ends whose client has no token that the server takes. */
    static CloseInfo unauthorized(IOException cause) {
        var status = SessionCodes.BAD_TOKEN;
        return new CloseInfo(status, Initiator.REMOTE, null, status, cause);
    }

    /** The meaning of a record {@code detach}, or {@code null} if its reason is not known. */
    static @Nullable Outcome ofDetach(StreamRecord content) {
        var parameters = content.parameters();
        var reason = parameters == null ? "" : parameters.text("reason").orElse("");
        return switch (reason) {
            case "superseded" -> superseded();
            case "rotate", "move" -> {
                long after = parameters == null ? 0 : Math.max(0, parameters.number("after"));
                yield new Outcome.Moved(Math.min(after, LONGEST_MOVE_MILLIS));
            }
            default -> null;
        };
    }

    /** Another holder of the secret has attached. */
    static Outcome superseded() {
        return failed(SessionCodes.SUPERSEDED, new IOException("another attachment has the session"));
    }

    /** The server does what no server of the protocol does: the guarantee is broken, and the session with it. */
    static Outcome violation(String what) {
        return new Outcome.Failed(
                new CloseInfo(CloseStatus.PROTOCOL_ERROR, Initiator.LOCAL, null, null, new ProtocolException(what)));
    }

    /** The status in a server's close record, or {@code null} if it is malformed. */
    static @Nullable CloseStatus closeStatus(StreamRecord close) {
        var parameters = close.parameters();
        long code = parameters == null ? Numbers.MALFORMED : parameters.number("code");
        if (parameters == null || code < 1000 || code > 4999) {
            return null;
        }
        try {
            return CloseStatus.of((int) code, parameters.text("reason").orElse(""));
        } catch (IllegalArgumentException e) {
            return null; // a reason too long; the peer's fault is data
        }
    }
}
