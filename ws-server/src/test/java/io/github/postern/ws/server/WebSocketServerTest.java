package io.github.postern.ws.server;

import static io.github.postern.ws.server.RawClient.status;
import static io.github.postern.ws.server.Servers.ECHO;
import static io.github.postern.ws.server.Servers.loopback;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.postern.ws.connection.ReadyState;
import io.github.postern.ws.connection.WebSocket;
import io.github.postern.ws.core.CloseStatus;
import io.github.postern.ws.core.handshake.HandshakeResponse;
import io.github.postern.ws.core.handshake.HeadLimits;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The server as its peers see it: routing, policy, limits, shutdown; bytes on a real socket. */
@Timeout(60)
class WebSocketServerTest {
    /** That no server leaves a thread behind. */
    @RegisterExtension
    final Servers servers = new Servers();

    /** A masked "Hi" and its echo. */
    private static final String HI = "8182 00000000 4869";

    private static final String HI_ECHO = "81024869";

    @Test
    void a_connection_is_upgraded_and_handled() throws Exception {
        try (var server = loopback().path("/echo", ECHO).start();
                var client = new RawClient(server)) {
            var head = client.send(RawClient.upgrade("/echo?a=b")).readHead();
            assertTrue(head.startsWith("HTTP/1.1 101 "), head);
            assertTrue(head.contains("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"), head);
            assertEquals(HI_ECHO, client.sendHex(HI).readHex(4));
        }
    }

    @Test
    void frames_behind_the_handshake_in_the_same_segment_are_not_lost() throws Exception {
        try (var server = loopback().path("/echo", ECHO).start();
                var client = new RawClient(server)) {
            client.send(RawClient.upgrade("/echo") + "\u0081\u0082\0\0\0\0Hi");
            client.readHead();
            assertEquals(HI_ECHO, client.readHex(4));
        }
    }

    @Test
    void the_handler_sees_the_request() throws Exception {
        var seen = new LinkedBlockingQueue<WebSocket>();
        try (var server = loopback().path("/a", seen::add, "chat", "echo").start();
                var client = new RawClient(server)) {
            client.send(RawClient.upgrade("/a?x=1", "Cookie: k=v", "Sec-WebSocket-Protocol: other, echo"));
            assertTrue(client.readHead().contains("Sec-WebSocket-Protocol: echo\r\n"));
            var ws = seen.take();
            assertEquals("echo", ws.protocol());
            assertEquals("k=v", ws.request().headers().first("Cookie").orElseThrow());
            assertFalse(ws.request().headers().contains("Sec-WebSocket-Key"), "a nonce that has been answered");
            assertEquals("ws://localhost/a?x=1", ws.url().toString());
        }
    }

    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource({
        "/nowhere, 404",
        "/%65cho, 101",
        "/echo/, 404",
    })
    void paths_are_matched_exactly_after_decoding(String path, int status) throws Exception {
        try (var server = loopback().path("/echo", ECHO).start()) {
            assertEquals(status, status(server, RawClient.upgrade(path)));
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "no key | 400 | GET /echo HTTP/1.1;Host: a;Upgrade: websocket;Connection: Upgrade;Sec-WebSocket-Version: 13",
                "other version | 426 | GET /echo HTTP/1.1;Host: a;Upgrade: websocket;Connection: Upgrade;"
                        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==;Sec-WebSocket-Version: 8",
                "post | 405 | POST /echo HTTP/1.1;Host: a;Content-Length: 0",
                "plain get | 426 | GET /echo HTTP/1.1;Host: a",
                "plain get elsewhere | 404 | GET /other HTTP/1.1;Host: a",
                "rubbish | 400 | \u0001\u0002\u0003",
                "space before colon | 400 | GET /echo HTTP/1.1;Host : a",
            })
    void what_is_not_a_handshake_is_answered_in_http(String name, int status, String lines) throws Exception {
        try (var server = loopback().path("/echo", ECHO).start()) {
            assertEquals(status, status(server, lines.replace(";", "\r\n") + "\r\n\r\n"), name);
        }
    }

    @ParameterizedTest(name = "Origin {0} -> {1}")
    @CsvSource({
        "http://localhost, 101",
        "http://LOCALHOST:80, 101",
        "http://localhost:81, 403",
        "https://localhost, 403",
        "http://evil.example, 403",
        "null, 403",
        "http://127.0.0.1, 403",
    })
    void only_pages_of_the_same_origin_may_connect_by_default(String origin, int status) throws Exception {
        try (var server = loopback().path("/echo", ECHO).start()) {
            assertEquals(status, status(server, RawClient.upgrade("/echo", "Origin: " + origin)));
        }
    }

