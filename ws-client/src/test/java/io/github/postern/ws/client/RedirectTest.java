package io.github.postern.ws.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Redirects, over real sockets. */
@Timeout(30)
class RedirectTest {
    private static String redirect(int status, String location) {
        return "HTTP/1.1 " + status + " Elsewhere\r\nLocation: " + location + "\r\nContent-Length: 3\r\n\r\nabc";
    }

    /** Redirects from everywhere but {@code /end}. */
    private static Peer server(String location) throws Exception {
        return Peer.answering(head -> head.startsWith("GET /end") ? Peer.accepted(head) : redirect(302, location));
    }

    private static WebSocketClient following(int max) {
        return WebSocketClient.builder().followRedirects(max).build();
    }

    private static HandshakeRejectedException refusal(Peer server, WebSocketClient client, String path) {
        return assertThrows(HandshakeRejectedException.class, () -> client.connect(server.uri(path)));
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void every_kind_of_redirect_is_followed_if_that_was_said(int status) throws Exception {
        try (var server =
                Peer.answering(head -> head.startsWith("GET /end") ? Peer.accepted(head) : redirect(status, "/end"))) {
            var ws = following(1).connect(server.uri("/start"));
            assertEquals(server.uri("/end"), ws.url());
            ws.abort();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void by_default_a_redirect_is_a_refusal_with_its_body(int status) throws Exception {
        try (var server = Peer.answering(head -> redirect(status, "/end"))) {
            var thrown = refusal(server, WebSocketClient.create(), "/start");
            assertEquals(status, thrown.response().status());
            assertEquals("abc", thrown.response().body());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {300, 304, 305, 306, 399})
    void other_statuses_are_no_redirects(int status) throws Exception {
        try (var server = Peer.answering(head -> redirect(status, "/end"))) {
            assertEquals(
                    "status is not 101: " + status,
                    refusal(server, following(5), "/start").getMessage());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/a/start, /end?q=%20, /end?q=%20",
        "/a/start, ../end, /end",
        "/end-not/start, ../end, /end",
        "/a/b, ?q, /a/b?q",
        "'', /end, /end",
        "'', end, /end",
        "/a, /end#fragment, /end"
    })
    void a_relative_location_is_resolved(String from, String location, String to) throws Exception {
        try (var server = Peer.answering(
                head -> head.startsWith("GET " + to + " ") ? Peer.accepted(head) : redirect(307, location))) {
            following(1).connect(server.uri(from)).abort();
            server.head();
            assertTrue(server.head().startsWith("GET " + to + " HTTP/1.1\r\n"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ws://localhost:%d/end",
                "http://localhost:%d/end",
                "HTTP://LOCALHOST:%d/end",
                "//localhost:%d/end"
            })
    void an_absolute_location_may_be_that_of_a_web_socket_or_of_http(String location) throws Exception {
        try (var other = Peer.answering(Peer::accepted);
                var server = server(location.formatted(other.port()))) {
            following(1).connect(server.uri("/")).abort();
            assertTrue(other.head().startsWith("GET /end "));
        }
    }

    @Test
    void headers_stay_within_the_origin_and_are_dropped_for_another_and_for_good() throws Exception {
        var back = new AtomicReference<String>();
        try (var other = Peer.answering(head -> redirect(302, back.get()));
                var server = Peer.answering(head -> {
                    if (head.startsWith("GET /start")) {
                        return redirect(302, "/next");
                    }
                    return head.startsWith("GET /next")
                            ? redirect(302, "ws://localhost:" + other.port() + "/")
                            : Peer.accepted(head);
                })) {
            back.set(server.uri("/back").toString());
            var client = WebSocketClient.builder()
                    .followRedirects(5)
                    .header("Authorization", "Bearer x")
                    .header("Cookie", "a=b")
                    .header("X-Mine", "y")
                    .subprotocols("p")
                    .build();
            client.connect(server.uri("/start")).abort();
            for (int i = 0; i < 2; i++) {
                var head = server.head();
                assertEquals(
                        "Bearer x a=b y",
                        Peer.field(head, "Authorization")
                                + ' '
                                + Peer.field(head, "Cookie")
                                + ' '
                                + Peer.field(head, "X-Mine"));
            }
            for (var head : new String[] {other.head(), server.head()}) {
                assertEquals(
                        "",
                        Peer.field(head, "Authorization") + Peer.field(head, "Cookie") + Peer.field(head, "X-Mine"));
                assertEquals("p", Peer.field(head, "Sec-WebSocket-Protocol"));
            }
        }
    }

    @Test
    void the_key_is_another_for_every_request() throws Exception {
        try (var server = server("/end")) {
            following(1).connect(server.uri("/")).abort();
            var first = Peer.field(server.head(), "Sec-WebSocket-Key");
            assertTrue(!first.isEmpty() && !first.equals(Peer.field(server.head(), "Sec-WebSocket-Key")));
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 1, true", "1, 2, false", "4, 3, true", "4, 4, true", "4, 5, false", "5, 5, true", "5, 6, false"})
    void as_many_redirects_are_followed_as_was_said(int max, int redirects, boolean followed) throws Exception {
        try (var server = Peer.answering(head -> {
            int at = Integer.parseInt(head.substring("GET /".length(), head.indexOf(" HTTP")));
            return at == redirects ? Peer.accepted(head) : redirect(302, "/" + (at + 1));
        })) {
            if (followed) {
                following(max).connect(server.uri("/0")).abort();
            } else {
                var why = "more than " + max + " redirects: " + server.uri("/" + (max + 1));
                assertEquals(why, refusal(server, following(max), "/0").getMessage());
            }
        }
    }

    @Test
    void a_loop_is_refused() throws Exception {
        try (var server = Peer.answering(head -> redirect(302, head.startsWith("GET /a") ? "/b" : "/a"))) {
            var thrown = refusal(server, following(5), "/a");
            assertEquals("redirect loop: " + server.uri("/a"), thrown.getMessage());
            assertEquals(302, thrown.response().status());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ftp://localhost/",
                "mailto:a@b.test",
                "http:///x",
                "http://a b/",
                "ws://localhost:0/",
                "/\u00e9",
                "wss://a..b/"
            })
    void a_location_that_is_no_web_socket_is_refused(String location) throws Exception {
        try (var server = server(location)) {
            var thrown = refusal(server, following(5), "/");
            assertTrue(
                    String.valueOf(thrown.getMessage()).startsWith("redirect to no WebSocket: "), thrown.getMessage());
        }
    }

    @Test
    void a_redirect_to_nowhere_is_refused() throws Exception {
        try (var server = Peer.answering(head -> "HTTP/1.1 302 Found\r\n\r\n")) {
            assertEquals(
                    "redirect without Location: 302",
                    refusal(server, following(5), "/").getMessage());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ws", "http"})
    void tls_is_never_given_up(String scheme, @TempDir Path folder) throws Exception {
        var certificate = Certificate.make(folder, "localhost", "dns:localhost");
        var context = Certificate.context(certificate, certificate);
        var listener = context.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        try (var plain = Peer.answering(Peer::accepted);
                var server = new Peer(listener, visit -> {
                    visit.head();
                    visit.write(redirect(302, scheme + "://localhost:" + plain.port() + "/"));
                })) {
            var client = WebSocketClient.builder()
                    .sslContext(context)
                    .followRedirects(5)
                    .build();
            var uri = URI.create("wss://localhost:" + server.port() + "/");
            var thrown = assertThrows(HandshakeRejectedException.class, () -> client.connect(uri));
            assertEquals("redirect from wss to ws: " + plain.uri("/"), thrown.getMessage());
            assertEquals(0, plain.moreVisits());
        }
    }

    @ParameterizedTest
    @CsvSource({"-1, false", "0, true", "5, true", "6, false"})
    void at_most_5_redirects_can_be_allowed(int max, boolean allowed) {
        var builder = WebSocketClient.builder();
        if (allowed) {
            builder.followRedirects(max);
        } else {
            assertThrows(IllegalArgumentException.class, () -> builder.followRedirects(max));
        }
    }
}
