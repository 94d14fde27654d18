package io.github.postern.verify.protocol;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A response, whose records are read as they come. */
final class Response {
    private final Wire wire;
    private final int status;
    private final Map<String, String> headers;
    private final InputStream body;

    /** The number of the last message, or -1 before the first. */
    private long last = -1;

    private Response(Wire wire, int status, Map<String, String> headers, InputStream body) {
        this.wire = wire;
        this.status = status;
        this.headers = headers;
        this.body = body;
    }

    /** Reads the head of the answer to a request of that method. */
    static Response read(Wire wire, boolean toHead) throws Broken, IOException {
        var first = wire.line();
        if (!first.matches("HTTP/1\\.1 [1-5][0-9][0-9]( .*)?")) {
            throw new Broken("a status line", first);
        }
        var headers = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
        for (var line = wire.line(); !line.isEmpty(); line = wire.line()) {
            var parts = line.split(":", 2);
            Expect.that(parts.length == 2, "a header field", line);
            headers.merge(parts[0], parts[1].strip(), (a, b) -> a + ", " + b);
        }
        int status = Integer.parseInt(first.substring(9, 12));
        return new Response(wire, status, headers, body(wire, status, headers, toHead));
    }

    private static Body body(Wire wire, int status, Map<String, String> headers, boolean toHead) {
        if (toHead || status == 204 || status == 304 || status == 101) {
            return Body.ofLength(wire, 0);
        }
        if (headers.getOrDefault("Transfer-Encoding", "")
                .toLowerCase(Locale.ROOT)
                .contains("chunked")) {
            return Body.chunked(wire);
        }
        var length = headers.get("Content-Length");
        return length == null ? Body.toTheEnd(wire) : Body.ofLength(wire, Long.parseLong(length));
    }

    int status() {
        return status;
    }

    @Nullable
    String header(String name) {
        return headers.get(name);
    }

    boolean has(String name) {
        return headers.containsKey(name);
    }

    Wire wire() {
        return wire;
    }

    /** The next line, without its LF, or {@code null} at the end of the response. */
    @Nullable
    String line() throws IOException {
        var line = new ByteArrayOutputStream();
        for (int b = body.read(); b != '\n'; b = body.read()) {
            if (b < 0) {
                return line.size() == 0 ? null : line.toString(StandardCharsets.UTF_8);
            }
            line.write(b);
        }
        return line.toString(StandardCharsets.UTF_8);
    }

    /** The next record, or {@code null} at the end of the response; comments are passed over. */
    @Nullable
    Event eventOrEnd() throws Broken, IOException {
        var raw = new StringBuilder();
        for (var line = line(); line != null; line = line()) {
            Expect.that(line.indexOf('\r') < 0, "lines that end with LF", line);
            if (line.isEmpty() && !raw.isEmpty()) {
                return numbered(Event.parse(raw.toString()));
            }
            Expect.that(!line.isEmpty(), "a record", "an empty line");
            if (!line.startsWith(":")) {
                raw.append(line).append('\n');
            }
        }
        Expect.that(raw.isEmpty(), "a whole record", raw);
        return null;
    }

    /** The record with its number, which a message that is not the first may leave out (§3). */
    private Event numbered(Event event) {
        if (!event.isMessage() || event.data() == null) {
            return event;
        }
        if (event.id() == null && last >= 0) {
            last++;
            return new Event(event.raw(), event.event(), Long.toString(last), event.data());
        }
        last = event.number();
        return event;
    }

    Event event() throws Broken, IOException {
        var event = eventOrEnd();
        if (event == null) {
            throw new Broken("a record", "the end of the response");
        }
        return event;
    }

    /** The next record, which must be of that kind. */
    Event event(String name) throws Broken, IOException {
        var event = event();
        Expect.equal(name, event.event(), "a record");
        return event;
    }

    /** The next record, which must be the message of that number. */
    String message(long number) throws Broken, IOException {
        var event = event();
        Expect.that(event.isMessage() && event.data() != null, "a message", event.raw());
        Expect.equal(number, event.number(), "the number");
        return event.message();
    }

    /** All records to the end of the response. */
    List<Event> rest() throws Broken, IOException {
        var events = new ArrayList<Event>();
        for (var event = eventOrEnd(); event != null; event = eventOrEnd()) {
            events.add(event);
        }
        return events;
    }

    /** The response must go on: nothing may come for a while but a sign of life. */
    void expectOpen() throws Broken, IOException {
        if (!wire.isQuietFor(Target.QUIET)) {
            var line = line();
            Expect.that(line != null && line.startsWith(":"), "nothing", line);
        }
    }

    /** The response must end, without another record. */
    void end() throws Broken, IOException {
        var rest = rest();
        Expect.that(rest.isEmpty(), "the end of the response", rest);
    }

    String text() throws IOException {
        return new String(body.readAllBytes(), StandardCharsets.UTF_8);
    }

    void patience(Duration patience) throws IOException {
        wire.patience(patience);
    }

    /** Breaks the connection off. */
    void cut() {
        wire.close();
    }
}
