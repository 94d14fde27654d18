package io.github.postern.push;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocketHandshakeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may attach and send, and for how long (PROTOCOL.md §4). */
@Timeout(30)
class AuthenticationTest {
    private static final int MUCH_LATER_SECONDS = 3_600;

    private final LinkedBlockingQueue<PushSession> sessions = new LinkedBlockingQueue<>();
    private final LinkedBlockingQueue<PushRequest> requests = new LinkedBlockingQueue<>();
    private PushServer server;
    private TestClient client;

    @BeforeEach
    void start() throws Exception {
        server = PushServer.builder()
                .authenticator(this::authenticate)
                .path("/push", session -> {
                    sessions.add(session);
                    session.forEach(message -> {});
                })
                .start();
        client = new TestClient(server.port());
    }

    @AfterEach
    void stop() {
        client.close();
        server.shutdown(Duration.ZERO, Duration.ZERO);
    }

    /** The token is the name of the principal; that of "soon" is about to expire. */
    private Authentication authenticate(PushRequest request) {
        requests.add(request);
        return switch (request.token().orElse("")) {
            case "" -> Authentication.rejected(401);
            case "banned" -> Authentication.rejected(403);
            case "soon" -> Authentication.admitted("alice").until(Instant.now().plusMillis(1_500));
            case String name ->
                Authentication.admitted(name)
                        .withAttributes(Map.of("address", request.remoteAddress()))
                        .until(Instant.now().plusSeconds(MUCH_LATER_SECONDS));
        };
    }

    private TestClient.Stream get(PushTransport transport, String token, String... more) throws Exception {
        var headers =
                new ArrayList<>(List.of("Postern-Transport", transport.token(), "Authorization", "Bearer " + token));
        headers.addAll(List.of(more));
        return client.get(headers.toArray(String[]::new));
    }

    private TestWebSocket attach(String parameters) {
        var socket = TestWebSocket.open(client.http(), server.port(), "postern.v1");
        socket.control("event:attach\ndata:" + parameters + "\n\n");
        return socket;
    }

    private static String secret(StreamRecord attached) {
        var parameters = attached.parameters();
        return parameters == null ? "" : parameters.text("session").orElse("");
    }

    @ParameterizedTest
    @EnumSource(names = "WEBSOCKET", mode = EnumSource.Mode.EXCLUDE)
    void a_request_without_credentials_is_401(PushTransport transport) throws Exception {
        try (var refused = client.get("Postern-Epoch", "1", "Postern-Transport", transport.token())) {
            assertEquals(401, refused.status());
            assertEquals("token", refused.header("Postern-Error"));
            assertEquals("Bearer", refused.header("WWW-Authenticate"));
        }
        try (var refused = get(transport, "banned", "Postern-Epoch", "1")) {
            assertEquals(403, refused.status());
            assertEquals("refused", refused.header("Postern-Error"));
        }
        assertTrue(server.sessions().isEmpty());
    }

    @Test
    void a_bare_client_is_authenticated_too() throws Exception {
        try (var refused = client.get()) {
            assertEquals(401, refused.status());
        }
        var e = assertThrows(CompletionException.class, () -> TestWebSocket.open(client.http(), server.port(), ""));
        var cause = assertInstanceOf(WebSocketHandshakeException.class, e.getCause());
        assertEquals(401, cause.getResponse().statusCode());
    }

    @ParameterizedTest
    @EnumSource(names = "WEBSOCKET", mode = EnumSource.Mode.EXCLUDE)
    void the_session_knows_its_principal_and_attributes(PushTransport transport) throws Exception {
        try (var stream = get(transport, "alice", "Postern-Epoch", "1")) {
            assertEquals(200, stream.status());
            var session = sessions.take();
            assertEquals(Optional.of("alice"), session.principal());
            assertEquals("127.0.0.1", session.attributes().get("address"));
            session.attributes().put("mine", 1);
            assertEquals(1, session.attributes().get("mine"));
        }
    }

    @Test
    void a_web_socket_whose_header_is_wrong_is_401_and_one_whose_record_is_wrong_is_4401() throws Exception {
        var url = URI.create("http://localhost:" + server.port() + "/push");
        try (var http = HttpClient.newHttpClient()) {
            var builder =
                    http.newWebSocketBuilder().subprotocols("postern.v1").header("Authorization", "Bearer banned");
            var e = assertThrows(
                    CompletionException.class,
                    () -> builder.buildAsync(URI.create("ws" + url.toString().substring(4)), new TestWebSocket())
                            .join());
            var cause = assertInstanceOf(WebSocketHandshakeException.class, e.getCause());
            assertEquals(403, cause.getResponse().statusCode());
        }
        assertEquals(
                4401, attach("epoch=1").nextOfKind(TestWebSocket.Closed.class).code());
        assertEquals(
                4403,
                attach("epoch=1&token=banned")
                        .nextOfKind(TestWebSocket.Closed.class)
                        .code());
        var socket = attach("epoch=1&token=alice");
        socket.nextControl("attached");
        assertEquals(Optional.of("alice"), sessions.take().principal());
    }

