package io.github.postern.verify.proxies;

import static io.github.postern.push.PushTransport.LONG_POLLING;
import static io.github.postern.push.PushTransport.SSE;
import static io.github.postern.push.PushTransport.WEBSOCKET;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.postern.push.PushClient;
import io.github.postern.push.PushServer;
import io.github.postern.push.PushTransport;
import io.github.postern.ws.connection.Connection;
import io.github.postern.ws.connection.Message;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How soon a client gets its first message through an nginx that lets through only a part, with {@code proxy_buffering on} everywhere. */
@Timeout(60)
@EnabledIf(value = ProxyProgram.NGINX_INSTALLED, disabledReason = "nginx is " + ProxyProgram.MISSING)
class FallbackTest {
    private static final String CONFIGURATION = """
            upstream push { server 127.0.0.1:8081; }
            upstream hole { server 127.0.0.1:8082; }
            map $http_upgrade $connection_header { websocket upgrade; }
            map $http_upgrade $unless_upgrade { '' push; default hole; }
            proxy_buffering on;
            server {
                listen 80;
                proxy_set_header Host $http_host;
                location /straight/ {
                    rewrite ^ /push break;
                    proxy_http_version 1.1;
                    proxy_set_header Host $http_host;
                    proxy_set_header Upgrade $http_upgrade;
                    proxy_set_header Connection $connection_header;
                    proxy_pass http://push;
                }
                location /usual/ { rewrite ^ /push break; proxy_pass http://push; }
                location /403/ { if ($http_upgrade) { return 403; } rewrite ^ /push break; proxy_pass http://push; }
                location /426/ { if ($http_upgrade) { return 426; } rewrite ^ /push break; proxy_pass http://push; }
                location = /warm { if ($http_upgrade) { return 403; } proxy_pass http://push/push; }
                location = /hole { proxy_pass http://$unless_upgrade/push; }
                location = /held {
                    if ($http_upgrade) { return 403; }
                    proxy_ignore_headers X-Accel-Buffering;
                    proxy_pass http://push/push;
                }
                location = /hole-and-held {
                    proxy_ignore_headers X-Accel-Buffering;
                    proxy_pass http://$unless_upgrade/push;
                }
            }
            """;

    /** A round trip through the loopback interface is below what can be told from the rest. */
    private static final Duration REFUSED = Duration.ofMillis(300);

    private static final Duration BLACK_HOLED = Duration.ofMillis(3_500);
    private static final Duration BUFFERED = Duration.ofSeconds(7);
    private static final int ECHOES = 20;

    private static PushServer server;
    private static ServerSocket hole;
    private static ReverseProxy nginx;

    @BeforeAll
    static void start() throws Exception {
        server = PushServer.builder().path("/push", FallbackTest::greetAndEcho).start();
        hole = new ServerSocket(0, 50, InetAddress.getLoopbackAddress()); // the system accepts; nobody answers
        nginx = ReverseProxy.start(
                ProxyProgram.NGINX, CONFIGURATION, Map.of(8081, server.port(), 8082, hole.getLocalPort()));
        for (var path : List.of("/warm", "/straight/warm")) {
            var unmeasured = first(path); // so that loading classes takes no time from what follows
            assertNotEquals(LONG_POLLING, unmeasured.transport());
        }
    }

    @AfterAll
    static void stop() throws Exception {
        nginx.close();
        hole.close();
        server.close();
        assertEquals(List.of(), ReverseProxy.leaked());
    }

    private static void greetAndEcho(Connection session) throws IOException {
        session.send("hello");
        for (var message : session) {
            session.send(message);
        }
    }

    /**
     * A session that has been opened and used.
     *
     * @param transport what carried it
     * @param took the time from nothing to its first message
     */
    private record First(PushTransport transport, Duration took) {}

    /** Opens a session, measures how long its first message takes, and has some returned one by one: what carries it holds nothing back. */
    private static First first(String path) throws IOException, InterruptedException {
        long began = System.nanoTime();
        try (var session = PushClient.connect(nginx.uri(path))) {
            assertEquals(new Message.Text("hello"), session.receive());
            var took = Duration.ofNanos(System.nanoTime() - began);
            System.out.println(
                    "nginx " + path + ": first message after " + took.toMillis() + " ms over " + session.transport());
            for (int i = 0; i < ECHOES; i++) {
                session.send("echo " + i);
                assertEquals(Optional.of(new Message.Text("echo " + i)), session.receive(Duration.ofSeconds(1)));
            }
            return new First(session.transport(), took);
        }
    }

    /** The quickest of three, which no busy machine makes long; each at a path of its own, so that no client knows what the one before has learned. */
    private static First quickest(String path) throws IOException, InterruptedException {
        var quickest = first(path + "/1");
        for (int i = 2; i <= 3; i++) {
            var again = first(path + "/" + i);
            assertEquals(quickest.transport(), again.transport());
            quickest = again.took().compareTo(quickest.took()) < 0 ? again : quickest;
        }
        return quickest;
    }

    private static void assertFirst(PushTransport transport, Duration bound, First first) {
        assertEquals(transport, first.transport());
        assertTrue(first.took().compareTo(bound) <= 0, () -> first + " took longer than " + bound);
    }

    @Test
    void nothing_is_in_the_way_of_a_websocket_that_is_let_through() throws Exception {
        assertFirst(WEBSOCKET, REFUSED, quickest("/straight"));
    }

    /**
     * As nginx does it unless told otherwise, speaking HTTP/1.0 to the server and making a plain GET of the handshake, or refusing by itself. SSE then goes
     * straight through, since nginx obeys {@code X-Accel-Buffering}.
     */
    @ParameterizedTest
    @ValueSource(strings = {"/usual", "/403", "/426"})
    void a_refused_websocket_costs_a_round_trip_and_300_ms_at_most(String path) throws Exception {
        assertFirst(SSE, REFUSED, quickest(path));
    }

    /** At once, since most of it is waiting. */
    @Test
    void what_nginx_swallows_or_holds_back_is_noticed_in_time() throws Exception {
        var blackHoled = start("/hole");
        var buffered = start("/held");
        var both = start("/hole-and-held");
        assertFirst(SSE, BLACK_HOLED, blackHoled.get());
        assertFirst(LONG_POLLING, BUFFERED, buffered.get());
        assertFirst(LONG_POLLING, BUFFERED, both.get());
    }

    private static FutureTask<First> start(String path) {
        var task = new FutureTask<>(() -> first(path));
        Thread.ofVirtual().start(task);
        return task;
    }
}
