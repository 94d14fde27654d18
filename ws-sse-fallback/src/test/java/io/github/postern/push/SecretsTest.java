package io.github.postern.push;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Nobody gets into a session by a secret that he made up, guessed nearly, or took from somewhere else (PROTOCOL.md §1, §13). */
@Timeout(30)
class SecretsTest {
    private final LinkedBlockingQueue<PushSession> sessions = new LinkedBlockingQueue<>();
    private PushServer server;
    private TestClient client;

    @BeforeEach
    void start() throws Exception {
        server = PushServer.builder()
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

    /** All that a client can see of an answer, but for the time. */
    private static String visible(int status, Map<String, String> headers, String body) {
        var shown = new TreeMap<>(headers);
        shown.remove("Date");
        return status + " " + shown + " " + body;
    }

    private String get(String secret) throws Exception {
        try (var connection = new RawConnection(server.port())) {
            connection.request("GET", "", "Postern-Session: " + secret, "Postern-Epoch: 7");
            var response = connection.response();
            return visible(response.status(), response.headers(), response.body());
        }
    }

    private String post(String secret) throws Exception {
        try (var connection = new RawConnection(server.port())) {
            connection.request(
                    "POST",
                    "data:x\n\n",
                    "Content-Type: text/event-stream",
                    "Content-Length: 8",
                    "Postern-Session: " + secret,
                    "Postern-Epoch: 7",
                    "Postern-Sequence: 1");
            var response = connection.response();
            return visible(response.status(), response.headers(), response.body());
        }
    }

    private List<Object> attach(String secret) throws Exception {
        var socket = TestWebSocket.open(client.http(), server.port(), "postern.v1");
        socket.control("event:attach\ndata:epoch=7&session=" + secret + "\n\n");
        return List.of(socket.nextControl("close"), socket.nextOfKind(TestWebSocket.Closed.class));
    }

    /** A secret that differs from this one in its last character only. */
    private static String nearly(String secret) {
        return secret.substring(0, secret.length() - 1) + (secret.endsWith("A") ? "Q" : "A");
    }

    @Test
    void an_answer_does_not_tell_how_near_a_guess_was() throws Exception {
        var session = client.open(PushTransport.POLLING);
        var bare = client.get();
        var bareId = PushHeaders.BareId.parse(bare.next().id());
        assertNotNull(bareId);
        var id = sessions.take().id();
        var guesses = List.of(
                "A".repeat(22),
                "A",
                "A".repeat(128),
                nearly(session.secret),
                session.secret.substring(1),
                session.secret + "A",
                session.secret.toLowerCase(Locale.ROOT),
                id,
                bareId.secret());
        for (var guess : guesses) {
            assertNotEquals(session.secret, guess);
            assertEquals(get(guesses.getFirst()), get(guess));
            assertEquals(post(guesses.getFirst()), post(guess));
            assertEquals(attach(guesses.getFirst()), attach(guess));
        }
        assertTrue(get(guesses.getFirst()).startsWith("410 "));
        assertEquals(204, session.acknowledge(0).statusCode(), "the session is untouched");
    }

    @Test
    void a_session_cannot_be_opened_with_a_secret_of_the_clients_choice() throws Exception {
        var chosen = "0123456789abcdefABCDEF";
        for (int i = 0; i < 2; i++) {
            assertTrue(get(chosen).startsWith("410 "));
            assertTrue(post(chosen).startsWith("410 "));
            assertTrue(attach(chosen).getLast().toString().contains("4410"));
        }
        assertTrue(server.sessions().isEmpty(), "none of them was taken over");
        var opened = client.get(
                "Postern-Epoch",
                "1",
                "Postern-Id",
                chosen,
                "Cookie",
                "Postern-Session=" + chosen,
                "Postern-Transport",
                "polling");
        var secret = opened.header("Postern-Session");
        assertNotNull(secret);
        assertNotEquals(chosen, secret);
        assertNotEquals(chosen, opened.header("Postern-Id"));
    }

    @Test
    void a_bare_client_that_brings_a_made_up_id_gets_a_session_with_another() throws Exception {
        var chosen = "0123456789abcdefABCDEF";
        try (var stream = client.get("Last-Event-ID", chosen + ".5")) {
            assertEquals("lost", stream.next().event());
            var id = PushHeaders.BareId.parse(stream.next().id());
            assertNotNull(id);
            assertNotEquals(chosen, id.secret());
            assertEquals(0, id.position());
        }
    }

    @Test
    void a_secret_in_the_url_or_a_cookie_is_none() throws Exception {
        var session = client.open(PushTransport.POLLING);
        try (var connection = new RawConnection(server.port())) {
            connection.write(
                    "POST /push?Postern-Session=" + session.secret + "&session=" + session.secret
                            + " HTTP/1.1\r\nHost: localhost:" + server.port()
                            + "\r\nCookie: Postern-Session=" + session.secret
                            + "\r\nContent-Type: text/event-stream\r\nPostern-Epoch: 1\r\nPostern-Sequence: 1\r\nContent-Length: 8\r\n\r\ndata:x\n\n");
            assertEquals(400, connection.response().status());
        }
    }

    @Test
    void a_secret_is_told_once() throws Exception {
        var session = client.open(PushTransport.SSE);
        var pushed = sessions.take();
        pushed.send("m");
        var told = new ArrayList<String>();
        for (var transport :
                new PushTransport[] {PushTransport.SSE, PushTransport.LONG_POLLING, PushTransport.POLLING}) {
            try (var again = session.attach(transport, 0)) {
                told.add(again.response().headers().map().toString());
                told.add(String.valueOf(again.next().data()));
            }
        }
        var answer = session.acknowledge(1);
        told.add(answer.headers().map() + answer.body());
        var socket = TestWebSocket.open(client.http(), server.port(), "postern.v1");
        socket.control("event:attach\nid:1\ndata:epoch=99&session=" + session.secret + "\n\n");
        told.add(String.valueOf(socket.nextControl("attached").data()));
        for (var text : told) {
            assertFalse(text.contains(session.secret), text);
        }
    }

    @Test
    void nothing_that_may_be_logged_shows_a_secret() throws Exception {
        var session = client.open(PushTransport.SSE);
        var pushed = sessions.take();
        var headers = new PushHeaders(session.secret, 1, PushTransport.SSE, 0, 1, 0);
        var record = new StreamRecord("attach", null, "session=" + session.secret);
        var hello = new Hello(1, session.secret, 0);
        var post = new Post(session.secret, 1, List.of(), null, 0);
        var bare = new PushHeaders.BareId(session.secret, 1);
        var parameters = new Parameters().with("session", session.secret);
        for (Object one :
                new Object[] {pushed, headers, record, hello, post, bare, parameters, new ControlFrame.Control(record)
                }) {
            assertFalse(one.toString().contains(session.secret), one.getClass() + " shows it");
        }
    }
}
