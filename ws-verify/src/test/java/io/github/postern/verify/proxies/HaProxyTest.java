package io.github.postern.verify.proxies;

import static io.github.postern.push.PushTransport.POLLING;
import static io.github.postern.push.PushTransport.SSE;
import static io.github.postern.push.PushTransport.WEBSOCKET;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.postern.push.ClientPushSession;
import io.github.postern.push.PushClient;
import io.github.postern.push.PushClientOptions;
import io.github.postern.push.PushOptions;
import io.github.postern.push.PushServer;
import io.github.postern.push.PushTransport;
import io.github.postern.ws.connection.Connection;
import io.github.postern.ws.connection.Message;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What an HAProxy does to push sessions: with the configuration of the guide, and with shorter timeouts and a refusal of WebSocket. */
@Timeout(60)
@EnabledIf(value = ProxyProgram.HAPROXY_INSTALLED, disabledReason = "haproxy is " + ProxyProgram.MISSING)
class HaProxyTest {
    /** Patient with nobody. */
    private static final String IMPATIENT = """
            defaults
                mode http
                timeout connect 3s
                timeout client 2s
                timeout server 2s
                timeout tunnel 2s
            frontend web
                bind :80
                http-request deny deny_status 403 if { path /refused } { hdr(Upgrade) -m found }
                http-request set-path /push if { path /refused }
                default_backend push
            backend push
                server a 127.0.0.1:8081
            """;

    private static final Duration SHORTER = Duration.ofMillis(500);
    private static final Duration SOON = Duration.ofSeconds(5);

    /** Less than HAProxy waits for more to come when it favours large packets. */
    private static final Duration HELD_BACK = Duration.ofMillis(100);

    /** Longer than the impatient one waits. */
    private static final Duration IDLE = Duration.ofMillis(3_500);

    private static PushServer server;
    private static ReverseProxy documented;
    private static ReverseProxy impatient;

    @BeforeAll
    static void start() throws Exception {
        server = PushServer.builder()
                .path("/push", HaProxyTest::greetAndEcho)
                .path(
                        "/lively",
                        HaProxyTest::greetAndEcho,
                        PushOptions.defaults().withHeartbeat(SHORTER))
                .start();
        documented = ReverseProxy.documented(ProxyProgram.HAPROXY, Map.of(8081, server.port(), 8082, server.port()));
        impatient = ReverseProxy.start(ProxyProgram.HAPROXY, IMPATIENT, Map.of(8081, server.port()));
    }

    @AfterAll
    static void stop() throws Exception {
        documented.close();
        impatient.close();
        server.close();
        assertEquals(List.of(), ReverseProxy.leaked());
    }

    private static void greetAndEcho(Connection session) throws IOException {
        session.send("hello");
        for (var message : session) {
            session.send(message);
        }
    }

    private static PushClient.Builder client(URI uri) {
        return PushClient.builder(uri).options(PushClientOptions.defaults().withPollInterval(Duration.ofMillis(100)));
    }

    private static void assertGreeted(ClientPushSession session) throws Exception {
        assertEquals(Optional.of(new Message.Text("hello")), session.receive(SOON));
    }

    /** One by one: what is held back until more comes never arrives. How long the quickest takes, which no busy machine makes long. */
    private static Duration assertEchoes(ClientPushSession session) throws Exception {
        long quickest = Long.MAX_VALUE;
        for (int i = 0; i < 10; i++) {
            long began = System.nanoTime();
            session.send("message " + i);
            assertEquals(Optional.of(new Message.Text("message " + i)), session.receive(SOON));
            quickest = Math.min(quickest, System.nanoTime() - began);
        }
        return Duration.ofNanos(quickest);
    }

    @ParameterizedTest
    @EnumSource
    void the_documented_configuration_lets_every_transport_through(PushTransport transport) throws Exception {
        try (var session = client(documented.uri("/push")).transport(transport).connect()) {
            assertGreeted(session);
            var quickest = assertEchoes(session);
            assertTrue(transport == POLLING || quickest.compareTo(HELD_BACK) < 0, quickest::toString);
        }
    }

    @Test
    void a_client_that_may_choose_has_a_websocket() throws Exception {
        try (var session = PushClient.connect(documented.uri("/push"))) {
            assertEquals(WEBSOCKET, session.transport());
            assertGreeted(session);
        }
    }

    @Test
    void a_session_moves_through_it_from_one_transport_to_the_other() throws Exception {
        try (var session = client(documented.uri("/push")).connect()) {
            assertGreeted(session);
            for (var transport : PushTransport.values()) {
                session.moveTo(transport);
                assertEquals(transport, session.transport());
                assertEchoes(session);
            }
        }
    }

    @Test
    void a_websocket_that_it_refuses_falls_back_to_sse() throws Exception {
        try (var session = PushClient.connect(impatient.uri("/refused"))) {
            assertEquals(SSE, session.transport());
            assertGreeted(session);
            assertEchoes(session);
        }
    }

    /** Behind an upgrade to HTTP/2 no proxy would see what is asked for. The server alone would agree to it. */
    @Test
    void the_documented_configuration_lets_nobody_switch_to_http_2() throws Exception {
        assertEquals("HTTP/1.1 101 Switching Protocols", answerToUpgrade(server.port()));
        assertEquals("HTTP/1.1 200 OK", answerToUpgrade(documented.uri("/push").getPort()));
    }

    private static String answerToUpgrade(int port) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            var request = """
                    GET /push HTTP/1.1
                    Host: localhost
                    Connection: Upgrade, HTTP2-Settings
                    Upgrade: h2c
                    HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA

                    """.replace("\n", "\r\n");
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
                    .readLine();
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_heartbeat_shorter_than_its_timeouts_keeps_every_transport_attached(PushTransport transport)
            throws Exception {
        var interruptions = new Interruptions();
        try (var session = client(impatient.uri("/lively"))
                .transport(transport)
                .listener(interruptions)
                .connect()) {
            assertGreeted(session);
            assertEquals(Optional.empty(), session.receive(IDLE));
            assertEquals(0, interruptions.count());
            assertEchoes(session);
        }
    }

    /** Polling alone has nothing that could be cut. */
    @ParameterizedTest
    @EnumSource(names = "POLLING", mode = EnumSource.Mode.EXCLUDE)
    void timeouts_shorter_than_the_heartbeat_cost_an_attachment_and_no_message(PushTransport transport)
            throws Exception {
        var interruptions = new Interruptions();
        try (var session = client(impatient.uri("/push"))
                .transport(transport)
                .listener(interruptions)
                .connect()) {
            assertGreeted(session);
            interruptions.awaitResumed();
            assertTrue(interruptions.count() > 0);
            assertEchoes(session);
        }
    }
}
