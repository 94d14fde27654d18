package io.github.postern.ws.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.postern.ws.connection.CloseInfo;
import io.github.postern.ws.connection.ConnectionClosedException;
import io.github.postern.ws.connection.ConnectionHandler;
import io.github.postern.ws.connection.Message;
import io.github.postern.ws.connection.WebSocket;
import io.github.postern.ws.core.CloseStatus;
import java.io.IOException;
import java.net.CookieHandler;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A link that comes back, with real sockets and a clock that the test moves. */
@Timeout(30)
class ReconnectingWebSocketTest {
    private static final long SEED = 4;
    private static final String CLOSE_GOING_AWAY = "\u0088\u0002\u0003\u00e9";

    private static final ConnectionHandler<WebSocket> READ = ws -> {
        while (true) {
            ws.receive();
        }
    };

    private final Log log = new Log();
    private final Clock clock = new Clock();

    /** Keeps what the link tells, as text, and the reasons. */
    private static final class Log implements ReconnectListener {
        final LinkedBlockingQueue<String> lines = new LinkedBlockingQueue<>();
        final LinkedBlockingQueue<Duration> delays = new LinkedBlockingQueue<>();
        final LinkedBlockingQueue<IOException> endings = new LinkedBlockingQueue<>();

        @Override
        public void onConnecting(int retries) {
            lines.add("connecting " + retries);
        }

        @Override
        public void onOpen(WebSocket connection) {
            lines.add("open");
        }

        @Override
        public void onClose(CloseInfo end) {
            lines.add("close " + end.status().code());
        }

        @Override
        public void onFailure(IOException why) {
            lines.add("failure");
        }

        @Override
        public void onDelay(Duration delay) {
            lines.add("delay");
            delays.add(delay);
        }

        @Override
        public void onGiveUp(IOException why) {
            lines.add("give up");
            endings.add(why);
        }

        List<String> next(int count) throws InterruptedException {
            var next = new ArrayList<String>();
            while (next.size() < count) {
                var line = lines.poll(10, TimeUnit.SECONDS);
                assertTrue(line != null, "only " + next);
                next.add(line);
            }
            return next;
        }
    }

    /** Every delay is over at once, unless the test holds it. */
    private static final class Clock implements Pacing {
        final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1); // runs over
        volatile CountDownLatch held = new CountDownLatch(0);

        @Override
        public long nanoTime() {
            return nanos.get();
        }

        @Override
        public Instant now() {
            return Instant.EPOCH;
        }