    @Test
    void more_origins_can_be_allowed_and_one_can_be_required() throws Exception {
        var policy = OriginPolicy.sameOriginOr("https://app.example").requiringOrigin();
        try (var server = loopback().path("/echo", ECHO).originPolicy(policy).start()) {
            assertEquals(101, status(server, RawClient.upgrade("/echo", "Origin: https://app.example:443")));
            assertEquals(101, status(server, RawClient.upgrade("/echo", "Origin: http://localhost")));
            assertEquals(403, status(server, RawClient.upgrade("/echo", "Origin: http://app.example")));
            assertEquals(403, status(server, RawClient.upgrade("/echo")));
        }
    }

    @Test
    void plain_requests_go_to_their_handler() throws Exception {
        try (var server = loopback()
                        .path("/echo", ECHO)
                        .plainRequests(request -> HandshakeResponse.of(200, "page of " + request.path()))
                        .start();
                var client = new RawClient(server)) {
            client.send("GET /x HTTP/1.1\r\nHost: a\r\n\r\n");
            assertTrue(client.readHead().startsWith("HTTP/1.1 200 "));
            assertEquals("page of /x", client.readRest().strip());
        }
    }

    @Test
    void a_plain_handler_that_throws_is_answered_500_without_its_text() throws Exception {
        try (var server = loopback()
                        .path("/echo", ECHO)
                        .plainRequests(request -> {
                            throw new IllegalStateException("secret");
                        })
                        .start();
                var client = new RawClient(server)) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            var answer = client.readRest();
            assertTrue(answer.startsWith("HTTP/1.1 500 "), answer);
            assertFalse(answer.contains("secret"), answer);
        }
    }

    @ParameterizedTest(name = "{0} more header bytes than allowed")
    @ValueSource(ints = {-1, 0, 1})
    void a_head_beyond_the_limit_is_answered_431(int beyond) throws Exception {
        var padding = "X-Padding: ";
        var bare = RawClient.upgrade("/echo", padding).length();
        var limits = HeadLimits.defaults();
        var request = RawClient.upgrade("/echo", padding + "a".repeat(limits.maxSize() - bare + beyond));
        // one line may hold less than a whole head: spread the padding
        request = spread(request, limits.maxLine());
        try (var server = loopback().path("/echo", ECHO).start()) {
            assertEquals(beyond > 0 ? 431 : 101, status(server, request));
        }
    }

    private static String spread(String request, int maxLine) {
        var lines = new StringBuilder(request);
        for (int at = request.indexOf("X-Padding: ") + maxLine - 16; at < lines.length() - 8; at += maxLine - 16) {
            lines.replace(at, at + 7, "\r\nX-P: ");
        }
        return lines.toString();
    }

    @ParameterizedTest(name = "connection {0} of 2")
    @CsvSource({"1, 101", "2, 101", "3, 503"})
    void connections_beyond_the_limit_are_answered_503(int connection, int status) throws Exception {
        var options = ServerOptions.defaults().withMaxConnections(2);
        checkLimit(options, connection, status);
    }

    @ParameterizedTest(name = "connection {0} of 2")
    @CsvSource({"1, 101", "2, 101", "3, 503"})
    void connections_of_one_address_beyond_the_limit_are_answered_503(int connection, int status) throws Exception {
        checkLimit(ServerOptions.defaults().withMaxConnectionsPerAddress(2), connection, status);
    }

    private static void checkLimit(ServerOptions options, int connection, int status) throws Exception {
        var clients = new ArrayList<RawClient>();
        try (var server = loopback().path("/echo", ECHO).options(options).start();
                AutoCloseable closing = () -> closeAll(clients)) {
            assertNotNull(closing);
            for (int i = 1; i < connection; i++) {
                clients.add(new RawClient(server));
                assertEquals(
                        101, clients.getLast().send(RawClient.upgrade("/echo")).readStatus());
            }
            clients.add(new RawClient(server));
            var last = clients.getLast().send(RawClient.upgrade("/echo")).readHead();
            assertEquals(Integer.toString(status), last.substring(9, 12));
            assertEquals(status == 503, last.contains("Retry-After: "));
        }
    }

    private static void closeAll(List<RawClient> clients) throws IOException {
        for (var client : clients) {
            client.close();
        }
    }

    @Test
    void a_connection_that_ends_makes_room_for_another() throws Exception {
        try (var server = loopback()
                .path("/echo", ECHO)
                .options(ServerOptions.defaults().withMaxConnections(1))
                .start()) {
            for (int i = 0; i < 3; i++) {
                try (var client = new RawClient(server)) {
                    assertEquals(101, client.send(RawClient.upgrade("/echo")).readStatus());
                    client.sendHex("8882 00000000 03e8").readHex(4);
                    client.readRest();
                }
                while (!server.connections().isEmpty()) {
                    Thread.onSpinWait();
                }
            }
        }
    }

    @Test
    void a_handshake_that_does_not_complete_is_cut_off_at_the_deadline() throws Exception {
        var options = ServerOptions.defaults().withHandshakeTimeout(Duration.ofMillis(100));
        try (var server = loopback().path("/echo", ECHO).options(options).start();
                var client = new RawClient(server)) {
            client.send("GET /echo HTTP/1.1\r\nHost: ");
            assertEquals("", client.readRest());
        }
    }

    @Test
    void the_handshake_deadline_does_not_reach_an_open_connection() throws Exception {
        var options = ServerOptions.defaults().withHandshakeTimeout(Duration.ofMillis(100));
        var checked = new CountDownLatch(1);
        try (var server = loopback()
                        .path("/wait", ws -> {
                            ws.receive(Duration.ofMillis(300));
                            ws.send("x");
                            checked.countDown();
                        })
                        .options(options)
                        .start();
                var client = new RawClient(server)) {
            client.send(RawClient.upgrade("/wait")).readHead();
            assertEquals("810178", client.readHex(3));
            checked.await();
        }
    }

    @Test
    void a_protocol_error_closes_that_connection_and_no_other() throws Exception {
        try (var server = loopback().path("/echo", ECHO).start();
                var good = new RawClient(server);
                var bad = new RawClient(server)) {
            good.send(RawClient.upgrade("/echo")).readHead();
            bad.send(RawClient.upgrade("/echo")).readHead();
            assertEquals("880203ea", bad.sendHex("8102 4869").readHex(4));
            assertEquals("", bad.readRest());
            assertEquals(HI_ECHO, good.sendHex(HI).readHex(4));
        }
    }

    @Test
    void connections_are_listed_while_they_are_open() throws Exception {
        try (var server = loopback().path("/echo", ECHO).start();
                var client = new RawClient(server)) {
            assertEquals(0, server.connections().size());
            client.send(RawClient.upgrade("/echo")).readHead();
            client.sendHex(HI).readHex(4);
            assertEquals(1, server.connections().size());
        }
    }

    @Test
    void shutdown_tells_every_peer_and_waits_for_its_answer() throws Exception {
        var entered = new CountDownLatch(1);
        var ended = new LinkedBlockingQueue<ReadyState>();
        var server = loopback()
                .path("/echo", ws -> {
                    entered.countDown();
                    ws.forEach(message -> {});
                    ended.add(ws.readyState());
                })
                .start();
        try (var client = new RawClient(server)) {
            client.send(RawClient.upgrade("/echo")).readHead();
            entered.await();
            var stopping =
                    Thread.ofVirtual().start(() -> server.shutdown(Duration.ofSeconds(10), CloseStatus.of(1012)));
            assertEquals("880203f4", client.readHex(4));
            client.sendHex("8882 00000000 03f4");
            assertEquals("", client.readRest());
            client.hangUp();
            assertTrue(stopping.join(Duration.ofSeconds(10)));
            assertEquals(ReadyState.CLOSED, ended.poll(10, TimeUnit.SECONDS));
        }
        assertThrows(IOException.class, () -> new RawClient(server));
    }

    @Test
    void shutdown_interrupts_a_handler_that_does_not_return() throws Exception {
        var interrupted = new CountDownLatch(1);
        var entered = new CountDownLatch(1);
        var server = loopback()
                .path("/stuck", ws -> {
                    entered.countDown();
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException e) {
                        interrupted.countDown();
                        throw e;
                    }
                })
                .start();
        try (var client = new RawClient(server)) {
            client.send(RawClient.upgrade("/stuck")).readHead();
            entered.await();
            server.shutdown(Duration.ofMillis(50), CloseStatus.GOING_AWAY);
            assertTrue(interrupted.await(10, TimeUnit.SECONDS));
        }
    }

    @Test
    void a_taken_port_is_an_io_exception_that_names_it() throws Exception {
        try (var server = loopback().path("/echo", ECHO).start()) {
            var taken = loopback().path("/echo", ECHO).port(server.port());
            var thrown = assertThrows(IOException.class, taken::start);
            assertTrue(String.valueOf(thrown.getMessage()).contains(Integer.toString(server.port())));
        }
    }

    @Test
    void wrong_descriptions_are_refused() {
        assertThrows(IllegalArgumentException.class, () -> loopback().port(65_536));
        assertThrows(IllegalArgumentException.class, () -> loopback().port(-1));
        assertThrows(IllegalArgumentException.class, () -> loopback().path("echo", ECHO));
        assertThrows(IllegalArgumentException.class, () -> loopback().path("/{room", ECHO));
        assertThrows(
                IllegalArgumentException.class,
                () -> loopback().path("/a", ECHO).path("/a", ECHO));
        assertThrows(IllegalStateException.class, () -> loopback().start());
    }
}
