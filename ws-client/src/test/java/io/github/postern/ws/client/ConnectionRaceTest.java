package io.github.postern.ws.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The race of RFC 8305 on real sockets of loopback addresses. */
@Timeout(30)
class ConnectionRaceTest {
    private static final long NEVER = Duration.ofDays(1).toNanos();
    private static final long SOON = Duration.ofMillis(10).toNanos();

    private final OpenSockets sockets = new OpenSockets();
    private final InetAddress open = Loopback.FIRST;
    private final InetAddress other = Loopback.SECOND;
    private ServerSocket listener;

    @BeforeEach
    void listen() throws IOException {
        listener = new ServerSocket(0, 50, open);
    }

    @AfterEach
    void close() throws IOException {
        sockets.abort();
        listener.close();
    }

    private ConnectionRace race(long delayNanos) {
        return new ConnectionRace(sockets, listener.getLocalPort(), delayNanos);
    }

    @Test
    void an_address_that_does_not_answer_gives_way_after_the_delay() throws Exception {
        try (var hole = new Blackhole(other, listener.getLocalPort())) {
            var socket = race(SOON).run(List.of(hole.address(), open));
            assertEquals(open, socket.getInetAddress());
            assertEquals(1, sockets.size(), "sockets that are left: the winner");
        }
    }

    @Test
    void an_address_that_answers_at_once_has_no_rival() throws Exception {
        assertEquals(open, race(NEVER).run(List.of(open, other)).getInetAddress());
        assertEquals(1, sockets.size());
    }

    @Test
    void an_attempt_that_fails_lets_the_next_start_at_once() throws Exception {
        assertEquals(open, race(NEVER).run(List.of(other, other, open)).getInetAddress());
        assertEquals(1, sockets.size());
    }

    @Test
    void without_the_delay_no_rival_starts() throws Exception {
        try (var hole = new Blackhole(other, listener.getLocalPort())) {
            var race = new FutureTask<>(() -> race(NEVER).run(List.of(hole.address(), open)));
            var thread = Thread.ofVirtual().start(race);
            assertThrows(TimeoutException.class, () -> race.get(200, TimeUnit.MILLISECONDS));
            assertEquals(1, sockets.size(), "attempts that run");
            thread.interrupt();
            assertThrows(ExecutionException.class, race::get);
        }
    }

    @Test
    void when_all_fail_the_exception_tells_of_each() {
        var thrown = assertThrows(ConnectException.class, () -> race(NEVER).run(List.of(other, other)));
        assertTrue(
                String.valueOf(thrown.getMessage()).startsWith("no connection to port " + listener.getLocalPort()),
                thrown.getMessage());
        assertTrue(
                String.valueOf(thrown.getMessage()).contains("127.0.0.2 (Connection refused), 127.0.0.2 (Conn"),
                thrown.getMessage());
        assertInstanceOf(IOException.class, thrown.getCause());
        assertEquals(0, sockets.size());
    }

    @Test
    void closing_all_sockets_ends_the_race() throws Exception {
        try (var hole = new Blackhole(other, listener.getLocalPort())) {
            var race = new FutureTask<>(() -> race(NEVER).run(List.of(hole.address())));
            Thread.ofVirtual().start(race);
            assertTrue(sockets.abort());
            var thrown = assertThrows(ExecutionException.class, () -> race.get(20, TimeUnit.SECONDS));
            assertTrue(thrown.getCause() instanceof SocketException, thrown.toString());
            assertThrows(SocketException.class, sockets::create);
        }
    }

    @Test
    void what_was_handed_over_is_not_closed() throws Exception {
        var socket = race(NEVER).run(List.of(open));
        sockets.handOver(socket);
        assertTrue(!sockets.abort(), "too late to give up");
        assertTrue(!socket.isClosed());
        socket.close();
    }

    @Test
    void nothing_is_handed_over_once_all_was_closed() throws Exception {
        var socket = race(NEVER).run(List.of(open));
        assertTrue(sockets.abort());
        assertThrows(SocketException.class, () -> sockets.handOver(socket));
        assertTrue(socket.isClosed());
    }
}
