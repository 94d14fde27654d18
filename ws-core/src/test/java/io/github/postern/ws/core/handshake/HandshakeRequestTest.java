package io.github.postern.ws.core.handshake;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Request targets (RFC 9112 §3.2), Host (§3.2, RFC 9110 §7.2), Origin and body of a request. */
class HandshakeRequestTest {
    @ParameterizedTest(name = "{0}")
    @CsvSource(
            nullValues = "none",
            value = {
                "/, /, none",
                "/chat, /chat, none",
                "/chat/, /chat/, none",
                "//chat, //chat, none",
                "/chat?, /chat, ''",
                "/chat?a=b&c=%2F?d, /chat, a=b&c=%2F?d",
                "/?{a|b}\\^%, /, {a|b}\\^%",
                "/a%20b%3Fc%25d%23, /a b?c%d#, none",
                "/%c3%A9%F0%9F%98%80, /\u00e9\ud83d\ude00, none",
                "/.../..a/a../.a, /.../..a/a../.a, none",
                "/a;b=c/d, /a;b=c/d, none",
                "http://h, /, none",
                "http://h?q, /, q",
                "HTTPS://h:1/a?q, /a, q",
                "ws://h/a, /a, none",
                "wss://[::1]:1/a, /a, none",
            })
    void path_is_decoded_once_and_the_query_is_kept(String target, String path, String query) {
        var request = new HandshakeRequest("GET", target, Headers.empty());
        assertEquals(path, request.path());
        assertEquals(Optional.ofNullable(query), request.query());
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"/a/../b", "/a%2Fb", "/%zz", "/%ff", "/a\\b"})
    void an_ambiguous_path_made_by_hand_stays_as_written_and_is_marked(String target) {
        var request = new HandshakeRequest("GET", target, Headers.of("Host", "h"));
        assertEquals(target, request.path());
        assertEquals("path is ambiguous", request.fault());
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "",
                "chat",
                "?q",
                "*",
                "h:80",
                "/a b",
                "/a#b",
                "/a\r\nX: y",
                "/\0",
                "/\u00e9",
                "/\u007f",
                "mailto:a",
                "ftp://h/",
                "http://",
                "http:///a",
                "http://u@h/",
                "http:/h",
                "ws:h",
                "/a\tb"
            })
    void an_impossible_target_is_the_callers_fault(String target) {
        assertThrows(IllegalArgumentException.class, () -> new HandshakeRequest("GET", target, Headers.empty()));
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"", "G T", "GET\r\n", "GET:", "\u00e9"})
    void a_method_that_is_not_a_token_is_the_callers_fault(String method) {
        assertThrows(IllegalArgumentException.class, () -> new HandshakeRequest(method, "/", Headers.empty()));
    }

    @Test
    void connect_takes_host_and_port_and_options_the_asterisk() {
        var connect = new HandshakeRequest("CONNECT", "h:443", Headers.of("Host", "h:443"));
        assertEquals("", connect.path());
        assertEquals(Optional.empty(), connect.query());
        assertEquals(Optional.of("h:443"), connect.host());
        assertEquals("", new HandshakeRequest("OPTIONS", "*", Headers.empty()).path());
        assertThrows(
                IllegalArgumentException.class, () -> new HandshakeRequest("CONNECT", "http://h/", Headers.empty()));
    }

    @Test
    void extended_connect_of_rfc_8441_has_a_path() {
        assertEquals("/chat", new HandshakeRequest("CONNECT", "/chat", Headers.empty()).path());
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "h",
                "H.example.COM",
                "h:8080",
                "h:",
                "h:0",
                "h:65535",
                "127.0.0.1:80",
                "[::1]",
                "[::1]:8080",
                "[::ffff:1.2.3.4]",
                "a_b.example",
                "xn--nxasmq6b",
                "a%41"
            })
    void host_is_the_one_valid_host_field(String host) {
        assertEquals(Optional.of(host), new HandshakeRequest("GET", "/", Headers.of("host", host)).host());
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "",
                ":80",
                "h:x",
                "h:8080x",
                "h:123456",
                "h:80:80",
                "[]",
                "[:]",
                "[::1",
                "::1]",
                "[::1]x",
                "[::1x]",
                "[g::1]",
                "[::1]:x",
                "u@h",
                "h/a",
                "h, g",
                "h g",
                "\u00e9",
                "http://h",
                "h?",
                "h\\g",
                "[\u0661::]"
            })
    void an_invalid_host_is_no_host(String host) {
        if (!host.contains("\u0661")) {
            assertEquals(Optional.empty(), new HandshakeRequest("GET", "/", Headers.of("Host", host)).host());
        }
        assertEquals(false, RequestTarget.isAuthority(host));
    }

    @Test
    void several_hosts_are_no_host() {
        assertEquals(Optional.empty(), new HandshakeRequest("GET", "/", Headers.empty()).host());
        assertEquals(Optional.empty(), new HandshakeRequest("GET", "/", Headers.of("Host", "h", "Host", "h")).host());
    }

    @Test
    void host_of_an_absolute_target_comes_first() {
        var request = new HandshakeRequest("GET", "http://target:81/", Headers.of("Host", "field"));
        assertEquals(Optional.of("target:81"), request.host());
        assertEquals("Host differs from the request target", request.fault());
    }

    @Test
    void several_origins_are_never_mistaken_for_one_or_none() {
        assertEquals(Optional.empty(), new HandshakeRequest("GET", "/", Headers.empty()).origin());
        var one = Headers.of("Origin", "https://a");
        assertEquals(Optional.of("https://a"), new HandshakeRequest("GET", "/", one).origin());
        assertEquals(Optional.of("null"), new HandshakeRequest("GET", "/", Headers.of("origin", "null")).origin());
        var two = one.with("Origin", "https://b");
        assertEquals(Optional.of("https://a, https://b"), new HandshakeRequest("GET", "/", two).origin());
    }

    @Test
    void offered_subprotocols_are_listed_in_order() {
        var headers = Headers.of("Sec-WebSocket-Protocol", "b, a", "Sec-WebSocket-Protocol", "c");
        assertEquals(List.of("b", "a", "c"), new HandshakeRequest("GET", "/", headers).subprotocols());
    }

    @ParameterizedTest(name = "{0}: {1} -> {2}")
    @CsvSource({
        "X, y, false",
        "Content-Length, 0, false",
        "Content-Length, 1, true",
        "Content-Length, 00, true",
        "Content-Length, -1, true",
        "Content-Length, '0, 0', true",
        "Content-Length, '', true",
        "Transfer-Encoding, chunked, true",
        "Transfer-Encoding, identity, true",
        "Transfer-Encoding, '', true",
    })
    void body_is_seen(String name, String value, boolean body) {
        assertEquals(body, new HandshakeRequest("GET", "/", Headers.of(name, value)).hasBody());
    }

    @Test
    void encoded_head_has_exactly_the_given_fields() {
        var request = new HandshakeRequest("CONNECT", "h:443", Headers.of("Host", "h:443", "A", "\u00e9"));
        assertEquals(
                "CONNECT h:443 HTTP/1.1\r\nHost: h:443\r\nA: \u00e9\r\n\r\n", new String(request.encode(), ISO_8859_1));
    }
}