        @Override
        public void await(CountDownLatch stopped, Duration delay) throws InterruptedException {
            nanos.addAndGet(delay.toNanos());
            if (held.getCount() > 0) {
                stopped.await();
            }
        }
    }

    private ReconnectingWebSocket.Builder link(WebSocketClient client, URI uri) {
        return client.reconnecting(uri).listener(log).pacing(clock).random(new Random(SEED));
    }

    private ReconnectingWebSocket.Builder link(Peer server) {
        return link(WebSocketClient.create(), server.uri("/"));
    }

    private static void end(ReconnectingWebSocket link) throws InterruptedException {
        link.close();
        link.awaitEnd();
    }

    @Test
    void each_connection_is_handled_and_the_next_follows_after_a_delay() throws Exception {
        var handled = new LinkedBlockingQueue<Message>();
        try (var server = Peer.answering(head -> Peer.accepted(head) + "\u0081\u0002Hi" + CLOSE_GOING_AWAY);
                var link = link(server).start(ws -> ws.forEach(handled::add))) {
            for (int i = 0; i < 3; i++) {
                assertEquals(new Message.Text("Hi"), handled.poll(10, TimeUnit.SECONDS));
                assertEquals(List.of("connecting " + i, "open", "close 1001", "delay"), log.next(4));
            }
            end(link);
            assertTrue(link.connection().isEmpty());
        }
    }

    @Test
    void attempts_that_fail_are_repeated_until_one_does_not() throws Exception {
        var listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        var uri = URI.create("ws://127.0.0.2:" + listener.getLocalPort() + "/"); // nobody is there
        try (listener;
                var link = link(WebSocketClient.create(), uri).start(READ)) {
            for (int i = 0; i < 10; i++) {
                assertEquals(List.of("connecting " + i, "failure", "delay"), log.next(3));
                var most = i == 0 ? 5 : Math.clamp(1L << i, 5, 60);
                var delay = log.delays.take();
                assertTrue(
                        delay.compareTo(Duration.ofSeconds(most)) <= 0, "seed " + SEED + ", delay " + i + ": " + delay);
            }
            end(link);
        }
    }

    @Test
    void the_options_are_the_ones_that_the_delays_are_made_of() throws Exception {
        try (var server = Peer.answering(head -> Peer.accepted(head) + CLOSE_GOING_AWAY);
                var link = link(server)
                        .firstDelay(Duration.ZERO)
                        .baseDelay(Duration.ofMillis(1))
                        .maxDelay(Duration.ofMillis(2))
                        .start(READ)) {
            assertEquals(Duration.ZERO, log.delays.take());
            for (int i = 0; i < 5; i++) {
                assertTrue(log.delays.take().compareTo(Duration.ofMillis(2)) <= 0);
            }
            end(link);
        }
    }

    @ParameterizedTest
    @CsvSource({"9999, 1", "10000, 0", "10001, 0"})
    void only_a_connection_that_stayed_open_starts_the_delays_anew(long millis, int retries) throws Exception {
        var connections = new AtomicInteger();
        try (var server = Peer.answering(head -> Peer.accepted(head) + CLOSE_GOING_AWAY);
                var link = link(server).start(ws -> {
                    if (connections.incrementAndGet() == 2) {
                        clock.nanos.addAndGet(Duration.ofMillis(millis).toNanos());
                    }
                    ws.receive();
                })) {
            assertEquals("connecting 0", log.next(4).getFirst());
            assertEquals("connecting 1", log.next(4).getFirst());
            assertEquals("connecting " + (retries + 1), log.next(1).getFirst());
            end(link);
        }
    }

    @Test
    void retry_after_comes_on_top_of_the_delay() throws Exception {
        try (var server = Peer.answering(head -> "HTTP/1.1 503 Busy\r\nRetry-After: 100\r\nContent-Length: 0\r\n\r\n");
                var link = link(server).start(READ)) {
            var expected =
                    new Backoff(Duration.ofSeconds(5), Duration.ofSeconds(1), Duration.ofSeconds(60), new Random(SEED));
            for (int i = 0; i < 3; i++) {
                assertEquals(expected.next().plusSeconds(100), log.delays.take(), "seed " + SEED);
            }
            end(link);
        }
    }

    @Test
    void a_refusal_that_would_come_again_is_the_end() throws Exception {
        try (var server = Peer.answering(head -> "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
                var link = link(server).start(READ)) {
            link.awaitEnd();
            assertTrue(link.hasEnded());
            assertEquals(List.of("connecting 0", "failure", "give up"), log.next(3));
            var why = assertInstanceOf(HandshakeRejectedException.class, log.endings.take());
            assertEquals(403, why.response().status());
        }
    }

    @Test
    void a_close_that_would_come_again_is_the_end() throws Exception {
        try (var server = Peer.answering(head -> Peer.accepted(head) + "\u0088\u0002\u0003\u00f0"); // 1008
                var link = link(server).start(READ)) {
            link.awaitEnd();
            assertEquals(List.of("connecting 0", "open", "close 1008", "give up"), log.next(4));
            var why = assertInstanceOf(ConnectionClosedException.class, log.endings.take());
            assertEquals(CloseStatus.POLICY_VIOLATION, why.closeInfo().status());
        }
    }

    @Test
    void the_application_may_decide_otherwise() throws Exception {
        var asked = new LinkedBlockingQueue<IOException>();
        try (var server = Peer.answering(head -> Peer.accepted(head) + CLOSE_GOING_AWAY);
                var link = link(server)
                        .retryIf(why -> {
                            asked.add(why);
                            return asked.size() < 3;
                        })
                        .start(READ)) {
            link.awaitEnd();
            assertEquals(3, asked.size());
            var last = (ConnectionClosedException) log.endings.take();
            assertEquals(CloseStatus.GOING_AWAY, last.closeInfo().status());
        }
    }

    @Test
    void an_application_that_cannot_decide_gets_no_other_attempt() throws Exception {
        try (var server = Peer.answering(head -> Peer.accepted(head) + CLOSE_GOING_AWAY);
                var link = link(server)
                        .retryIf(why -> {
                            throw new IllegalStateException("undecided");
                        })
                        .start(READ)) {
            link.awaitEnd();
            assertEquals(1, log.endings.size());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_handler_that_returns_or_throws_ends_its_connection_only(boolean returns) throws Exception {
        var closes = new LinkedBlockingQueue<byte[]>();
        try (var server = new Peer(visit -> {
                    visit.write(Peer.accepted(visit.head()));
                    closes.add(visit.socket.getInputStream().readNBytes(8));
                });
                var link = link(server).start(ws -> {
                    if (!returns) {
                        throw new IllegalStateException("on purpose, not of this log's concern");
                    }
                })) {
            assertEquals(List.of("connecting 0", "open"), log.next(2));
            assertEquals(returns ? 1000 : 1011, closeCode(closes.take()));
            log.next(2);
            assertEquals(List.of("connecting 1", "open"), log.next(2));
            end(link);
        }
    }

    /** The code in a masked Close frame. */
    private static int closeCode(byte[] frame) {
        assertEquals((byte) 0x88, frame[0]);
        var bytes = ByteBuffer.wrap(frame);
        return (bytes.getShort(6) ^ bytes.getShort(2)) & 0xFFFF; // the mask begins at 2
    }

    @Test
    void what_a_cookie_handler_throws_is_a_failure_like_others() throws Exception {
        var client = WebSocketClient.builder()
                .cookieHandler(new CookieHandler() {
                    @Override
                    public Map<String, List<String>> get(URI uri, Map<String, List<String>> headers) {
                        throw new IllegalStateException("on purpose");
                    }

                    @Override
                    public void put(URI uri, Map<String, List<String>> headers) {
                        throw new AssertionError("nothing to store");
                    }
                })
                .build();
        try (var server = Peer.answering(Peer::accepted);
                var link = link(client, server.uri("/")).retryIf(why -> false).start(READ)) {
            link.awaitEnd();
            assertEquals(List.of("connecting 0", "failure", "give up"), log.next(3));
            assertInstanceOf(IllegalStateException.class, log.endings.take().getCause());
        }
    }

    @Test
    void a_failing_listener_changes_nothing() throws Exception {
        var calls = new AtomicInteger();
        try (var server = Peer.answering(head -> Peer.accepted(head) + CLOSE_GOING_AWAY);
                var link = link(server)
                        .listener(new ReconnectListener() {
                            @Override
                            public void onConnecting(int retries) {
                                calls.incrementAndGet();
                                throw new IllegalStateException("on purpose");
                            }
                        })
                        .retryIf(why -> calls.get() < 3)
                        .start(READ)) {
            link.awaitEnd();
            assertEquals(3, calls.get());
        }
    }

    @Test
    void the_open_connection_can_be_sent_on() throws Exception {
        try (var server = new Peer(visit -> {
                    visit.write(Peer.accepted(visit.head()));
                    assertEquals(0x81, visit.socket.getInputStream().read());
                    visit.write(CLOSE_GOING_AWAY);
                });
                var link = link(server).retryIf(why -> false).start(READ)) {
            log.next(2);
            link.connection().orElseThrow().send("Hi");
            link.awaitEnd();
            assertEquals(List.of("close 1001", "give up"), log.next(2));
        }
    }

    @Test
    void closing_ends_a_delay_at_once() throws Exception {
        clock.held = new CountDownLatch(1);
        try (var server = Peer.answering(head -> Peer.accepted(head) + CLOSE_GOING_AWAY);
                var link = link(server).start(READ)) {
            log.next(4);
            end(link);
            assertEquals(0, log.lines.size(), "what was told after that");
        }
    }

    @Test
    void closing_ends_a_real_delay_at_once() throws Exception {
        try (var server =
                        Peer.answering(head -> "HTTP/1.1 503 Busy\r\nRetry-After: 3600\r\nContent-Length: 0\r\n\r\n");
                var link = link(server).pacing(Pacing.SYSTEM).start(READ)) {
            log.next(3);
            assertFalse(link.hasEnded());
            end(link);
        }
    }

    @Test
    void closing_ends_an_attempt_at_once() throws Exception {
        var client =
                WebSocketClient.builder().connectTimeout(Duration.ofHours(1)).build();
        try (var server = new Peer(Peer.Visit::awaitEnd);
                var link = link(client, server.uri("/")).start(READ)) {
            server.visit();
            end(link);
            assertEquals(List.of("connecting 0"), log.next(1));
            assertEquals(0, log.lines.size(), "what was told after that");
        }
    }

    @Test
    void closing_closes_the_connection_and_lets_the_handler_return() throws Exception {
        try (var server = new Peer(visit -> {
                    visit.write(Peer.accepted(visit.head()));
                    var close = visit.socket.getInputStream().readNBytes(8);
                    assertEquals((byte) 0x88, close[0]);
                    visit.write("\u0088\u0002\u0003\u00e8");
                });
                var link = link(server).start(READ)) {
            log.next(2);
            end(link);
            assertEquals(List.of("close 1000"), log.next(1));
            assertEquals(0, log.lines.size(), "what was told after that");
            end(link); // the second time
        }
    }

    @Test
    void the_handler_may_close_it() throws Exception {
        var link = new LinkedBlockingQueue<ReconnectingWebSocket>();
        try (var server = new Peer(visit -> {
                    visit.write(Peer.accepted(visit.head()));
                    visit.socket.getInputStream().readNBytes(8);
                    visit.write("\u0088\u0002\u0003\u00e8");
                });
                var started = link(server).start(ws -> link.take().close())) {
            link.add(started);
            started.awaitEnd();
            assertEquals(List.of("connecting 0", "open", "close 1000"), log.next(3));
        }
    }

    @Test
    void a_handler_whose_thread_is_interrupted_ends_both() throws Exception {
        try (var server = Peer.answering(Peer::accepted);
                var link = link(server).start(ws -> {
                    Thread.currentThread().interrupt();
                    throw new InterruptedException("no more");
                })) {
            link.awaitEnd();
            assertTrue(link.hasEnded());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "firstDelay, -1, false",
        "firstDelay, 0, true",
        "firstDelay, 86400000, true",
        "firstDelay, 86400001, false",
        "baseDelay, 0, false",
        "baseDelay, 1, true",
        "baseDelay, 86400000, true",
        "baseDelay, 86400001, false",
        "maxDelay, 0, false",
        "maxDelay, 1, true",
        "maxDelay, 86400000, true",
        "maxDelay, 86400001, false",
        "resetAfter, -1, false",
        "resetAfter, 0, true",
        "resetAfter, 86400000, true",
        "resetAfter, 86400001, false",
        "maxRetryAfter, -1, false",
        "maxRetryAfter, 0, true",
        "maxRetryAfter, 86400000, true",
        "maxRetryAfter, 86400001, false"
    })
    void every_option_has_its_range(String name, long millis, boolean allowed) {
        var builder = WebSocketClient.create().reconnecting(URI.create("ws://localhost/"));
        var value = Duration.ofMillis(millis);
        Runnable set = () -> {
            switch (name) {
                case "firstDelay" -> builder.firstDelay(value);
                case "baseDelay" -> builder.baseDelay(value);
                case "maxDelay" -> builder.maxDelay(value);
                case "resetAfter" -> builder.resetAfter(value);
                case "maxRetryAfter" -> builder.maxRetryAfter(value);
                default -> throw new AssertionError(name);
            }
        };
        if (allowed) {
            set.run();
        } else {
            assertThrows(IllegalArgumentException.class, set::run);
        }
    }

    @Test
    void what_is_not_a_web_socket_uri_is_refused_at_once() {
        assertThrows(
                IllegalArgumentException.class, () -> WebSocketClient.create().reconnecting(URI.create("http://h/")));
    }
}
