package io.github.postern.ws.core.handshake;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The examples of RFC 6455 §1.2 and §1.3, through both sides. */
class RfcExampleTest {
    private static final String REQUEST = """
            GET /chat HTTP/1.1\r
            Host: server.example.com\r
            Upgrade: websocket\r
            Connection: Upgrade\r
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
            Origin: http://example.com\r
            Sec-WebSocket-Protocol: chat, superchat\r
            Sec-WebSocket-Version: 13\r
            \r
            """;
    private static final String RESPONSE = """
            HTTP/1.1 101 Switching Protocols\r
            Upgrade: websocket\r
            Connection: Upgrade\r
            Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r
            Sec-WebSocket-Protocol: chat\r
            \r
            """;

    @Test
    void accept_key_is_the_one_of_section_1_3() {
        assertEquals("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", AcceptKey.answer("dGhlIHNhbXBsZSBub25jZQ=="));
        assertEquals("dGhlIHNhbXBsZSBub25jZQ==", AcceptKey.key("the sample nonce".getBytes(ISO_8859_1)));
    }

    @Test
    void server_answers_the_request_of_section_1_2_byte_for_byte() {
        var head =
                HttpHeadDecoder.forRequest(HeadLimits.defaults()).next(ByteBuffer.wrap(REQUEST.getBytes(ISO_8859_1)));
        var request = assertInstanceOf(Head.Request.class, head).request();
        var server = new ServerHandshake(List.of("chat"), List.of());
        var accepted = assertInstanceOf(HandshakeResult.Accepted.class, server.respond(request));
        assertEquals(RESPONSE, new String(accepted.response().encode(), ISO_8859_1));
        assertEquals(new Negotiated("chat", List.of()), accepted.negotiated());
    }

    @Test
    void client_accepts_the_response_of_section_1_2() {
        var client = client();
        var head =
                HttpHeadDecoder.forResponse(HeadLimits.defaults()).next(ByteBuffer.wrap(RESPONSE.getBytes(ISO_8859_1)));
        var response = assertInstanceOf(Head.Response.class, head).response();
        var accepted = assertInstanceOf(HandshakeResult.Accepted.class, client.check(response));
        assertEquals(new Negotiated("chat", List.of()), accepted.negotiated());
    }

    @Test
    void client_writes_the_fields_of_section_1_2() {
        assertEquals("""
                GET /chat HTTP/1.1\r
                Host: server.example.com\r
                Upgrade: websocket\r
                Connection: Upgrade\r
                Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
                Sec-WebSocket-Version: 13\r
                Sec-WebSocket-Protocol: chat, superchat\r
                Origin: http://example.com\r
                \r
                """, new String(client().request().encode(), ISO_8859_1));
    }

    private static ClientHandshake client() {
        return new ClientHandshake(
                "server.example.com",
                "/chat",
                Base64.getDecoder().decode("dGhlIHNhbXBsZSBub25jZQ=="),
                List.of("chat", "superchat"),
                List.of(),
                Headers.of("Origin", "http://example.com"));
    }
}
