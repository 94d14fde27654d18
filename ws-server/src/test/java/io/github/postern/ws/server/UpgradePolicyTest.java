package io.github.postern.ws.server;

import static io.github.postern.ws.server.RawClient.upgrade;
import static io.github.postern.ws.server.Servers.ECHO;
import static io.github.postern.ws.server.Servers.loopback;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.postern.ws.connection.WebSocket;
import io.github.postern.ws.core.handshake.Extension;
import io.github.postern.ws.core.handshake.HandshakeResponse;
import io.github.postern.ws.core.handshake.Headers;
import io.github.postern.ws.core.handshake.PerMessageDeflate;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an application can see of a handshake, and say about it. */
@Timeout(60)
class UpgradePolicyTest {
    @RegisterExtension
    final Servers servers = new Servers();

    private String answer(UpgradePolicy policy, String... headers) throws IOException {
        var server = servers.start(loopback()
                .path("/chat/{room}", ECHO, "chat")
                .deflate(PerMessageDeflate.defaults())
                .upgradePolicy(policy));
        try (var client = new RawClient(server)) {
            var head = client.send(upgrade("/chat/lobby?a=1&a=2", headers)).readHead();
            return head.startsWith("HTTP/1.1 101 ") ? head : head + client.readRest();
        }
    }

    @Test
    void a_policy_sees_all_of_the_request() throws Exception {
        var seen = new LinkedBlockingQueue<UpgradeRequest>();
        answer(
                request -> {
                    seen.add(request);
                    return UpgradeDecision.accept();
                },
                "Cookie: k=v; l=w",
                "Sec-WebSocket-Protocol: other, chat",
                "Sec-WebSocket-Extensions: x-own; p=1, permessage-deflate");
        var request = seen.take();
        assertEquals("/chat/lobby", request.path());
        assertEquals(Map.of("room", "lobby"), request.pathParameters());
        assertEquals(Map.of("a", List.of("1", "2")), request.queryParameters());
        assertEquals(Optional.of("1"), request.queryParameter("a"));
        assertEquals(Optional.empty(), request.queryParameter("b"));
        assertEquals(Map.of("k", "v", "l", "w"), request.cookies());
        assertEquals(List.of("other", "chat"), request.subprotocols());
        assertEquals(
                List.of(Extension.of("x-own", new Extension.Parameter("p", "1")), Extension.of("permessage-deflate")),
                request.extensions());
        assertEquals("GET", request.request().method());
        assertEquals(Optional.of("localhost"), request.headers().first("Host"));
        assertTrue(request.remoteAddress().getAddress().isLoopbackAddress());
        assertFalse(request.isSecure());
        assertEquals(Optional.empty(), request.principal());
    }

    @Test
    void accepting_agrees_on_what_the_path_offers() throws Exception {
        var head = answer(
                request -> UpgradeDecision.accept(),
                "Sec-WebSocket-Protocol: other, chat",
                "Sec-WebSocket-Extensions: permessage-deflate");
        assertTrue(head.contains("\r\nSec-WebSocket-Protocol: chat\r\n"), head);
        assertTrue(head.contains("\r\nSec-WebSocket-Extensions: permessage-deflate"), head);
    }

    @ParameterizedTest(name = "\"{0}\"")
    @ValueSource(strings = {"other", "chat", ""})
    void a_policy_may_choose_any_subprotocol_that_is_offered_or_none(String chosen) throws Exception {
        var head = answer(
                request -> UpgradeDecision.accept().withSubprotocol(chosen),
                "Sec-WebSocket-Protocol: other, chat",
                "Sec-WebSocket-Extensions: permessage-deflate");
        assertTrue(head.startsWith("HTTP/1.1 101 "), head);
        var agreed = head.lines()
                .filter(line -> line.startsWith("Sec-WebSocket-Protocol"))
                .toList();
        var expected = chosen.isEmpty() ? "" : "Sec-WebSocket-Protocol: " + chosen;
        assertEquals(expected, String.join("\n", agreed), head);
        assertTrue(head.contains("permessage-deflate"), head);
    }

    @Test
    void a_subprotocol_that_was_not_offered_is_a_fault_of_the_policy() throws Exception {
        var head = answer(request -> UpgradeDecision.accept().withSubprotocol("mine"), "Sec-WebSocket-Protocol: chat");
        assertTrue(head.startsWith("HTTP/1.1 500 "), head);
    }

    @Test
    void a_policy_may_switch_extensions_off_and_keeps_the_subprotocol() throws Exception {
        var head = answer(
                request -> UpgradeDecision.accept().withoutExtensions(),
                "Sec-WebSocket-Protocol: chat",
                "Sec-WebSocket-Extensions: permessage-deflate");
        assertTrue(head.startsWith("HTTP/1.1 101 "), head);
        assertFalse(head.contains("permessage-deflate"), head);
        assertTrue(head.contains("\r\nSec-WebSocket-Protocol: chat\r\n"), head);
    }

    @Test
    void more_headers_are_sent_after_those_of_the_handshake() throws Exception {
        var head = answer(request ->
                UpgradeDecision.accept().withHeader("Set-Cookie", "a=1").withHeader("Set-Cookie", "b=2"));
        assertTrue(head.startsWith("HTTP/1.1 101 "), head);
        assertTrue(head.endsWith("\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\n\r\n"), head);
    }

