package io.github.postern.push;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.postern.ws.connection.Message;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a page of another site can make a browser send, cookies included, is refused before anything is done with it (PROTOCOL.md §12). */
@Timeout(30)
class CrossSiteTest {
    private static final String COOKIE = "Cookie: user=alice";

    private final LinkedBlockingQueue<Message> received = new LinkedBlockingQueue<>();
    private final LinkedBlockingQueue<PushRequest> authenticated = new LinkedBlockingQueue<>();
    private PushServer server;
    private TestClient client;

    @BeforeEach
    void start() throws Exception {
        server = PushServer.builder()
                .options(PushOptions.defaults().withAllowedOrigins(Set.of("https://friend.example")))
                .authenticator(request -> {
                    authenticated.add(request);
                    return request.cookie("user").map(Authentication::admitted).orElseGet(Authentication::anonymous);
                })
                .path("/push", session -> session.forEach(received::add))
                .start();
        client = new TestClient(server.port());
    }

    @AfterEach
    void stop() {
        client.close();
        server.shutdown(Duration.ZERO, Duration.ZERO);
    }

    private void assertRefused(String method, String body, String... lines) throws Exception {
        try (var connection = new RawConnection(server.port())) {
            connection.request(method, body, lines);
            var response = connection.response();
            assertEquals(403, response.status(), method + " " + String.join(", ", lines));
            assertEquals("origin", response.header("Postern-Error"));
            assertNull(response.header("Access-Control-Allow-Origin"));
            assertNull(response.header("Set-Cookie"));
        }
    }

    /** The header with which a browser gives away where a request comes from. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Origin: https://evil.example",
                "Origin: null",
                "Origin: ",
                "Origin: https://friend.example.evil.example",
                "Origin: http://friend.example",
                "Origin: https://friend.example:444",
                "Origin: https://friend.example https://evil.example",
                "Origin: http://127.0.0.1",
                "Origin: *",
                "Sec-Fetch-Site: cross-site",
                "Sec-Fetch-Site: same-site"
            })
    void every_transport_refuses_a_page_of_another_site(String from) throws Exception {
        var session = client.open(PushTransport.POLLING);
        var before = server.sessions().size();
        authenticated.clear();
        var secret = "Postern-Session: " + session.secret;
        for (var transport : new String[] {"sse", "long-polling", "polling"}) {
            var line = "Postern-Transport: " + transport;
            assertRefused("GET", "", from, COOKIE, "Postern-Epoch: 1", line);
            assertRefused("GET", "", from, COOKIE, "Postern-Epoch: 9", line, secret);
        }
        assertRefused("GET", "", from, COOKIE, "Accept: text/event-stream"); // an EventSource
        assertRefused("GET", "", from, COOKIE, "Last-Event-ID: " + session.secret + ".0");
        for (var subprotocol : new String[] {"Sec-WebSocket-Protocol: postern.v1", "X-None: "}) {
            assertRefused(
                    "GET",
                    "",
                    from,
                    COOKIE,
                    "Upgrade: websocket",
                    "Connection: Upgrade",
                    "Sec-WebSocket-Version: 13",
                    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                    subprotocol);
        }
        for (var type : new String[] {
            "text/event-stream", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"
        }) {
            assertRefused(
                    "POST",
                    "data:x\n\n",
                    from,
                    COOKIE,
                    "Content-Type: " + type,
                    "Content-Length: 8",
                    secret,
                    "Postern-Epoch: 1",
                    "Postern-Sequence: 1");
        }
        assertRefused(
                "OPTIONS",
                "",
                from,
                "Access-Control-Request-Method: POST",
                "Access-Control-Request-Headers: postern-session");
        assertTrue(authenticated.isEmpty(), "nobody was asked who that is");
        assertEquals(before, server.sessions().size());
        assertTrue(received.isEmpty());
    }

    /** Old browsers send no Origin with a form; then only the type tells. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/plain",
                "text/plain; charset=text/event-stream",
                "application/x-www-form-urlencoded",
                "multipart/form-data; boundary=text/event-stream",
                "text/plain, text/event-stream",
                "text/event-streamx",
                ""
            })
    void a_form_without_an_origin_is_refused_for_its_type(String type) throws Exception {
        var session = client.open(PushTransport.POLLING);
        authenticated.clear();
        try (var connection = new RawConnection(server.port())) {
            connection.request(
                    "POST",
                    "data:x\n\n",
                    COOKIE,
                    type.isEmpty() ? "X-None: " : "Content-Type: " + type,
                    "Content-Length: 8",
                    "Postern-Session: " + session.secret,
                    "Postern-Epoch: 1",
                    "Postern-Sequence: 1");
            assertEquals(415, connection.response().status());
        }
        assertTrue(authenticated.isEmpty());
        assertTrue(received.isEmpty());
    }

    /** What a page cannot read it cannot steal: a simple GET of a listed origin needs its headers, which need a preflight. */
    @Test
    void only_a_listed_origin_may_read_and_send_credentials() throws Exception {
        try (var connection = new RawConnection(server.port())) {
            connection.request(
                    "GET",
                    "",
                    "Origin: https://friend.example",
                    COOKIE,
                    "Postern-Epoch: 1",
                    "Postern-Transport: polling");
            var response = connection.response();
            assertEquals(200, response.status());
            assertEquals("https://friend.example", response.header("Access-Control-Allow-Origin"));
            assertEquals("true", response.header("Access-Control-Allow-Credentials"));
            assertEquals("Origin", response.header("Vary"));
        }
    }

    @Test
    void a_server_for_every_origin_takes_no_credentials() throws Exception {
        try (var open = PushServer.builder()
                        .path(
                                "/push",
                                session -> session.forEach(message -> {}),
                                PushOptions.defaults().withAllowedOrigins(Set.of("*")))
                        .start();
                var connection = new RawConnection(open.port())) {
            connection.request(
                    "GET", "", "Origin: https://evil.example", "Postern-Epoch: 1", "Postern-Transport: polling");
            var response = connection.response();
            assertEquals(200, response.status());
            assertEquals("https://evil.example", response.header("Access-Control-Allow-Origin"));
            assertNull(response.header("Access-Control-Allow-Credentials"));
            open.shutdown(Duration.ZERO, Duration.ZERO); // nobody polls any more who could be told
        }
    }

    @Test
    void a_host_that_is_not_served_is_refused_whatever_the_origin() throws Exception {
        var options = PushOptions.defaults().withAllowedHosts(Set.of("push.example"));
        try (var own = PushServer.builder()
                .path("/push", session -> session.forEach(message -> {}), options)
                .start()) {
            for (var host :
                    new String[] {"rebound.evil.example", "localhost:" + own.port(), "push.example:81", "push.example."
                    }) {
                try (var connection = new RawConnection(own.port())) {
                    connection.write("GET /push HTTP/1.1\r\nHost: " + host + "\r\nOrigin: http://" + host
                            + "\r\nPostern-Epoch: 1\r\n\r\n");
                    var response = connection.response();
                    assertEquals(403, response.status(), host);
                    assertEquals("host", response.header("Postern-Error"));
                }
            }
            try (var connection = new RawConnection(own.port())) {
                connection.write(
                        "GET /push HTTP/1.1\r\nHost: push.example\r\nOrigin: http://push.example\r\nPostern-Epoch: 1\r\nPostern-Transport: polling\r\n\r\n");
                assertEquals(200, connection.response().status());
            }
            own.shutdown(Duration.ZERO, Duration.ZERO); // nobody polls any more who could be told
        }
    }
}
