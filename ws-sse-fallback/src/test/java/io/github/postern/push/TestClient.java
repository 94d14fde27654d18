package io.github.postern.push;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Speaks PROTOCOL.md over java.net.http, one request at a time, as a test tells it to. */
final class TestClient implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final HttpClient http;
    private final URI url;

    TestClient(int port) {
        this(port, HttpClient.Version.HTTP_1_1);
    }

    TestClient(int port, HttpClient.Version version) {
        this.http = HttpClient.newBuilder()
                .version(version)
                .connectTimeout(PATIENCE)
                .build();
        this.url = URI.create("http://localhost:" + port + "/push");
    }

    /** One that shares a client with others. */
    TestClient(HttpClient http, URI url) {
        this.http = http;
        this.url = url;
    }

    HttpClient http() {
        return http;
    }

    /** A GET with these headers, in pairs of name and value; the body is not waited for. */
    Stream get(String... headers) throws IOException, InterruptedException {
        return new Stream(http.send(request(headers).GET().build(), BodyHandlers.ofInputStream()));
    }

    HttpResponse<String> post(String body, String... headers) throws IOException, InterruptedException {
        var request = request(headers).POST(BodyPublishers.ofString(body));
        if (List.of(headers).stream().noneMatch("Content-Type"::equalsIgnoreCase)) {
            request.header("Content-Type", "text/event-stream");
        }
        return http.send(request.build(), BodyHandlers.ofString());
    }

    HttpResponse<String> send(String method, String... headers) throws IOException, InterruptedException {
        return http.send(
                request(headers).method(method, BodyPublishers.noBody()).build(), BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String... headers) {
        var request = HttpRequest.newBuilder(url).timeout(PATIENCE);
        return headers.length == 0 ? request : request.headers(headers);
    }

    /** Opens a session over a transport and reads the record {@code attached}. */
    Session open(PushTransport transport) throws IOException, InterruptedException {
        var stream = get("Postern-Epoch", "1", "Postern-Transport", transport.token());
        assertEquals(200, stream.status());
        var attached = stream.next();
        var parameters = attached.parameters();
        assertEquals("attached", attached.event());
        assertNotNull(parameters);
        return new Session(parameters.text("session").orElseThrow(), stream, attached);
    }

    @Override
    public void close() {
        http.shutdownNow();
    }

    /** An open session. */
    final class Session {
        final String secret;
        final Stream stream;
        final StreamRecord attached;
        long epoch = 1;

        private Session(String secret, Stream stream, StreamRecord attached) {
            this.secret = secret;
            this.stream = stream;
            this.attached = attached;
        }

        /** Attaches anew. */
        Stream attach(PushTransport transport, long position) throws IOException, InterruptedException {
            epoch++;
            return poll(transport, position);
        }

        /** The next poll of the same epoch. */
        Stream poll(PushTransport transport, long position) throws IOException, InterruptedException {
            return get(
                    "Postern-Session", secret,
                    "Postern-Epoch", Long.toString(epoch),
                    "Postern-Transport", transport.token(),
                    "Last-Event-ID", Long.toString(position));
        }

        HttpResponse<String> post(long sequence, String body) throws IOException, InterruptedException {
            return TestClient.this.post(
                    body,
                    "Postern-Session",
                    secret,
                    "Postern-Epoch",
                    Long.toString(epoch),
                    "Postern-Sequence",
                    Long.toString(sequence));
        }

        HttpResponse<String> acknowledge(long position) throws IOException, InterruptedException {
            return TestClient.this.post(
                    "",
                    "Postern-Session",
                    secret,
                    "Postern-Epoch",
                    Long.toString(epoch),
                    "Last-Event-ID",
                    Long.toString(position));
        }
    }

    /** A response whose records are read as they come. */
    static final class Stream implements AutoCloseable {
        private final HttpResponse<InputStream> response;
        private final EventStreamParser parser = new EventStreamParser(1 << 20);
        private ByteBuffer input = ByteBuffer.allocate(0);

        /** The number of the last message, 0 before the first. */
        private long last;

        private Stream(HttpResponse<InputStream> response) {
            this.response = response;
        }

        HttpResponse<InputStream> response() {
            return response;
        }

        int status() {
            return response.statusCode();
        }

        @Nullable
        String header(String name) {
            return response.headers().firstValue(name).orElse(null);
        }

        /** The next record; fails if the response ends before. */
        StreamRecord next() throws IOException {
            var record = nextOrEnd();
            assertNotNull(record, "the response has ended");
            return record;
        }

        /** The next record, or {@code null} at the end of the response. */
        @Nullable
        StreamRecord nextOrEnd() throws IOException {
            while (true) {
                var record = parser.next(input);
                if (record != null) {
                    return numbered(record);
                }
                assertNull(parser.failure());
                var bytes = new byte[8192];
                int read = response.body().read(bytes);
                if (read < 0) {
                    return null;
                }
                input = ByteBuffer.wrap(bytes, 0, read);
            }
        }

        /** The record with the number that it has, or that it has by its place (§3). */
        private StreamRecord numbered(StreamRecord record) {
            if (!record.isMessage() || (record.id() != null && record.number() == Numbers.MALFORMED)) {
                return record; // of a bare client's
            }
            last = record.id() == null ? last + 1 : record.number();
            return new StreamRecord(record.event(), Long.toString(last), record.data());
        }

        /** All records up to the end of the response. */
        List<StreamRecord> rest() throws IOException {
            var records = new ArrayList<StreamRecord>();
            for (var r = nextOrEnd(); r != null; r = nextOrEnd()) {
                records.add(r);
            }
            return records;
        }

        /** All bytes up to the end of the response, as text. */
        String text() throws IOException {
            return new String(response.body().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        }

        /** Breaks the connection off. */
        @Override
        public void close() throws IOException {
            response.body().close();
        }
    }
}
