package io.github.postern.ws.core.handshake;

import static io.github.postern.ws.core.handshake.ClientHandshakeTest.NONCE;
import static io.github.postern.ws.core.handshake.ClientHandshakeTest.client;
import static io.github.postern.ws.core.handshake.ClientHandshakeTest.offering;
import static io.github.postern.ws.core.handshake.ClientHandshakeTest.offeringExtensions;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 6455 §3 and §4.1: what the client may be asked to send, and what it sends. */
class ClientRequestTest {
    private record Fixed(List<Extension> alternatives) implements ExtensionOffer {
        @Override
        public Optional<String> objection(Extension answer) {
            return Optional.empty();
        }
    }

    @Test
    void key_is_base64_of_the_nonce_and_differs_for_another_nonce() {
        assertEquals(Optional.of("dGhlIHNhbXBsZSBub25jZQ=="), field(client(), "Sec-WebSocket-Key"));
        var other = new ClientHandshake("h", "/", new byte[16], List.of(), List.of(), Headers.empty());
        assertEquals(Optional.of("AAAAAAAAAAAAAAAAAAAAAA=="), field(other, "Sec-WebSocket-Key"));
        assertNotEquals(other.request(), client().request());
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(ints = {0, 15, 17, 24})
    void nonce_of_another_length_is_the_callers_fault(int length) {
        var thrown = assertThrows(
                IllegalArgumentException.class,
                () -> new ClientHandshake("h", "/", new byte[length], List.of(), List.of(), Headers.empty()));
        assertEquals("nonce is not 16 bytes: " + length, thrown.getMessage());
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "'', /",
        "/, /",
        "?q=1, /?q=1",
        "/chat?a=%2F&b, /chat?a=%2F&b",
        "/a%2Fb/c, /a%2Fb/c",
    })
    void empty_path_becomes_a_slash_and_the_rest_is_kept(String target, String expected) {
        assertEquals(expected, client(target).request().target());
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"/a#b", "#b", "/a b", "/a\r\nX: y", "a", "*", "/\u00e9"})
    void fragment_or_anything_but_a_target_is_the_callers_fault(String target) {
        assertThrows(IllegalArgumentException.class, () -> client(target));
    }

    @ParameterizedTest(name = "{0} {1} {2}")
    @CsvSource({
        "h, 80, false, h",
        "h, 443, true, h",
        "h, 443, false, h:443",
        "h, 80, true, h:80",
        "H.example, 8080, false, H.example:8080",
        "127.0.0.1, 1, false, 127.0.0.1:1",
        "h, 65535, true, h:65535",
        "::1, 80, false, [::1]",
        "::1, 81, false, [::1]:81",
        "[::1], 443, true, [::1]",
        "fe80::1%eth0, 81, false, [fe80::1]:81",
        "[fe80::1%25eth0], 80, false, [fe80::1]",
    })
    void default_port_is_left_out_of_host(String host, int port, boolean secure, String expected) {
        assertEquals(expected, ClientHandshake.hostField(host, port, secure));
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"", "a b", "a/b", "u@h", "h:80", "[::1", "::1]", "a\r\nb", "b\u00fccher"})
    void a_host_that_is_none_is_the_callers_fault(String host) {
        assertThrows(IllegalArgumentException.class, () -> ClientHandshake.hostField(host, 80, false));
        if (!host.equals("h:80")) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> new ClientHandshake(host, "/", NONCE, List.of(), List.of(), Headers.empty()));
        }
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(ints = {-1, 0, 65536})
    void a_port_out_of_range_is_the_callers_fault(int port) {
        assertThrows(IllegalArgumentException.class, () -> ClientHandshake.hostField("h", port, false));
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"", "a b", "a,b", "a\r\n", "\u00e9", "\"a\""})
    void a_subprotocol_that_is_not_a_token_is_the_callers_fault(String subprotocol) {
        assertThrows(IllegalArgumentException.class, () -> offering(List.of(subprotocol)));
    }

    @Test
    void a_subprotocol_twice_is_the_callers_fault() {
        assertThrows(IllegalArgumentException.class, () -> offering(List.of("a", "b", "a")));
    }

    @Test
    void nothing_is_offered_unless_asked_for() {
        assertFalse(client().request().headers().contains("Sec-WebSocket-Protocol"));
        assertFalse(client().request().headers().contains("Sec-WebSocket-Extensions"));
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "Host",
                "upgrade",
                "CONNECTION",
                "Sec-WebSocket-Key",
                "sec-websocket-version",
                "Sec-WebSocket-Accept",
                "Sec-WebSocket-Protocol",
                "Sec-WebSocket-Extensions",
                "Content-Length",
                "Transfer-Encoding"
            })
    void an_extra_field_that_the_handshake_sets_is_the_callers_fault(String name) {
        assertThrows(
                IllegalArgumentException.class,
                () -> new ClientHandshake("h", "/", NONCE, List.of(), List.of(), Headers.of(name, "x")));
    }

    @Test
    void extra_fields_come_last_in_order() {
        var extra = Headers.of("Cookie", "a=b", "Authorization", "c", "Cookie", "d");
        var headers = new ClientHandshake("h", "/", NONCE, List.of("p"), List.of(), extra)
                .request()
                .headers();
        assertEquals(extra.entries(), headers.entries().subList(6, 9));
    }

    @Test
    void extension_offers_are_written_with_their_alternatives() {
        assertEquals(
                Optional.of("x; level=2, x, y; level=2, y"), field(offeringExtensions(), "Sec-WebSocket-Extensions"));
    }

    @Test
    void extension_offers_must_have_one_name_each() {
        assertOfferFails("extension offer without alternatives", new Fixed(List.of()));
        assertOfferFails(
                "extension offer of several names: [x, y]", new Fixed(List.of(Extension.of("x"), Extension.of("y"))));
        assertOfferFails(
                "extension offered twice: x",
                new ClientHandshakeTest.Levels("x"),
                new Fixed(List.of(Extension.of("x"))));
    }

    private static void assertOfferFails(String message, ExtensionOffer... offers) {
        var thrown = assertThrows(
                IllegalArgumentException.class,
                () -> new ClientHandshake("h", "/", NONCE, List.of(), List.of(offers), Headers.empty()));
        assertEquals(message, thrown.getMessage());
    }

    private static Optional<String> field(ClientHandshake client, String name) {
        return client.request().headers().first(name);
    }
}
