package io.github.postern.ws.server;

import static io.github.postern.ws.server.RawClient.upgrade;
import static io.github.postern.ws.server.Servers.ECHO;
import static io.github.postern.ws.server.Servers.loopback;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.postern.ws.core.handshake.HandshakeResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Peers that do what they can before there is a connection. After each, nothing of them is left, and others are served as before. */
@Timeout(60)
class HostilePeerTest {
    private static final Duration DEADLINE = Duration.ofMillis(150);

    /** The beginning of a TLS record with a ClientHello of 512 bytes. */
    private static final String HALF_HELLO = "16030102000100 01fc0303 00112233";

    @RegisterExtension
    final Servers servers = new Servers();

    private WebSocketServer plain() throws IOException {
        return plain(ServerOptions.defaults());
    }

    private WebSocketServer plain(ServerOptions options) throws IOException {
        return servers.start(loopback().path("/", ECHO).options(options.withHandshakeTimeout(DEADLINE)));
    }

    private WebSocketServer tls() throws IOException, NoSuchAlgorithmException {
        return servers.start(loopback()
                .path("/", ECHO)
                .tls(SSLContext.getDefault())
                .options(ServerOptions.defaults().withHandshakeTimeout(DEADLINE)));
    }

    private static void checkOthersAreServed(WebSocketServer server) throws IOException {
        assertTrue(Servers.eventually(() -> server.present() == 0), "something of the peer is left");
        try (var client = new RawClient(server)) {
            assertEquals(101, client.send(upgrade("/")).readStatus());
            assertEquals("81024869", client.sendHex("8182 00000000 4869").readHex(4));
        }
    }

