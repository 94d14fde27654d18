package io.github.postern.ws.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.net.CookieHandler;
import java.net.CookieManager;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Cookies by way of a {@link CookieHandler}. */
@Timeout(30)
class CookieTest {
    private final CookieManager cookies = new CookieManager();

    private WebSocketClient.Builder builder() {
        return WebSocketClient.builder().cookieHandler(cookies).resolver(host -> List.of(Loopback.FIRST));
    }

    private static URI uri(Peer server, String path) {
        return URI.create("ws://site.test:" + server.port() + path);
    }

    private static Peer accepting(String... extra) throws IOException {
        return Peer.answering(head -> Peer.accepted(head, extra));
    }

    @Test
    void cookies_of_an_acceptance_come_back_with_the_next_request() throws Exception {
        try (var server =
                accepting("Set-Cookie: a=1; Path=/\r\nSet-Cookie: b=2; Path=/x\r\nset-cookie: c=3; Path=/y\r\n")) {
            var client = builder().build();
            client.connect(uri(server, "/x")).abort();
            assertEquals("", Peer.field(server.head(), "Cookie"));
            client.connect(uri(server, "/x")).abort();
            var sent = List.of(Peer.field(server.head(), "Cookie").split("; "));
            assertEquals(List.of("a=1", "b=2"), sent.stream().sorted().toList());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 302, 401, 503})
    void cookies_of_a_refusal_are_stored_as_well(int status) throws Exception {
        try (var server = Peer.answering(head -> "HTTP/1.1 " + status + " No\r\nSet-Cookie: a=1\r\n\r\n")) {
            assertThrows(
                    HandshakeRejectedException.class, () -> builder().build().connect(uri(server, "/")));
            assertEquals("a=1", cookies.getCookieStore().getCookies().getFirst().toString());
        }
    }

    @Test
    void a_redirect_may_set_a_cookie_for_the_next_request() throws Exception {
        try (var server = Peer.answering(head -> head.startsWith("GET /end")
                ? Peer.accepted(head)
                : "HTTP/1.1 302 Found\r\nLocation: /end\r\nSet-Cookie: a=1; Path=/\r\n\r\n")) {
            builder().followRedirects(1).build().connect(uri(server, "/")).abort();
            server.head();
            assertEquals("a=1", Peer.field(server.head(), "Cookie"));
        }
    }

    @Test
    void a_cookie_that_is_for_tls_only_is_not_sent_without() throws Exception {
        try (var server = accepting("Set-Cookie: a=1; Secure\r\n")) {
            var client = builder().build();
            client.connect(uri(server, "/")).abort();
            client.connect(uri(server, "/")).abort();
            server.head();
            assertEquals("", Peer.field(server.head(), "Cookie"));
        }
    }

    @Test
    void a_cookie_header_stays_in_the_one_field_there_may_be() throws Exception {
        try (var server = accepting("Set-Cookie: a=1\r\n")) {
            var client = builder().header("Cookie", "mine=0").build();
            client.connect(uri(server, "/")).abort();
            client.connect(uri(server, "/")).abort();
            assertEquals("mine=0", Peer.field(server.head(), "Cookie"));
            var head = server.head();
            assertEquals("mine=0; a=1", Peer.field(head, "Cookie"));
            assertEquals(
                    1, head.lines().filter(line -> line.startsWith("Cookie:")).count());
        }
    }

    @Test
    void the_handler_is_asked_and_told_with_the_uri_of_http() throws Exception {
        var uris = new ArrayList<URI>();
        try (var server = accepting("X-Other: y\r\n")) {
            var client = builder()
                    .cookieHandler(new CookieHandler() {
                        @Override
                        public Map<String, List<String>> get(URI uri, Map<String, List<String>> headers) {
                            uris.add(uri);
                            return Map.of("Cookie", List.of("k=v"), "Cookie2", List.of("no"));
                        }

                        @Override
                        public void put(URI uri, Map<String, List<String>> headers) {
                            uris.add(uri);
                            assertEquals(List.of("y"), headers.get("X-OTHER"));
                        }
                    })
                    .build();
            client.connect(uri(server, "/a?b")).abort();
            assertEquals("k=v", Peer.field(server.head(), "Cookie"));
            var asked = URI.create("http://site.test:" + server.port() + "/a?b");
            assertEquals(List.of(asked, asked), uris);
        }
    }

    @Test
    void what_the_handler_throws_connect_throws() throws Exception {
        try (var server = accepting()) {
            var client = builder()
                    .cookieHandler(new CookieHandler() {
                        @Override
                        public Map<String, List<String>> get(URI uri, Map<String, List<String>> headers) {
                            return Map.of();
                        }

                        @Override
                        public void put(URI uri, Map<String, List<String>> headers) throws IOException {
                            throw new IOException("disk full");
                        }
                    })
                    .build();
            var thrown = assertThrows(IOException.class, () -> client.connect(uri(server, "/")));
            assertEquals("disk full", thrown.getMessage());
        }
    }
}
