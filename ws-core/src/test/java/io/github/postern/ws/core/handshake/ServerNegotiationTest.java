package io.github.postern.ws.core.handshake;

import static io.github.postern.ws.core.handshake.ServerHandshakeTest.HEADERS;
import static io.github.postern.ws.core.handshake.ServerHandshakeTest.PLAIN;
import static io.github.postern.ws.core.handshake.ServerHandshakeTest.accepted;
import static io.github.postern.ws.core.handshake.ServerHandshakeTest.rejected;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 6455 §4.2.2 and §9.1: the server agrees on subprotocol and extensions. */
class ServerNegotiationTest {
    @ParameterizedTest(name = "{0} of {1} -> {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "a | a b | a",
                "b,a | a b | a",
                "c, b | a b | b",
                "c | a b | ''",
                "A | a b | ''",
                "'' | a b | ''",
                "a | '' | ''",
                ",b,, | a b | b",
                "b,b | a b | b"
            })
    void the_servers_first_choice_that_was_offered_is_the_subprotocol(
            String offered, String supported, String expected) {
        var server = new ServerHandshake(supported.isEmpty() ? List.of() : List.of(supported.split(" ")), List.of());
        var accepted = accepted(server, HEADERS.with("Sec-WebSocket-Protocol", offered));
        assertEquals(expected, accepted.negotiated().subprotocol());
        assertEquals(
                expected.isEmpty() ? List.of() : List.of(expected),
                accepted.response().headers().all("Sec-WebSocket-Protocol"));
    }

    @Test
    void subprotocol_offers_may_be_split_over_several_fields() {
        var server = new ServerHandshake(List.of("c"), List.of());
        var headers = HEADERS.with("Sec-WebSocket-Protocol", "a, b").with("Sec-WebSocket-Protocol", "c");
        assertEquals("c", accepted(server, headers).negotiated().subprotocol());
    }

    @Test
    void no_subprotocol_is_invented() {
        var accepted = accepted(new ServerHandshake(List.of("a"), List.of()), HEADERS);
        assertEquals("", accepted.negotiated().subprotocol());
        assertFalse(accepted.response().headers().contains("Sec-WebSocket-Protocol"));
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"a b", "a;b", "\"a\"", "a, b/c", "\u00e9"})
    void malformed_subprotocols_are_400(String offered) {
        assertEquals(
                "Sec-WebSocket-Protocol is malformed", rejected(400, HEADERS.with("Sec-WebSocket-Protocol", offered)));
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"", "x;", "x; a=\"b c\"", "x, y; =1"})
    void malformed_extensions_are_400(String offered) {
        assertEquals(
                "Sec-WebSocket-Extensions is malformed",
                rejected(400, HEADERS.with("Sec-WebSocket-Extensions", offered)));
    }

    @Test
    void unknown_extensions_are_declined() {
        var accepted = accepted(PLAIN, HEADERS.with("Sec-WebSocket-Extensions", "x-one; a=1, x-two"));
        assertEquals(List.of(), accepted.negotiated().extensions());
        assertFalse(accepted.response().headers().contains("Sec-WebSocket-Extensions"));
    }

    @Test
    void the_first_offer_of_a_name_that_is_accepted_wins() {
        var asked = new ArrayList<String>();
        ExtensionAcceptor level = offer -> {
            asked.add(offer.toString());
            return offer.name().equals("x") && !offer.parameters().isEmpty()
                    ? Optional.of(Extension.of("x", offer.parameters().getFirst()))
                    : Optional.empty();
        };
        ExtensionAcceptor other = offer -> offer.name().equals("y") ? Optional.of(offer) : Optional.empty();
        var server = new ServerHandshake(List.of(), List.of(level, other));
        var accepted = accepted(
                server,
                HEADERS.with("Sec-WebSocket-Extensions", "z, x, y;b")
                        .with("Sec-WebSocket-Extensions", "x;a=\"1\";c, x;a=2, y"));
        assertEquals(List.of("z", "x", "y; b", "x; a=1; c"), asked);
        assertEquals(
                List.of(
                        Extension.of("y", Extension.Parameter.of("b")),
                        Extension.of("x", new Extension.Parameter("a", "1"))),
                accepted.negotiated().extensions());
        assertEquals(List.of("y; b, x; a=1"), accepted.response().headers().all("Sec-WebSocket-Extensions"));
    }

    @Test
    void an_acceptor_that_answers_under_another_name_is_a_bug() {
        var server = new ServerHandshake(List.of(), List.of(offer -> Optional.of(Extension.of("y"))));
        var request = new HandshakeRequest("GET", "/", HEADERS.with("Sec-WebSocket-Extensions", "x"));
        assertEquals(
                "offer of x answered as y",
                assertThrows(IllegalStateException.class, () -> server.respond(request))
                        .getMessage());
    }

    @Test
    void supported_subprotocols_must_be_unique_tokens() {
        assertThrows(IllegalArgumentException.class, () -> new ServerHandshake(List.of("a", "a"), List.of()));
        assertThrows(IllegalArgumentException.class, () -> new ServerHandshake(List.of("a,b"), List.of()));
        assertThrows(IllegalArgumentException.class, () -> new ServerHandshake(List.of(""), List.of()));
    }

    /** RFC 8441 §5: no key, Upgrade, Connection or Host, lower-case names, 200 instead of 101. */
    @Test
    void negotiation_works_without_the_http_1_1_part() {
        var headers = Headers.of(
                "sec-websocket-version", "13", "sec-websocket-protocol", "chat", "sec-websocket-extensions", "x");
        assertNull(ServerHandshake.versionFault(headers));
        var server = new ServerHandshake(List.of("chat"), List.of(Optional::of));
        var accepted =
                assertInstanceOf(HandshakeResult.Accepted.class, server.negotiate(headers, 200, Headers.empty()));
        assertEquals(new Negotiated("chat", List.of(Extension.of("x"))), accepted.negotiated());
        assertEquals(
                HandshakeResponse.of(
                        200, Headers.of("Sec-WebSocket-Protocol", "chat", "Sec-WebSocket-Extensions", "x"), ""),
                accepted.response());
    }
}