    /** Sends one part after the other, with pauses shorter than the deadline, until the server has had enough. */
    private static boolean drip(RawClient client, String part) {
        for (int i = 0; i < 1000; i++) {
            try {
                client.send(part);
            } catch (IOException e) {
                return true;
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
        return false;
    }

    @Test
    void who_says_nothing_is_cut_off() throws Exception {
        var server = plain();
        long begin = System.nanoTime();
        try (var client = new RawClient(server)) {
            assertTrue(client.isCutOff());
        }
        assertTrue(System.nanoTime() - begin >= DEADLINE.toNanos() - TimeUnit.MILLISECONDS.toNanos(50), "not before");
        checkOthersAreServed(server);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "16", "1603", HALF_HELLO})
    void who_does_not_finish_its_tls_hello_is_cut_off(String hello) throws Exception {
        var server = tls();
        try (var client = new RawClient(server)) {
            assertTrue(client.sendHex(hello).isCutOff());
        }
        assertTrue(Servers.eventually(() -> server.present() == 0));
    }

    @Test
    void a_tls_hello_that_drips_is_cut_off() throws Exception {
        var server = tls();
        try (var client = new RawClient(server)) {
            assertTrue(drip(client.sendHex(HALF_HELLO), "\u0001"));
        }
        assertTrue(Servers.eventually(() -> server.present() == 0));
    }

    @Test
    void who_speaks_http_to_tls_is_cut_off_without_waiting() throws Exception {
        var server = servers.start(loopback().path("/", ECHO).tls(SSLContext.getDefault()));
        try (var client = new RawClient(server)) {
            assertFalse(client.send(upgrade("/")).readRest().contains("HTTP/1.1"), "an alert at most");
        }
        assertTrue(Servers.eventually(() -> server.present() == 0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET / HTTP/1.1\r\nHost: a\r\nX: ", "GET /", ""})
    void a_head_that_drips_is_cut_off(String begin) throws Exception {
        var server = plain();
        try (var client = new RawClient(server)) {
            assertTrue(drip(client.send(begin), "a"));
        }
        checkOthersAreServed(server);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-Header: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n",
                "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
            })
    void a_head_without_end_is_answered_431(String part) throws Exception {
        var server = servers.start(loopback().path("/", ECHO));
        try (var client = new RawClient(server)) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\nX: ");
            client.send(part.repeat(33 * 1024 / part.length()));
            assertEquals(431, client.readStatus());
        }
        checkOthersAreServed(server);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"Content-Length: 999999999999999999", "Content-Length: -1", "Transfer-Encoding: chunked"})
    void a_handshake_that_announces_a_body_is_refused_without_reading_it(String header) throws Exception {
        var server = servers.start(loopback().path("/", ECHO));
        try (var client = new RawClient(server)) {
            assertEquals(400, client.send(upgrade("/", header)).readStatus());
        }
        checkOthersAreServed(server);
    }

    @Test
    void who_goes_on_sending_behind_a_refused_request_is_cut_off() throws Exception {
        var server = servers.start(loopback().path("/", ECHO));
        try (var client = new RawClient(server)) {
            client.send(upgrade("/nowhere", "Content-Length: 999999999"));
            assertTrue(drip(client, "a".repeat(1000)));
        }
        checkOthersAreServed(server);
    }

    @Test
    void who_does_not_take_its_answer_is_cut_off() throws Exception {
        var page = "a".repeat(10_000_000); // more than all buffers on the way hold
        var server = servers.start(loopback()
                .path("/", ECHO)
                .plainRequests(request -> HandshakeResponse.of(200, page))
                .options(ServerOptions.defaults().withHandshakeTimeout(Duration.ofSeconds(2))));
        try (var client = new RawClient(server)) {
            client.send("GET /page HTTP/1.1\r\nHost: a\r\n\r\n");
            assertEquals(200, client.readStatus());
            checkOthersAreServed(server);
        }
    }

    @Test
    void who_stays_after_its_answer_is_shown_the_door() throws Exception {
        var server = servers.start(loopback().path("/", ECHO));
        try (var client = new RawClient(server)) {
            assertEquals(404, client.send(upgrade("/nowhere")).readStatus());
            checkOthersAreServed(server);
            client.readRest();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "GET", "GET / HTTP/1.1\r\nHost: a\r\n", "GET / HTTP/1.1\r\nHost: a\r\n\r\n", "UPGRADE"})
    void who_resets_the_connection_at_any_point_of_the_handshake_leaves_nothing(String sent) throws Exception {
        var server = servers.start(loopback().path("/", ECHO));
        for (int i = 0; i < 20; i++) {
            var client = new RawClient(server);
            client.send(sent.equals("UPGRADE") ? upgrade("/") : sent).reset();
        }
        checkOthersAreServed(server);
    }

    @Test
    void who_resets_the_connection_in_its_tls_hello_leaves_nothing() throws Exception {
        var server = servers.start(loopback().path("/", ECHO).tls(SSLContext.getDefault()));
        for (int i = 0; i < 20; i++) {
            new RawClient(server).sendHex(HALF_HELLO).reset();
        }
        assertTrue(Servers.eventually(() -> server.present() == 0));
    }

    @Test
    void who_ends_its_output_within_the_head_is_gone() throws Exception {
        var server = servers.start(loopback().path("/", ECHO));
        try (var client = new RawClient(server)) {
            client.send("GET / HTTP/1.1\r\n").hangUp();
            assertEquals("", client.readRest());
        }
        checkOthersAreServed(server);
    }

    @Test
    void a_burst_of_silent_connects_keeps_others_out_only_until_the_deadline() throws Exception {
        var server = plain(ServerOptions.defaults()
                .withMaxConnections(20)
                .withMaxConnectionsPerAddress(20)
                .withMaxHandshakes(10));
        var burst = new ArrayList<RawClient>();
        try {
            for (int i = 0; i < 300; i++) {
                burst.add(new RawClient(server));
            }
            // two numbers for each of those in their handshake, one for each who is being told, and the address
            assertTrue(server.present() <= 2 * 10 + 10 + 1, () -> "present: " + server.present());
            for (var client : burst) {
                var answer = client.readHead();
                assertTrue(answer.isEmpty() || answer.startsWith("HTTP/1.1 503 "), answer);
            }
            checkOthersAreServed(server);
        } finally {
            for (var client : burst) {
                client.close();
            }
        }
    }

    @Test
    void ten_thousand_connects_at_once_harm_no_open_connection_and_leave_nothing() throws Exception {
        var server = plain(ServerOptions.defaults().withMaxHandshakes(100));
        var burst = new ConcurrentLinkedQueue<RawClient>();
        try (var open = new RawClient(server).send(upgrade("/"))) {
            assertEquals(101, open.readStatus());
            var connecting = new ArrayList<Future<?>>();
            try (var threads = Executors.newFixedThreadPool(4)) {
                for (int i = 0; i < 4; i++) {
                    connecting.add(threads.submit(() -> connect(server, 2500, burst)));
                }
                while (!connecting.stream().allMatch(Future::isDone)) {
                    assertEquals("81024869", open.sendHex("8182 00000000 4869").readHex(4));
                }
            }
            for (var each : connecting) {
                each.get(); // throws what has ended it
            }
            assertTrue(server.present() <= 2 + 2 * 100 + 100, () -> "present: " + server.present());
            for (var client : burst) {
                assertTrue(client.isEnded(), "a silent client is still there");
            }
            assertEquals("81024869", open.sendHex("8182 00000000 4869").readHex(4));
        } finally {
            for (var client : burst) {
                client.close();
            }
        }
        checkOthersAreServed(server);
    }

    private static void connect(WebSocketServer server, int times, Queue<RawClient> connected) {
        try {
            for (int i = 0; i < times; i++) {
                connected.add(new RawClient(server));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void handshakes_beyond_the_limit_are_answered_503_and_open_connections_do_not_count() throws Exception {
        var server = servers.start(
                loopback().path("/", ECHO).options(ServerOptions.defaults().withMaxHandshakes(2)));
        try (var open = new RawClient(server).send(upgrade("/"))) {
            assertEquals(101, open.readStatus());
            checkThirdHandshake(server);
        }
    }

    private static void checkThirdHandshake(WebSocketServer server) throws IOException {
        try (var first = new RawClient(server).send("GET");
                var second = new RawClient(server).send("GET")) {
            // three sockets, two handshakes, one address
            assertTrue(Servers.eventually(() -> server.present() == 6));
            try (var third = new RawClient(server)) {
                var answer = third.readHead();
                assertTrue(answer.startsWith("HTTP/1.1 503 ") && answer.contains("\r\nRetry-After: "), answer);
            }
            assertEquals(101, first.send(upgrade("/").substring(3)).readStatus());
            assertTrue(Servers.eventually(() -> server.present() == 5));
            assertEquals(101, RawClient.status(server, upgrade("/")));
            assertEquals(101, second.send(upgrade("/").substring(3)).readStatus());
        }
    }
}
