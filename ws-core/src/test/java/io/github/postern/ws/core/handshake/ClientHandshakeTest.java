package io.github.postern.ws.core.handshake;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 6455 §4.1 and §4.4: the client checks the response. What it sends is in {@code ClientRequestTest}. */
class ClientHandshakeTest {
    static final byte[] NONCE = "the sample nonce".getBytes(ISO_8859_1);
    static final Headers ANSWER = Headers.of(
            "Upgrade", "websocket", "Connection", "Upgrade", "Sec-WebSocket-Accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");

    /** Offers {@code name; level=2} and {@code name}; objects to a level above 2. */
    record Levels(String name) implements ExtensionOffer {
        @Override
        public List<Extension> alternatives() {
            return List.of(Extension.of(name, new Extension.Parameter("level", "2")), Extension.of(name));
        }

        @Override
        public Optional<String> objection(Extension answer) {
            boolean fine = answer.parameters().stream()
                    .allMatch(parameter -> parameter.value().compareTo("2") <= 0);
            return fine ? Optional.empty() : Optional.of("bad level\n");
        }
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "Upgrade, WebSocket",
        "Connection, upgrade",
        "Connection, 'keep-alive, UPGRADE'",
        "Sec-WebSocket-Accept, ' s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\t'",
        "Content-Length, 0",
        "Server, x",
    })
    void what_the_rfc_allows_is_accepted(String name, String value) {
        accepted(client(), ANSWER.without(name).with(name, value));
    }

    @Test
    void connection_may_be_split_over_several_fields() {
        accepted(client(), ANSWER.without("Connection").with("Connection", "x").with("Connection", "upgrade"));
    }

    @Test
    void accept_is_compared_without_white_space_around_it_on_the_wire() {
        var response = Portions.response("""
                HTTP/1.1 101 x\r
                Upgrade: websocket\r
                Connection: Upgrade\r
                Sec-WebSocket-Accept:\t s3pPLMBiTxaQ9kYGzzhZRbK+xOo= \t\r
                \r
                """);
        assertInstanceOf(HandshakeResult.Accepted.class, client().check(response));
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(ints = {100, 103, 200, 204, 301, 302, 307, 400, 401, 403, 404, 407, 426, 429, 500, 503})
    void status_other_than_101_is_rejected_with_the_response(int status) {
        var response = HandshakeResponse.of(status, ANSWER.with("Location", "ws://other/"), "");
        var rejected = assertInstanceOf(HandshakeResult.Rejected.class, client().check(response));
        assertSame(response, rejected.response());
        assertEquals("status is not 101: " + status, rejected.why());
    }

    @Test
    void the_versions_a_server_speaks_are_understood_also_over_several_fields() {
        var headers = Headers.of("Sec-WebSocket-Version", "8, 7", "Sec-WebSocket-Version", "25");
        var result = client().check(HandshakeResponse.of(426, headers, ""));
        assertEquals(
                "status is not 101: 426; server speaks versions 8, 7, 25",
                assertInstanceOf(HandshakeResult.Rejected.class, result).why());
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "Upgrade, Upgrade is not websocket",
        "Connection, Connection does not contain Upgrade",
        "Sec-WebSocket-Accept, response needs exactly one Sec-WebSocket-Accept; not 0",
    })
    void a_missing_field_is_rejected(String name, String why) {
        assertEquals(why.replace(';', ','), rejected(client(), ANSWER.without(name)));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "Upgrade, ''",
        "Upgrade, h2c",
        "Upgrade, 'websocket, h2c'",
        "Connection, close",
        "Connection, ''",
        "Sec-WebSocket-Accept, ''",
        "Sec-WebSocket-Accept, s3pPLMBiTxaQ9kYGzzhZRbK+xOO=",
        "Sec-WebSocket-Accept, S3PPLMBITXAQ9KYGZZHZRBK+XOO=",
        "Sec-WebSocket-Accept, s3pPLMBiTxaQ9kYGzzhZRbK+xOo",
        "Sec-WebSocket-Accept, dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Accept, 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=, x'",
    })
    void a_wrong_field_is_rejected(String name, String value) {
        rejected(client(), ANSWER.without(name).with(name, value));
    }

    @Test
    void two_accept_fields_are_rejected() {
        String accept = ANSWER.first("Sec-WebSocket-Accept").orElseThrow();
        rejected(client(), ANSWER.with("Sec-WebSocket-Accept", accept));
    }

    @Test
    void the_offered_subprotocol_that_the_server_chose_is_agreed() {
        var client = offering(List.of("a", "b"));
        assertEquals(
                "b",
                accepted(client, ANSWER.with("Sec-WebSocket-Protocol", "b")).subprotocol());
        assertEquals("", accepted(client, ANSWER).subprotocol());
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"c", "A", "", "a, b", "a,", "a b"})
    void a_subprotocol_that_was_not_offered_is_rejected(String subprotocol) {
        var client = offering(List.of("a", "b"));
        String header = Headers.of("x", subprotocol).first("x").orElseThrow();
        assertEquals(
                "subprotocol was not offered: " + header,
                rejected(client, ANSWER.with("Sec-WebSocket-Protocol", subprotocol)));
    }

    @Test
    void a_subprotocol_without_any_offer_is_rejected() {
        rejected(client(), ANSWER.with("Sec-WebSocket-Protocol", "a"));
        rejected(client(), ANSWER.with("Sec-WebSocket-Protocol", ""));
    }

    @Test
    void several_subprotocol_fields_are_rejected() {
        var headers = ANSWER.with("Sec-WebSocket-Protocol", "a").with("Sec-WebSocket-Protocol", "a");
        assertEquals("more than one Sec-WebSocket-Protocol: 2", rejected(offering(List.of("a")), headers));
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"x", "y; level=1", "x; level=2, y", "y,x;level=\"1\""})
    void offered_extensions_with_good_parameters_are_agreed(String answer) {
        var negotiated = accepted(offeringExtensions(), ANSWER.with("Sec-WebSocket-Extensions", answer));
        assertEquals(Extension.parse(List.of(answer)).orElseThrow(), negotiated.extensions());
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "z | extension was not offered: z",
                "x, z | extension was not offered: z",
                "X | extension was not offered: X",
                "x, y, x | extension was answered twice: x",
                "x; level=3 | extension x: bad level?",
                "x; level= | Sec-WebSocket-Extensions is malformed",
                "'' | Sec-WebSocket-Extensions is malformed",
            })
    void any_other_answer_to_extensions_is_rejected(String answer, String why) {
        assertEquals(why, rejected(offeringExtensions(), ANSWER.with("Sec-WebSocket-Extensions", answer)));
    }

    @Test
    void an_extension_without_any_offer_is_rejected() {
        assertEquals(
                "extension was not offered: permessage-deflate",
                rejected(client(), ANSWER.with("Sec-WebSocket-Extensions", "permessage-deflate")));
    }

    @Test
    void one_handshake_can_check_several_responses() {
        var client = offeringExtensions();
        accepted(client, ANSWER.with("Sec-WebSocket-Extensions", "x"));
        accepted(client, ANSWER.with("Sec-WebSocket-Extensions", "x"));
    }

    @Test
    void both_sides_agree_with_each_other() {
        ExtensionAcceptor acceptor = offer -> offer.name().equals("y") ? Optional.of(offer) : Optional.empty();
        var server = new ServerHandshake(List.of("b", "a"), List.of(acceptor));
        var client = new ClientHandshake(
                "h:81",
                "/chat?q",
                NONCE,
                List.of("a", "b"),
                List.of(new Levels("x"), new Levels("y")),
                Headers.empty());
        var request = Portions.request(new String(client.request().encode(), ISO_8859_1));
        assertEquals(client.request(), request);
        var accepted = assertInstanceOf(HandshakeResult.Accepted.class, server.respond(request));
        var response = Portions.response(new String(accepted.response().encode(), ISO_8859_1));
        var result = assertInstanceOf(HandshakeResult.Accepted.class, client.check(response));
        assertEquals(accepted.negotiated(), result.negotiated());
        assertEquals("b", result.negotiated().subprotocol());
    }

    static ClientHandshake client() {
        return client("/");
    }

    static ClientHandshake client(String target) {
        return new ClientHandshake("h", target, NONCE, List.of(), List.of(), Headers.empty());
    }

    static ClientHandshake offering(List<String> subprotocols) {
        return new ClientHandshake("h", "/", NONCE, subprotocols, List.of(), Headers.empty());
    }

    static ClientHandshake offeringExtensions() {
        return new ClientHandshake(
                "h", "/", NONCE, List.of(), List.of(new Levels("x"), new Levels("y")), Headers.empty());
    }

    private static Negotiated accepted(ClientHandshake client, Headers headers) {
        var result = client.check(HandshakeResponse.of(101, headers, ""));
        return assertInstanceOf(HandshakeResult.Accepted.class, result, result::toString)
                .negotiated();
    }

    private static String rejected(ClientHandshake client, Headers headers) {
        var result = client.check(HandshakeResponse.of(101, headers, ""));
        return assertInstanceOf(HandshakeResult.Rejected.class, result).why();
    }
}
