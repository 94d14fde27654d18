package io.github.postern.push;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients that open sessions as fast as they can (PROTOCOL.md §11): the limits hold for all ways to open one, and what ends makes room. */
@Timeout(60)
class SessionFloodTest {
    private static final int TOTAL = 6;
    private static final int PER_ADDRESS = 4;
    private static final Duration EXPIRY = Duration.ofMillis(300);

    private final List<RawConnection> connections = Collections.synchronizedList(new ArrayList<>());
    private PushServer server;
    private TestClient client;

    @BeforeEach
    void start() throws Exception {
        var options = PushOptions.defaults()
                .withLimits(PushLimits.defaults().withSessions(TOTAL, PER_ADDRESS))
                .withHeartbeat(Duration.ofMillis(100)) // by which the server finds out who has gone
                .withExpiry(EXPIRY);
        server = PushServer.builder()
                .path("/push", session -> session.forEach(message -> {}), options)
                .start();
        client = new TestClient(server.port());
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        for (var connection : connections) {
            connection.close();
        }
        server.shutdown(Duration.ZERO, Duration.ZERO);
    }

    /** Asks for a session from that address of this machine, 127.0.0.x; returns the status. */
    private int open(int address, String... lines) throws IOException {
        var connection =
                new RawConnection(server.port(), InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) address}));
        connections.add(connection);
        connection.request("GET", "", lines);
        var response = connection.response();
        if (response.status() >= 400) {
            assertEquals("busy", response.header("Postern-Error"));
            assertEquals("1", response.header("Retry-After"));
        }
        return response.status();
    }

    private int openPostern(int address) throws IOException {
        return open(address, "Postern-Epoch: 1");
    }

    private int openBare(int address) throws IOException {
        return open(address, "Accept: text/event-stream");
    }

    private int openBareWebSocket(int address) throws IOException {
        return open(
                address,
                "Upgrade: websocket",
                "Connection: Upgrade",
                "Sec-WebSocket-Version: 13",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==");
    }

    private int attachWebSocket() throws InterruptedException {
        var socket = TestWebSocket.open(client.http(), server.port(), "postern.v1");
        socket.control("event:attach\ndata:epoch=1\n\n");
        return socket.next() instanceof TestWebSocket.Closed closed ? closed.code() : 0;
    }

    @Test
    void an_address_has_its_share_and_no_more_by_any_way_to_open_one() throws Exception {
        assertEquals(200, openPostern(1));
        assertEquals(200, openBare(1));
        assertEquals(101, openBareWebSocket(1));
        assertEquals(0, attachWebSocket());
        assertEquals(PER_ADDRESS, server.sessions().size());
        assertEquals(429, openPostern(1));
        assertEquals(429, openBare(1));
        assertEquals(429, openBareWebSocket(1));
        assertEquals(4429, attachWebSocket());
        assertEquals(200, openPostern(2), "another address has its own");
    }

    @Test
    void the_endpoint_has_so_many_and_no_more_from_whatever_addresses() throws Exception {
        for (int n = 1; n <= TOTAL; n++) {
            assertEquals(200, openPostern(10 + n));
        }
        assertEquals(TOTAL, server.sessions().size());
        assertEquals(503, openPostern(30));
        assertEquals(503, openBare(31));
        assertEquals(503, openBareWebSocket(32));
        assertEquals(4503, attachWebSocket());
    }

    @Test
    void refused_sessions_take_nobodys_place() throws Exception {
        for (int n = 0; n < PER_ADDRESS; n++) {
            assertEquals(200, openPostern(1));
        }
        for (int n = 0; n < 20; n++) {
            assertEquals(429, openPostern(1));
        }
        for (int n = PER_ADDRESS; n < TOTAL; n++) {
            assertEquals(200, openPostern(2));
        }
        for (int n = 0; n < 20; n++) {
            assertEquals(503, openPostern(2));
        }
        for (var connection : connections) {
            connection.close();
        }
        HttpTransportsTest.await(() -> server.sessions().isEmpty());
        for (int n = 0; n < PER_ADDRESS; n++) {
            assertEquals(200, openPostern(1));
        }
        assertEquals(429, openPostern(1));
    }

    @Test
    void clients_that_open_a_session_and_go_leave_nothing_behind() throws Exception {
        var handlers = Collections.synchronizedSet(new HashSet<Thread>());
        var options = PushOptions.defaults().withExpiry(EXPIRY);
        var sessions = new PushSessions(
                session -> {
                    handlers.add(Thread.currentThread());
                    session.forEach(message -> {});
                },
                options,
                System::nanoTime);
        var secrets = new ArrayList<String>();
        for (int n = 0; n < 2_000; n++) {
            var session = sessions.open(SessionKind.POSTERN, "a" + n % 3).session();
            assertNotNull(session);
            secrets.add(session.secret());
        }
        HttpTransportsTest.await(() -> {
            sessions.tick();
            return secrets.stream().allMatch(secret -> sessions.find(secret) == null)
                    && handlers.stream().noneMatch(Thread::isAlive);
        });
        assertEquals(2_000, handlers.size());
        assertEquals(0, sessions.live().size());
        sessions.stop(Duration.ZERO);
    }
}
