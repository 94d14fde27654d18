package io.github.postern.ws.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How long connecting takes, where to, and what ends it. */
@Timeout(30)
class ConnectTest {
    private static final Duration SHORT = Duration.ofMillis(100);

    private static URI named(int port) {
        return URI.create("ws://many.test:" + port + "/");
    }

    @Test
    void a_host_is_reached_at_the_address_that_answers() throws Exception {
        try (var server = Peer.answering(Peer::accepted);
                var hole = new Blackhole(Loopback.SECOND, server.port())) {
            var client = WebSocketClient.builder()
                    .resolver(host -> List.of(hole.address(), Loopback.FIRST))
                    .connectionAttemptDelay(Duration.ofMillis(10))
                    .build();
            client.connect(named(server.port())).abort();
            assertEquals("many.test:" + server.port(), Peer.field(server.head(), "Host"));
        }
    }

    @Test
    void the_other_family_is_tried_second_whatever_its_place() throws Exception {
        try (var server = Peer.answering(Peer::accepted);
                var hole = new Blackhole(Loopback.IPV6, server.port())) {
            var six = hole.address();
            var client = WebSocketClient.builder()
                    .resolver(host -> List.of(six, six, six, six, Loopback.FIRST))
                    .connectionAttemptDelay(Duration.ofSeconds(2))
                    .connectTimeout(Duration.ofSeconds(5)) // the fifth would start after 8 s
                    .build();
            client.connect(named(server.port())).abort();
        }
    }

    @Test
    void the_connect_timeout_bounds_connecting() throws Exception {
        try (var server = Peer.answering(Peer::accepted);
                var hole = new Blackhole(Loopback.SECOND, server.port())) {
            var client = WebSocketClient.builder().connectTimeout(SHORT).build();
            var uri = URI.create("ws://" + hole.address().getHostAddress() + ":" + server.port() + "/");
            var thrown = assertThrows(SocketTimeoutException.class, () -> client.connect(uri));
            assertEquals("no WebSocket within 100 ms: " + uri, thrown.getMessage());
            assertEquals(0, server.moreVisits());
        }
    }

