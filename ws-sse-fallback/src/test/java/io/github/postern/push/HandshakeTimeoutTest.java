package io.github.postern.push;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.postern.ws.connection.Message;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that take their time over TLS and the heads of requests. */
@Timeout(60)
class HandshakeTimeoutTest {
    private static final Duration DEADLINE = Duration.ofMillis(300);
    private static final Duration LONGER = DEADLINE.multipliedBy(2);
    private static final byte[] ENDLESS_HEAD = ascii("GET /health HTTP/1.1\r\nHost: localhost\r\nX: aaaaaaaaaaaaaaa");

    /** The beginning of HTTP/2 (RFC 9113 §3.4) with empty SETTINGS. */
    private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + "\0\0\0\4\0\0\0\0\0";

    private static final String PING = "\0\0\10\6\0\0\0\0\0" + "postern!";
    private static final String REQUEST = "GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n";

    @TempDir
    private static Path folder;

    private static SSLContext context;
    private @Nullable PushServer started;

    @BeforeAll
    static void makeCertificate() throws Exception {
        context = PushClientTlsTest.contextForLocalhost(folder.resolve("localhost.p12"));
    }

    @AfterEach
    void stop() {
        if (started != null) {
            started.shutdown(Duration.ZERO, Duration.ZERO);
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private PushServer start(boolean tls, Duration deadline) throws IOException {
        var options =
                PushOptions.defaults().withHeartbeat(Duration.ofMinutes(1)).withPollTimeout(LONGER);
        var builder = PushServer.builder()
                .options(options)
                .health("/health")
                .path("/push", session -> {
                    for (var message : session) {
                        session.send(message);
                    }
                })
                .handshakeTimeout(deadline);
        started = tls ? builder.tls(context).start() : builder.start();
        return started;
    }

    private TrickledConnection connect(boolean tls, Duration deadline) throws IOException {
        return new TrickledConnection(start(tls, deadline).port(), tls ? context : null);
    }

    private static void assertInTime(Duration lasted) {
        assertTrue(lasted.compareTo(DEADLINE) >= 0, "ended too early, after " + lasted);
        assertTrue(lasted.compareTo(Duration.ofSeconds(8)) < 0, "ended too late, after " + lasted);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_head_that_trickles_ends_at_the_deadline(boolean tls) throws Exception {
        try (var connection = connect(tls, DEADLINE)) {
            connection.trickle(ENDLESS_HEAD, 1);
            assertInTime(connection.age()); // that of TLS included
            assertEquals("", connection.received());
        }
    }

    @Test
    void a_client_that_says_nothing_is_not_waited_for_any_longer() throws Exception {
        try (var connection = connect(false, DEADLINE)) {
            assertThrows(AssertionError.class, () -> connection.stayQuiet(Duration.ofSeconds(8)));
            assertInTime(connection.age());
        }
    }

    @Test
    void a_tls_hello_that_trickles_ends_at_the_deadline() throws Exception {
        var engine = context.createSSLEngine();
        engine.setUseClientMode(true);
        var hello = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        engine.wrap(ByteBuffer.allocate(0), hello);
        var bytes = new byte[hello.flip().remaining()];
        hello.get(bytes);
        try (var connection = new TrickledConnection(start(true, DEADLINE).port(), null)) {
            connection.trickle(bytes, 1);
            assertInTime(connection.age());
            assertEquals("", connection.received());
        }
    }

    @Test
    void pings_after_the_preface_of_http_2_are_no_request() throws Exception {
        try (var connection = connect(false, DEADLINE)) {
            connection.write(PREFACE);
            connection.trickle(ascii(PING), PING.length());
            assertInTime(connection.age());
            assertTrue(connection.received().contains("postern!"), "it was not HTTP/2");
        }
    }

    @Test
    void what_follows_the_first_request_over_http_2_is_not_watched() throws Exception {
        try (var connection = connect(false, DEADLINE)) {
            connection.write(PREFACE);
            var head = "\u0082\u0086\4\7/health\1\11localhost"; // HPACK (RFC 7541): GET, http, path, authority
            connection.write("\0\0" + (char) head.length() + "\1\5\0\0\0\1" + head);
            connection.stayQuiet(LONGER);
            connection.write(PING);
            connection.stayQuiet(LONGER);
            connection.write(PING);
            connection.stayQuiet(DEADLINE);
            assertEquals(2, connection.received().split("postern!", -1).length - 1);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_connection_that_is_kept_alive_may_be_quiet_but_not_trickle(boolean tls) throws Exception {
        try (var connection = connect(tls, DEADLINE)) {
            for (int i = 0; i < 2; i++) {
                connection.write(REQUEST);
                assertTrue(connection.response().startsWith("HTTP/1.1 200 "));
                connection.stayQuiet(LONGER);
            }
            assertInTime(connection.trickle(ENDLESS_HEAD, 1));
            assertEquals("", connection.received());
        }
    }

    @Test
    void what_follows_a_request_in_one_piece_is_awaited_no_longer() throws Exception {
        try (var connection = connect(false, DEADLINE)) {
            connection.write(REQUEST + REQUEST + "GET /hea");
            connection.trickle(ascii("lth HTTP/1.1\r\nX: a"), 1);
            assertInTime(connection.age());
            assertEquals(2, connection.received().split("HTTP/1.1 200 ", -1).length - 1);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_slow_client_that_comes_to_an_end_is_served(boolean tls) throws Exception {
        try (var connection = connect(tls, Duration.ofSeconds(20))) {
            for (int i = 0; i < 2; i++) {
                connection.writeSlowly("GET /h");
                connection.write("ealth HTTP/1.1\r\nHost: localhost\r\n\r");
                connection.writeSlowly("\n");
                assertTrue(connection.response().startsWith("HTTP/1.1 200 "));
            }
        }
    }

    @Test
    void a_body_may_take_longer_than_a_head() throws Exception {
        int port = start(false, DEADLINE).port();
        try (var client = new TestClient(port);
                var connection = new TrickledConnection(port, null)) {
            var session = client.open(PushTransport.POLLING);
            connection.write("POST /push HTTP/1.1\r\nHost: localhost:" + port
                    + "\r\nContent-Type: text/event-stream\r\nPostern-Epoch: 1\r\nPostern-Sequence: 1\r\nContent-Length: 8\r\nPostern-Session: "
                    + session.secret + "\r\n\r\n");
            connection.stayQuiet(LONGER);
            connection.write("data:x\n");
            connection.stayQuiet(LONGER);
            connection.write("\n");
            assertTrue(connection.response().startsWith("HTTP/1.1 200 "));
            connection.stayQuiet(LONGER);
            connection.write(REQUEST);
            assertTrue(connection.response().startsWith("HTTP/1.1 200 "));
        }
    }

    /** The long poll, which hangs for so long, is the clock. */
    @ParameterizedTest
    @CsvSource({"http,HTTP_1_1", "https,HTTP_1_1", "https,HTTP_2"})
    void streams_polls_and_websockets_outlive_the_deadline(String scheme, HttpClient.Version version) throws Exception {
        var server = start(scheme.equals("https"), DEADLINE);
        var url = URI.create(scheme + "://localhost:" + server.port() + "/push");
        try (var http = HttpClient.newBuilder()
                        .sslContext(context)
                        .version(version)
                        .build();
                var socket = PushClient.builder(url)
                        .transport(PushTransport.WEBSOCKET)
                        .sslContext(context)
                        .options(PushClientTest.options())
                        .connect()) {
            socket.send("first");
            assertEquals(new Message.Text("first"), socket.receive());
            try (var stream = new TestClient(http, url).open(PushTransport.SSE).stream) {
                var polls = new TestClient(http, url).open(PushTransport.LONG_POLLING);
                assertEquals(version, polls.stream.response().version());
                assertEquals(0, polls.poll(PushTransport.LONG_POLLING, 0).rest().size());
                for (var session : server.sessions()) {
                    session.send("still there");
                }
                HttpTransportsTest.expect(stream, 1, "still there");
            }
            assertEquals(new Message.Text("still there"), socket.receive());
            socket.send("last");
            assertEquals(new Message.Text("last"), socket.receive());
            assertEquals(1, server.metrics().carriedBy(PushTransport.WEBSOCKET).attachments());
            http.shutdownNow();
        }
    }

    @Test
    void the_timeout_has_a_range() {
        var builder = PushServer.builder();
        for (var good : new Duration[] {Duration.ofMillis(1), Duration.ofHours(1)}) {
            assertNotNull(builder.handshakeTimeout(good));
        }
        for (var bad : new Duration[] {
            Duration.ofMillis(1).minusNanos(1), Duration.ofHours(1).plusNanos(1)
        }) {
            var e = assertThrows(IllegalArgumentException.class, () -> builder.handshakeTimeout(bad));
            assertEquals("handshakeTimeout out of range: " + bad, e.getMessage());
        }
        assertEquals(Duration.ofSeconds(10), NetworkLimits.DEFAULTS.handshakeTimeout());
    }
}
