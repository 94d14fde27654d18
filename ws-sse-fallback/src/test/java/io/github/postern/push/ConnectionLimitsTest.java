package io.github.postern.push;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Clients that connect too often: the limits hold, and who goes makes room. */
@Timeout(60)
class ConnectionLimitsTest {
    private static final int TOTAL = 4;
    private static final int PER_ADDRESS = 3;

    private final List<RawConnection> connections = new ArrayList<>();
    private @Nullable PushServer started;

    @AfterEach
    void stop() throws IOException {
        for (var connection : connections) {
            connection.close();
        }
        if (started != null) {
            started.shutdown(Duration.ZERO, Duration.ZERO);
        }
    }

    private static PushServer.Builder builder() {
        return PushServer.builder()
                .health("/push") // which is what RawConnection asks for
                .path("/sessions", session -> session.forEach(message -> {}))
                .maxConnections(TOTAL)
                .maxConnectionsPerAddress(PER_ADDRESS);
    }

    private PushServer server() throws IOException {
        if (started == null) {
            started = builder().start();
        }
        return started;
    }

    /** Connects from 127.0.0.x. */
    private RawConnection connect(int address) throws IOException {
        var from = InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) address});
        var connection = new RawConnection(server().port(), from);
        connections.add(connection);
        return connection;
    }

    /** Asks over a new connection from that address, which stays open; returns the status. */
    private int ask(int address) throws IOException {
        var connection = connect(address);
        connection.request("GET", "");
        return connection.response().status();
    }

    @Test
    void an_address_has_its_share_and_no_more() throws Exception {
        for (int n = 1; n <= PER_ADDRESS; n++) {
            assertEquals(200, ask(1), "connection " + n);
        }
        assertEquals(503, ask(1));
        assertEquals(200, ask(2), "another address has its own");
    }

    @Test
    void the_server_has_so_many_and_no_more_from_whatever_addresses() throws Exception {
        for (int n = 1; n <= TOTAL; n++) {
            assertEquals(200, ask(n), "connection " + n);
        }
        assertEquals(503, ask(TOTAL + 1));
    }

    @Test
    void who_is_turned_away_is_told_when_to_come_again_before_it_has_asked() throws Exception {
        for (int n = 1; n <= PER_ADDRESS; n++) {
            ask(1);
        }
        var refused = connect(1).response();
        assertEquals(503, refused.status());
        assertEquals("1", refused.header("Retry-After"));
        assertEquals("close", refused.header("Connection"));
        assertEquals("The server has as many connections from your address as it allows.\n", refused.body());
        assertEquals("", connections.getLast().rest());
    }

    @Test
    void the_jdks_client_understands_the_refusal() throws Exception {
        for (int n = 1; n <= TOTAL; n++) {
            ask(n);
        }
        try (var client = new TestClient(server().port())) {
            assertEquals(503, client.send("GET").statusCode());
        }
    }

    @Test
    void who_is_turned_away_takes_nobodys_place_and_who_goes_makes_room() throws Exception {
        for (int n = 1; n <= PER_ADDRESS; n++) {
            ask(1);
        }
        for (int n = 0; n < 20; n++) {
            assertEquals(503, ask(1));
        }
        assertEquals(200, ask(2));
        connections.getFirst().close();
        HttpTransportsTest.await(() -> started != null && started.connections() == TOTAL - 1);
        assertEquals(200, ask(1));
        assertEquals(503, ask(1));
    }

    @Test
    void who_is_turned_away_and_stays_is_cut_off() throws Exception {
        for (int n = 1; n <= PER_ADDRESS; n++) {
            ask(1);
        }
        var refused = connect(1);
        assertEquals(503, refused.response().status());
        HttpTransportsTest.await(() -> {
            try {
                refused.write("x");
                return false;
            } catch (IOException e) {
                return true;
            }
        });
    }

    @Test
    void an_upgraded_connection_still_counts() throws Exception {
        started = builder()
                .maxConnections(1)
                .path("/socket", s -> s.forEach(m -> {}))
                .start();
        var socket = connect(1);
        socket.write(
                "GET /socket HTTP/1.1\r\nHost: localhost:" + started.port()
                        + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
        assertEquals(101, socket.response().status());
        assertEquals(503, ask(2));
        socket.close();
        HttpTransportsTest.await(() -> started != null && started.connections() == 0);
        assertEquals(200, ask(2));
    }

    @Test
    void with_tls_it_is_closed_without_a_word(@TempDir Path folder) throws Exception {
        var context = PushClientTlsTest.contextForLocalhost(folder.resolve("localhost.p12"));
        started = builder().tls(context).maxConnections(1).start();
        try (var first = new TrickledConnection(started.port(), context)) {
            first.write("GET /push HTTP/1.1\r\nHost: localhost\r\n\r\n");
            assertEquals("HTTP/1.1 200 ", first.response().substring(0, 13));
            assertEquals("", connect(1).rest());
        }
    }

    @Test
    void each_limit_has_a_range() {
        var builder = PushServer.builder();
        assertNotNull(builder.maxConnections(1).maxConnectionsPerAddress(1));
        assertNotNull(builder.maxConnections(Integer.MAX_VALUE).maxConnectionsPerAddress(Integer.MAX_VALUE));
        var e = assertThrows(IllegalArgumentException.class, () -> builder.maxConnections(0));
        assertEquals("maxConnections out of range: 0", e.getMessage());
        e = assertThrows(IllegalArgumentException.class, () -> builder.maxConnectionsPerAddress(0));
        assertEquals("maxConnectionsPerAddress out of range: 0", e.getMessage());
        assertNotNull(builder.backlog(1).backlog(65_535));
        e = assertThrows(IllegalArgumentException.class, () -> builder.backlog(0));
        assertEquals("backlog out of range: 0", e.getMessage());
        e = assertThrows(IllegalArgumentException.class, () -> builder.backlog(65_536));
        assertEquals("backlog out of range: 65536", e.getMessage());
        assertEquals(1_024, NetworkLimits.DEFAULTS.backlog());
        assertEquals(10_000, NetworkLimits.DEFAULTS.maxConnections());
        assertEquals(2_000, NetworkLimits.DEFAULTS.maxConnectionsPerAddress());
    }
}