    @Test
    void the_connect_timeout_bounds_name_resolution() {
        var never = new CountDownLatch(1);
        var client = WebSocketClient.builder()
                .connectTimeout(SHORT)
                .resolver(host -> {
                    try {
                        never.await();
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                    throw new UnknownHostException(host);
                })
                .build();
        try {
            assertThrows(SocketTimeoutException.class, () -> client.connect(URI.create("ws://slow.test/")));
        } finally {
            never.countDown();
        }
    }

    @Test
    void the_connect_timeout_bounds_tls() throws Exception {
        try (var server = new Peer(Peer.Visit::awaitEnd)) {
            var client = WebSocketClient.builder().connectTimeout(SHORT).build();
            var uri = URI.create("wss://localhost:" + server.port() + "/");
            assertThrows(SocketTimeoutException.class, () -> client.connect(uri));
        }
    }

    @Test
    void a_name_without_an_address_is_an_unknown_host() {
        var client = WebSocketClient.builder()
                .resolver(host -> {
                    throw new UnknownHostException("EAI_NONAME");
                })
                .build();
        var thrown = assertThrows(UnknownHostException.class, () -> client.connect(URI.create("ws://nobody.test/")));
        assertEquals("unknown host: nobody.test", thrown.getMessage());
        var empty = WebSocketClient.builder().resolver(host -> List.of()).build();
        assertThrows(UnknownHostException.class, () -> empty.connect(URI.create("ws://nobody.test/")));
    }

    @Test
    void an_address_in_the_uri_is_not_looked_up() throws Exception {
        try (var server = Peer.answering(Peer::accepted)) {
            var client = WebSocketClient.builder()
                    .resolver(host -> {
                        throw new AssertionError("looked up " + host);
                    })
                    .build();
            client.connect(URI.create("ws://127.0.0.1:" + server.port() + "/")).abort();
        }
    }

    @Test
    void an_ipv6_address_is_bracketed_in_uri_and_host() throws Exception {
        try (var server =
                new Peer(new ServerSocket(0, 50, Loopback.IPV6), visit -> visit.write(Peer.accepted(visit.head())))) {
            var uri = URI.create("ws://[::1]:" + server.port() + "/");
            WebSocketClient.create().connect(uri).abort();
            assertEquals("[::1]:" + server.port(), Peer.field(server.head(), "Host"));
        }
    }

    @Test
    void a_failure_shows_where_connect_was_called() throws Exception {
        var listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        listener.close();
        var uri = URI.create("ws://127.0.0.1:" + listener.getLocalPort() + "/");
        var thrown = assertThrows(
                ConnectException.class, () -> WebSocketClient.create().connect(uri));
        assertTrue(List.of(thrown.getStackTrace()).toString().contains("ConnectTest"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void an_interrupt_ends_the_attempt_at_once_and_stays_set(boolean virtual) throws Exception {
        try (var server = new Peer(Peer.Visit::awaitEnd)) {
            var client = WebSocketClient.builder()
                    .connectTimeout(Duration.ofHours(1))
                    .build();
            var interrupted = new FutureTask<>(() -> {
                var thrown = assertThrows(InterruptedIOException.class, () -> client.connect(server.uri("/")));
                assertEquals("interrupted while connecting: " + server.uri("/"), thrown.getMessage());
                return Thread.currentThread().isInterrupted();
            });
            var builder = virtual ? Thread.ofVirtual() : Thread.ofPlatform().daemon();
            var thread = builder.start(interrupted);
            server.visit();
            thread.interrupt();
            assertTrue(interrupted.get(10, TimeUnit.SECONDS), "interrupt status");
        }
    }

    @Test
    void a_thread_that_is_interrupted_already_does_not_connect() throws Exception {
        try (var server = new Peer(Peer.Visit::awaitEnd)) {
            Thread.currentThread().interrupt();
            assertThrows(
                    InterruptedIOException.class, () -> WebSocketClient.create().connect(server.uri("/")));
            assertTrue(Thread.interrupted());
        }
    }

    /** RFC 6455 §4.1, point 2. */
    @Test
    void one_connection_at_a_time_is_opened_to_the_same_host_and_port() throws Exception {
        var mayAnswer = new CountDownLatch(1);
        try (var server = Peer.answering(head -> {
            mayAnswer.await();
            return Peer.accepted(head);
        })) {
            var client = WebSocketClient.create();
            var first = start(client, server.uri("/first"));
            server.visit();
            var second = start(client, URI.create("ws://LOCALHOST:" + server.port() + "/second"));
            while (client.connecting() < 2) {
                LockSupport.parkNanos(100_000);
            }
            assertTrue(server.isLeftAlone(), "a connection while the first one is CONNECTING");
            mayAnswer.countDown();
            first.get(10, TimeUnit.SECONDS);
            second.get(10, TimeUnit.SECONDS);
            assertTrue(server.head().startsWith("GET /first "));
            assertTrue(server.head().startsWith("GET /second "));
            assertEquals(0, client.connecting());
        }
    }

    @Test
    void connections_to_other_ports_and_of_other_clients_do_not_wait() throws Exception {
        var mayAnswer = new CountDownLatch(1);
        try (var slow = Peer.answering(head -> {
                    mayAnswer.await();
                    return Peer.accepted(head);
                });
                var server = Peer.answering(Peer::accepted)) {
            var client = WebSocketClient.create();
            var first = start(client, slow.uri("/"));
            slow.visit();
            client.connect(server.uri("/")).abort();
            var other = start(WebSocketClient.create(), slow.uri("/"));
            slow.visit();
            assertFalse(first.isDone() || other.isDone());
            mayAnswer.countDown();
            first.get(10, TimeUnit.SECONDS);
            other.get(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void waiting_for_the_turn_counts_against_the_connect_timeout() throws Exception {
        try (var server = new Peer(Peer.Visit::awaitEnd)) {
            var client = WebSocketClient.builder()
                    .connectTimeout(Duration.ofMillis(500))
                    .build();
            var first = start(client, server.uri("/"));
            var second = start(client, server.uri("/"));
            for (var attempt : List.of(first, second)) {
                var thrown = assertThrows(ExecutionException.class, () -> attempt.get(10, TimeUnit.SECONDS));
                assertTrue(thrown.getCause() instanceof SocketTimeoutException, thrown.toString());
            }
            while (client.connecting() > 0) {
                LockSupport.parkNanos(100_000);
            }
        }
    }

    private static FutureTask<Object> start(WebSocketClient client, URI uri) {
        var task = new FutureTask<Object>(() -> {
            client.connect(uri).abort();
            return uri;
        });
        Thread.ofVirtual().start(task);
        return task;
    }

    @ParameterizedTest
    @CsvSource({"9, false", "10, true", "2000, true", "2001, false"})
    void the_connection_attempt_delay_is_between_10_ms_and_2_s(long millis, boolean allowed) {
        var builder = WebSocketClient.builder();
        if (allowed) {
            builder.connectionAttemptDelay(Duration.ofMillis(millis));
        } else {
            assertThrows(
                    IllegalArgumentException.class, () -> builder.connectionAttemptDelay(Duration.ofMillis(millis)));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ws://h:0/",
                "ws://h:65536/",
                "ws://h/é",
                "wss://a123456789012345678901234567890123456789012345678901234567890123/"
            })
    void what_no_server_can_be_asked_for_is_refused(String uri) {
        assertThrows(
                IllegalArgumentException.class, () -> WebSocketClient.create().connect(URI.create(uri)));
    }
}
