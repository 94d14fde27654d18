package io.github.postern.ws.server;

import static io.github.postern.ws.server.RawClient.upgrade;
import static io.github.postern.ws.server.Servers.ECHO;
import static io.github.postern.ws.server.Servers.loopback;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.postern.ws.connection.CloseInfo;
import io.github.postern.ws.connection.ReadyState;
import io.github.postern.ws.connection.WebSocket;
import io.github.postern.ws.core.handshake.HandshakeResponse;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a server tells of its connections. */
@Timeout(60)
class ServerListenerTest {
    @RegisterExtension
    final Servers servers = new Servers();

    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
    private final BlockingQueue<Rejection> rejections = new LinkedBlockingQueue<>();

    private final ServerListener recorder = new ServerListener() {
        @Override
        public void onOpen(WebSocket connection) {
            events.add("open " + connection.request().path() + " " + connection.readyState());
        }

        @Override
        public void onClose(WebSocket connection) {
            events.add("close "
                    + connection
                            .closeInfo()
                            .map(CloseInfo::status)
                            .orElseThrow()
                            .code());
        }

        @Override
        public void onReject(Rejection rejection) {
            rejections.add(rejection);
        }
    };

    private Rejection rejection() throws InterruptedException {
        var rejection = rejections.poll(10, TimeUnit.SECONDS);
        assertNotNull(rejection);
        return rejection;
    }

    @Test
    void a_connection_opens_before_its_handler_and_closes_after_it() throws Exception {
        var server =
                servers.start(loopback().path("/a", ws -> events.add("handler")).listener(recorder));
        try (var client = new RawClient(server)) {
            client.send(upgrade("/a")).readHead();
            assertEquals("880203e8", client.readHex(4));
            client.sendHex("8882 00000000 03e8").readRest();
        }
        assertEquals("open /a " + ReadyState.OPEN, events.poll(10, TimeUnit.SECONDS));
        assertEquals("handler", events.poll(10, TimeUnit.SECONDS));
        assertEquals("close 1000", events.poll(10, TimeUnit.SECONDS));
        server.close();
        assertNull(events.poll());
        assertNull(rejections.poll());
    }

    @Test
    void a_refused_handshake_is_told_with_its_request_and_status() throws Exception {
        var server = servers.start(loopback().path("/a", ECHO).listener(recorder));
        assertEquals(403, RawClient.status(server, upgrade("/a", "Origin: http://evil.example")));
        var rejection = rejection();
        assertEquals(403, rejection.status());
        assertEquals("/a", rejection.request().orElseThrow().path());
        assertTrue(rejection.remoteAddress().getAddress().isLoopbackAddress());
        assertTrue(rejection.remoteAddress().getPort() > 0);
        assertEquals(400, RawClient.status(server, "rubbish\r\n\r\n"));
        assertEquals(400, rejection().status());
    }

    @Test
    void a_handshake_that_is_not_finished_is_told_with_status_0() throws Exception {
        var options = ServerOptions.defaults().withHandshakeTimeout(Duration.ofMillis(30));
        var server = servers.start(loopback().path("/a", ECHO).options(options).listener(recorder));
        try (var client = new RawClient(server)) {
            assertTrue(client.isCutOff());
        }
        var rejection = rejection();
        assertEquals(0, rejection.status());
        assertEquals("The handshake took longer than 30 ms.", rejection.why());
    }

    @Test
    void a_limit_is_told_once_for_each_who_is_turned_away() throws Exception {
        var options = ServerOptions.defaults().withMaxConnections(1);
        var server = servers.start(loopback().path("/a", ECHO).options(options).listener(recorder));
        try (var client = new RawClient(server)) {
            client.send(upgrade("/a")).readHead();
            assertEquals(503, RawClient.status(server, upgrade("/a")));
            assertEquals(503, RawClient.status(server, upgrade("/a")));
        }
        assertEquals("503 " + Admission.Limit.CONNECTIONS.text(), text(rejection()));
        assertEquals("503 " + Admission.Limit.CONNECTIONS.text(), text(rejection()));
        server.close();
        assertNull(rejections.poll());
    }

    private static String text(Rejection rejection) {
        return rejection.status() + " " + rejection.why();
    }

    @Test
    void a_plain_request_that_is_answered_is_no_rejection() throws Exception {
        var server = servers.start(loopback()
                .path("/a", ECHO)
                .listener(recorder)
                .plainRequests(request -> HandshakeResponse.of(404, "no such page")));
        assertEquals(404, RawClient.status(server, "GET /x HTTP/1.1\r\nHost: a\r\n\r\n"));
        server.close();
        assertNull(rejections.poll());
        assertNull(events.poll());
    }

    @Test
    void a_listener_that_throws_does_no_harm() throws Exception {
        var failing = new ServerListener() {
            @Override
            public void onOpen(WebSocket connection) {
                throw new IllegalStateException("a listener that fails, as the test wants");
            }

            @Override
            public void onReject(Rejection rejection) {
                throw new IllegalStateException("a listener that fails, as the test wants");
            }
        };
        var server = servers.start(loopback().path("/a", ECHO).listener(failing));
        assertEquals(404, RawClient.status(server, upgrade("/b")));
        try (var client = new RawClient(server)) {
            client.send(upgrade("/a")).readHead();
            assertEquals("81024869", client.sendHex("8182 00000000 4869").readHex(4));
        }
    }
}