    @Test
    void a_session_is_only_its_principals() throws Exception {
        var alice = attach("epoch=1&token=alice");
        var secret = secret(alice.nextControl("attached"));
        try (var mallory = get(PushTransport.SSE, "mallory", "Postern-Epoch", "2", "Postern-Session", secret)) {
            assertEquals(403, mallory.status());
            assertEquals("principal", mallory.header("Postern-Error"));
        }
        var socket = attach("epoch=2&token=mallory&session=" + secret);
        assertEquals(4403, socket.nextOfKind(TestWebSocket.Closed.class).code());
        var post = client.post(
                "data:x\n\n",
                "Authorization",
                "Bearer mallory",
                "Postern-Session",
                secret,
                "Postern-Epoch",
                "2",
                "Postern-Sequence",
                "1");
        assertEquals(403, post.statusCode());
        try (var again = get(PushTransport.SSE, "alice", "Postern-Epoch", "2", "Postern-Session", secret)) {
            assertEquals(200, again.status());
        }
    }

    @Test
    void a_post_without_credentials_is_401() throws Exception {
        var secret = secret(attach("epoch=1&token=alice").nextControl("attached"));
        var post = client.post("", "Postern-Session", secret, "Postern-Epoch", "1");
        assertEquals(401, post.statusCode());
    }

    @Test
    void credentials_that_are_not_renewed_end_the_session() throws Exception {
        var socket = attach("epoch=1&token=soon");
        socket.nextControl("attached");
        var close = socket.nextControl("close").parameters();
        assertEquals(4401, close == null ? 0 : close.number("code"));
        var session = sessions.take();
        assertEquals(4401, session.closeInfo().orElseThrow().status().code());
    }

    @Test
    void a_token_record_renews_and_a_wrong_one_ends_the_attachment() throws Exception {
        var socket = attach("epoch=1&token=soon");
        socket.nextControl("attached");
        socket.control("event:token\ndata:token=alice\n\n");
        var session = sessions.take();
        HttpTransportsTest.await(() -> session.attributes().containsKey("address"));
        socket.control("event:token\ndata:token=mallory\n\n");
        assertEquals(4403, socket.nextOfKind(TestWebSocket.Closed.class).code());
        assertEquals(Optional.of("alice"), session.principal());
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 0, 1})
    void credentials_expire_at_their_time_and_can_be_renewed_before(long beyond) {
        var credentials = new Credentials();
        var soon = Authentication.admitted("a").until(Instant.now().plusSeconds(MUCH_LATER_SECONDS));
        assertTrue(credentials.renew(soon, 0));
        long nanos = Duration.ofSeconds(MUCH_LATER_SECONDS).toNanos();
        long second = Duration.ofSeconds(1).toNanos();
        assertEquals(beyond >= 0, credentials.isExpired(nanos + beyond * second));
        assertTrue(credentials.renew(Authentication.admitted("a"), 0));
        assertFalse(credentials.isExpired(Long.MAX_VALUE));
        assertFalse(credentials.renew(Authentication.admitted("b"), 0));
    }

    @Test
    void the_authenticator_sees_the_request() throws Exception {
        var url = URI.create("http://localhost:" + server.port() + "/push?room=1");
        var request = HttpRequest.newBuilder(url)
                .header("Cookie", "a=1; b=two")
                .header("X-Own", "x")
                .build();
        assertEquals(401, client.http().send(request, BodyHandlers.ofString()).statusCode());
        var seen = requests.take();
        assertEquals("room=1", seen.query());
        assertEquals("/push", seen.path());
        assertEquals("GET", seen.method());
        assertEquals(Optional.of("two"), seen.cookie("b"));
        assertEquals(Optional.empty(), seen.cookie("c"));
        assertEquals(Optional.of("x"), seen.header("x-own"));
        assertEquals("127.0.0.1", seen.remoteAddress());
    }

    @ParameterizedTest
    @ValueSource(ints = {399, 600, 200})
    void a_refusal_has_a_status_of_an_error(int status) {
        assertThrows(IllegalArgumentException.class, () -> Authentication.rejected(status));
    }
}