    @Test
    void attributes_are_there_when_the_handler_begins() throws Exception {
        var seen = new LinkedBlockingQueue<Map<String, Object>>();
        var server = servers.start(loopback()
                .path("/{room}", ws -> {
                    seen.add(Map.copyOf(ws.attributes()));
                    seen.add(Map.copyOf(ws.pathParameters()));
                })
                .upgradePolicy(request -> UpgradeDecision.accept()
                        .withAttribute("user", 7)
                        .withAttribute("matched", request.pathParameters())));
        assertEquals(101, RawClient.status(server, upgrade("/caf%C3%A9")));
        assertEquals(Map.of("user", 7, "matched", Map.of("room", "caf\u00e9")), seen.take());
        assertEquals(Map.of("room", "caf\u00e9"), seen.take());
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(ints = {300, 302, 401, 403, 429, 503, 599})
    void a_policy_may_reject_with_any_status(int status) throws Exception {
        var answer =
                answer(request -> UpgradeDecision.reject(status, "No, because.").withHeader("X-Reason", "mood"));
        assertTrue(answer.startsWith("HTTP/1.1 " + status + " "), answer);
        assertTrue(answer.contains("\r\nX-Reason: mood\r\n"), answer);
        assertTrue(answer.contains("\r\nConnection: close\r\n"), answer);
        assertTrue(answer.endsWith("\r\n\r\nNo, because."), answer);
    }

    @Test
    void what_a_policy_throws_is_answered_500_without_its_text() throws Exception {
        for (UpgradePolicy policy : List.<UpgradePolicy>of(
                request -> {
                    throw new IOException("secret");
                },
                request -> {
                    throw new AssertionError("secret");
                },
                request -> UpgradeDecision.accept().withHeader("Upgrade", "secret"))) {
            var answer = answer(policy);
            assertTrue(answer.startsWith("HTTP/1.1 500 "), answer);
            assertFalse(answer.contains("secret"), answer);
        }
    }

    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource({
        "/other, 404, ''",
        "/chat/lobby, 403, Origin: http://evil.example",
        "/chat/lobby, 400, Sec-WebSocket-Extensions: ;",
        "/chat/a%2Fb, 400, ''",
    })
    void a_policy_is_asked_only_about_handshakes_that_would_do(String path, int status, String header)
            throws Exception {
        var asked = new LinkedBlockingQueue<UpgradeRequest>();
        var server = servers.start(loopback().path("/chat/{room}", ECHO).upgradePolicy(request -> {
            asked.add(request);
            return UpgradeDecision.accept();
        }));
        var request = header.isEmpty() ? upgrade(path) : upgrade(path, header);
        assertEquals(status, RawClient.status(server, request));
        assertEquals(426, RawClient.status(server, "GET /chat/lobby HTTP/1.1\r\nHost: a\r\n\r\n"));
        assertEquals(List.of(), List.copyOf(asked));
    }

    @Test
    void a_policy_that_blocks_is_interrupted_at_the_deadline_of_the_handshake() throws Exception {
        var interrupted = new CountDownLatch(1);
        var options = ServerOptions.defaults().withHandshakeTimeout(Duration.ofMillis(50));
        var server = servers.start(loopback().path("/", ECHO).options(options).upgradePolicy(request -> {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.countDown();
                throw e;
            }
            return UpgradeDecision.accept();
        }));
        try (var client = new RawClient(server)) {
            assertTrue(client.send(upgrade("/")).isCutOff());
        }
        assertTrue(interrupted.await(10, TimeUnit.SECONDS));
    }

    @Test
    void an_accepted_connection_is_not_interrupted_though_its_policy_took_its_time() throws Exception {
        var entered = new CountDownLatch(1);
        var proceed = new CountDownLatch(1);
        var handled = new LinkedBlockingQueue<WebSocket>();
        var server = servers.start(loopback().path("/", handled::add).upgradePolicy(request -> {
            entered.countDown();
            proceed.await();
            return UpgradeDecision.accept();
        }));
        try (var client = new RawClient(server)) {
            client.send(upgrade("/"));
            entered.await();
            assertEquals(0, server.connections().size());
            proceed.countDown();
            assertEquals(101, client.readStatus());
            assertNotNull(handled.poll(10, TimeUnit.SECONDS));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Upgrade",
                "connection",
                "CONTENT-LENGTH",
                "Transfer-Encoding",
                "Trailer",
                "Sec-WebSocket-Accept",
                "sec-websocket-protocol",
                "Sec-WebSocket-Extensions",
                "Sec-WebSocket-Anything"
            })
    void headers_of_the_handshake_cannot_be_set(String name) {
        assertThrows(
                IllegalArgumentException.class, () -> UpgradeDecision.accept().withHeader(name, "x"));
        assertThrows(
                IllegalArgumentException.class,
                () -> new UpgradeDecision.Accept(Optional.empty(), true, Headers.of(name, "x"), Map.of()));
    }

    @Test
    void no_line_can_be_put_into_a_header() {
        var accept = UpgradeDecision.accept();
        var reject = UpgradeDecision.reject(401, "");
        assertThrows(IllegalArgumentException.class, () -> accept.withHeader("X", "a\r\nUpgrade: b"));
        assertThrows(IllegalArgumentException.class, () -> accept.withHeader("X\r\nY", "a"));
        assertThrows(IllegalArgumentException.class, () -> reject.withHeader("X", "a\nb"));
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 101, 200, 299, 600, 999})
    void a_rejection_needs_a_status_of_300_to_599(int status) {
        assertThrows(IllegalArgumentException.class, () -> UpgradeDecision.reject(status, ""));
        var response = HandshakeResponse.of(status, Headers.empty(), "");
        assertThrows(IllegalArgumentException.class, () -> UpgradeDecision.reject(response));
    }

    @Test
    void a_refined_decision_leaves_the_first_one_as_it_was() {
        var accept = UpgradeDecision.accept();
        accept.withHeader("X", "y").withAttribute("a", "b").withoutExtensions().withSubprotocol("c");
        assertEquals(UpgradeDecision.accept(), accept);
        assertInstanceOf(UpgradeDecision.Accept.class, accept);
    }
}
