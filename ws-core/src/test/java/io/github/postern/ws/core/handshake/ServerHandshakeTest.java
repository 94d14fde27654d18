package io.github.postern.ws.core.handshake;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 6455 §4.2.1 and §4.4: the server checks the request. */
class ServerHandshakeTest {
    static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";
    static final Headers HEADERS = Headers.of(
            "Host",
            "h",
            "Upgrade",
            "websocket",
            "Connection",
            "Upgrade",
            "Sec-WebSocket-Key",
            KEY,
            "Sec-WebSocket-Version",
            "13");
    static final ServerHandshake PLAIN = new ServerHandshake();

    @Test
    void a_complete_request_is_accepted() {
        var accepted = accepted(PLAIN, HEADERS);
        assertEquals(Negotiated.nothing(), accepted.negotiated());
        assertEquals(101, accepted.response().status());
        assertEquals(
                Headers.of(
                        "Upgrade",
                        "websocket",
                        "Connection",
                        "Upgrade",
                        "Sec-WebSocket-Accept",
                        "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="),
                accepted.response().headers());
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "Upgrade, WebSocket",
        "Upgrade, WEBSOCKET",
        "Upgrade, 'h2c, websocket'",
        "Connection, upgrade",
        "Connection, 'keep-alive, Upgrade'",
        "Connection, 'UPGRADE,keep-alive'",
        "Content-Length, 0",
        "Origin, https://h",
    })
    void what_the_rfc_allows_is_accepted(String name, String value) {
        accepted(PLAIN, HEADERS.without(name).with(name, value));
    }

    @Test
    void connection_and_upgrade_may_be_split_over_several_fields() {
        accepted(
                PLAIN,
                HEADERS.without("Connection").with("Connection", "keep-alive").with("Connection", "upgrade"));
        accepted(PLAIN, HEADERS.without("Upgrade").with("Upgrade", "h2c").with("Upgrade", "websocket"));
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"POST", "HEAD", "PUT", "OPTIONS", "get", "Get", "PRI", "CONNECT"})
    void method_other_than_get_is_405_with_allow(String method) {
        var rejected = assertInstanceOf(
                HandshakeResult.Rejected.class, PLAIN.respond(new HandshakeRequest(method, "/", HEADERS)));
        assertEquals(405, rejected.response().status());
        assertEquals(Optional.of("GET"), rejected.response().headers().first("Allow"));
        assertEquals("method is not GET: " + method, rejected.why());
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "Host, request needs exactly one Host field; not 0",
        "Upgrade, Upgrade does not contain websocket",
        "Connection, Connection does not contain Upgrade",
        "Sec-WebSocket-Key, handshake needs exactly one Sec-WebSocket-Key; not 0",
    })
    void a_missing_field_is_400(String name, String why) {
        assertEquals(why.replace(';', ','), rejected(400, HEADERS.without(name)));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "Host, ''",
        "Host, 'a, b'",
        "Upgrade, web",
        "Upgrade, websocket2",
        "Upgrade, web socket",
        "Upgrade, websocket/13",
        "Upgrade, ''",
        "Connection, close",
        "Connection, Upgraded",
        "Connection, ''",
        "Sec-WebSocket-Key, ''",
        "Sec-WebSocket-Key, dGhlIHNhbXBsZSBub25jZQ",
        "Sec-WebSocket-Key, AAAAAAAAAAAAAAAAAAAA",
        "Sec-WebSocket-Key, AAAAAAAAAAAAAAAAAAAAAAA=",
        "Sec-WebSocket-Key, 'dGhlIHNhbXBsZSBub25jZQ==, a'",
    })
    void a_wrong_field_is_400(String name, String value) {
        rejected(400, HEADERS.without(name).with(name, value));
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"Host", "Sec-WebSocket-Key"})
    void a_field_that_may_occur_once_is_400_if_it_occurs_twice(String name) {
        rejected(400, HEADERS.with(name, HEADERS.first(name).orElseThrow()));
    }

    @Test
    void more_than_one_origin_is_400() {
        assertEquals(
                "more than one Origin field",
                rejected(400, HEADERS.with("Origin", "http://a").with("Origin", "http://a")));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "Content-Length, 1",
        "Content-Length, -1",
        "Content-Length, x",
        "Content-Length, '0, 5'",
        "Transfer-Encoding, chunked",
        "Transfer-Encoding, identity",
    })
    void a_body_on_the_upgrade_is_400(String name, String value) {
        assertEquals("handshake has a body", rejected(400, HEADERS.with(name, value)));
        rejected(400, HEADERS.with("Content-Length", "0").with(name, value));
    }

    @Test
    void an_ambiguous_path_is_400_also_from_other_integrations() {
        var result = PLAIN.respond(new HandshakeRequest("GET", "/a/../b", HEADERS));
        assertEquals(
                "path is ambiguous",
                assertInstanceOf(HandshakeResult.Rejected.class, result).why());
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"12", "14", "8", "7", "0", "013", "13, 8", "+13", "1 3", "", "13;", "hybi-00"})
    void version_other_than_13_is_426(String version) {
        var headers = HEADERS.without("Sec-WebSocket-Version").with("Sec-WebSocket-Version", version);
        assertEquals("Sec-WebSocket-Version is not 13: " + version, rejected(426, headers));
    }

    @Test
    void missing_version_is_426() {
        assertEquals("Sec-WebSocket-Version is missing", rejected(426, HEADERS.without("Sec-WebSocket-Version")));
    }

    @Test
    void several_versions_are_426() {
        assertEquals(
                "Sec-WebSocket-Version is not 13: 13, 13", rejected(426, HEADERS.with("Sec-WebSocket-Version", "13")));
    }

    @Test
    void a_draft_without_a_key_learns_the_version() {
        rejected(426, HEADERS.without("Sec-WebSocket-Version").without("Sec-WebSocket-Key"));
    }

    @Test
    void status_426_names_version_and_upgrade() {
        var result = PLAIN.respond(new HandshakeRequest("GET", "/", HEADERS.without("Sec-WebSocket-Version")));
        assertEquals("""
                HTTP/1.1 426 Upgrade Required\r
                Content-Type: text/plain; charset=utf-8\r
                Upgrade: websocket\r
                Sec-WebSocket-Version: 13\r
                Content-Length: 32\r
                Connection: Upgrade, close\r
                \r
                Sec-WebSocket-Version is missing""", new String(result.response().encode(), ISO_8859_1));
        assertEquals(426, ServerHandshake.upgradeRequired().status());
    }

    @Test
    void a_plain_request_is_told_apart() {
        assertTrue(ServerHandshake.isUpgrade(new HandshakeRequest("GET", "/", HEADERS)));
        assertTrue(ServerHandshake.isUpgrade(new HandshakeRequest("GET", "/", Headers.of("upgrade", "x, WebSocket"))));
        assertFalse(ServerHandshake.isUpgrade(new HandshakeRequest("GET", "/", HEADERS.without("Upgrade"))));
        assertFalse(ServerHandshake.isUpgrade(new HandshakeRequest("GET", "/", Headers.of("Upgrade", "h2c"))));
    }

    @Test
    void the_body_of_a_refusal_repeats_nothing_of_the_request() {
        var headers = HEADERS.without("Sec-WebSocket-Version").with("Sec-WebSocket-Version", "<script>");
        var response = PLAIN.respond(new HandshakeRequest("GET", "/", headers)).response();
        assertEquals("Sec-WebSocket-Version is not 13", response.body());
        response = PLAIN.respond(new HandshakeRequest("SECRET", "/", HEADERS)).response();
        assertEquals("method is not GET", response.body());
    }

    static HandshakeResult.Accepted accepted(ServerHandshake server, Headers headers) {
        var result = server.respond(new HandshakeRequest("GET", "/chat", headers));
        return assertInstanceOf(HandshakeResult.Accepted.class, result, result::toString);
    }

    static String rejected(int status, Headers headers) {
        var result = PLAIN.respond(new HandshakeRequest("GET", "/chat", headers));
        var rejected = assertInstanceOf(HandshakeResult.Rejected.class, result);
        assertEquals(status, rejected.response().status());
        assertFalse(rejected.response().body().isEmpty());
        boolean named =
                rejected.response().headers().all("Sec-WebSocket-Version").equals(List.of("13"));
        assertEquals(status == 426, named);
        return rejected.why();
    }
}
