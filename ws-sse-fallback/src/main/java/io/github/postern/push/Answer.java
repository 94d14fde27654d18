package io.github.postern.push;

import io.github.postern.ws.core.handshake.HandshakeResponse;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** A response that is complete at once: everything but streams and polls. Headers in the order of their adding. */
final class Answer {
    static final String EVENT_STREAM = "text/event-stream;charset=utf-8";
    private static final String PLAIN_TEXT = "text/plain;charset=utf-8";

    /** What {@link #writeTo} or the container sets by itself. */
    private static final Set<String> OWN_HEADERS = Set.of("content-type", "content-length", "connection", "date");

    private static final int RETRY_AFTER_SECONDS = 1;

    private final int status;
    private final String contentType;
    private final byte[] body;
    private final List<Map.Entry<String, String>> headers = new ArrayList<>();

    private Answer(int status, String contentType, byte[] body) {
        this.status = status;
        this.contentType = contentType;
        this.body = body;
    }

    /** A status without a body. */
    static Answer of(int status) {
        return new Answer(status, "", new byte[0]);
    }

    /** A handshake's refusal. */
    static Answer of(HandshakeResponse response) {
        var body = response.body().getBytes(StandardCharsets.UTF_8);
        var answer = new Answer(response.status(), PLAIN_TEXT, body);
        response.headers().forEach((name, value) -> {
            if (!OWN_HEADERS.contains(name.toLowerCase(Locale.ROOT))) {
                answer.with(name, value);
            }
        });
        return answer;
    }

    /** An error: its token for programs, and a sentence for people that tells nothing about the server. */
    static Answer error(int status, String token, String sentence) {
        var answer = new Answer(status, PLAIN_TEXT, (sentence + "\n").getBytes(StandardCharsets.UTF_8));
        answer.with(PushHeaders.ERROR, token);
        return answer;
    }

    /** An error that passes by itself. */
    static Answer busy(int status, String sentence) {
        return error(status, "busy", sentence).with("Retry-After", RETRY_AFTER_SECONDS);
    }

    /** The server stops, and does not know the session: another server may. */
    static Answer stopping() {
        return busy(503, "the server is stopping");
    }

    /** A handshake for a WebSocket that is one no more. Without a token of ours, since something in between is to blame. */
    static Answer lostUpgrade() {
        return of(426).with("Upgrade", "websocket").with("Connection", "Upgrade");
    }

    static Answer fenced() {
        return error(403, "fenced", "a newer attachment has the session");
    }

    static Answer notTheHolder() {
        return error(403, "principal", "the session is somebody else's");
    }

    static Answer badHeader() {
        return error(400, "header", "a header is missing or malformed");
    }

    static Answer badPosition() {
        return error(400, "position", "not a position of this session");
    }

    /** The session is over or unknown; the body tells why. */
    static Answer gone(Batch.Close close) {
        var encoder = new EventStreamEncoder();
        encoder.control(StreamRecord.CLOSE, close.number(), close.parameters());
        return gone(encoder);
    }

    /** No session has that secret. */
    static Answer unknown() {
        var encoder = new EventStreamEncoder();
        encoder.control(StreamRecord.CLOSE, Batch.Close.parameters(SessionCodes.UNKNOWN));
        return gone(encoder);
    }

    private static Answer gone(EventStreamEncoder body) {
        var contents = body.contents();
        var bytes = new byte[contents.remaining()];
        contents.get(bytes);
        return new Answer(410, EVENT_STREAM, bytes).with(PushHeaders.ERROR, "session");
    }

    Answer with(String name, String value) {
        headers.add(Map.entry(name, value));
        return this;
    }

    Answer with(String name, long value) {
        return with(name, Long.toString(value));
    }

    int status() {
        return status;
    }

    /** Writes it as the whole response. */
    void writeTo(HttpServletResponse response) throws IOException {
        response.setStatus(status);
        headers.forEach(header -> response.setHeader(header.getKey(), header.getValue()));
        if (body.length > 0) {
            response.setHeader("Cache-Control", "no-store");
            response.setHeader("Content-Type", contentType);
        }
        if (status != HttpServletResponse.SC_NO_CONTENT) {
            response.setContentLength(body.length);
            response.getOutputStream().write(body);
        }
    }
}
