package io.github.postern.ws.core.handshake;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 9112 §2 to §5: heads. What is none is in {@code HttpHeadSyntaxTest}, limits are in {@code HttpHeadLimitsTest}. */
class HttpHeadDecoderTest {
    static final HeadLimits LIMITS = HeadLimits.defaults();

    @Test
    void decodes_request_line_and_fields_in_order() {
        var request = Portions.request("GET /a/b?c=d HTTP/1.1\r\nHost: h:81\r\nX-A: 1\r\nx-a:2\r\n\r\n");
        assertEquals(
                new HandshakeRequest("GET", "/a/b?c=d", Headers.of("Host", "h:81", "X-A", "1", "x-a", "2")), request);
        assertEquals("X-A", request.headers().entries().get(1).name());
    }

    @Test
    void decodes_status_line_and_drops_the_reason() {
        var response = Portions.response("HTTP/1.1 403 Not here \u00e9\r\nServer: x\r\n\r\n");
        assertEquals(new HandshakeResponse(403, Headers.of("Server", "x"), ""), response);
    }

    @Test
    void decodes_a_head_without_fields() {
        assertEquals(new HandshakeResponse(200, Headers.empty(), ""), Portions.response("HTTP/1.1 200 \r\n\r\n"));
    }

    @Test
    void leaves_bytes_after_the_head_in_the_input() {
        String head = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
        for (String frames : List.of("\u0081", "\u0081\u0085abcd", "\r\n\r\n", head)) {
            assertEquals(
                    head.length(), Portions.decode(true, LIMITS, head + frames).consumed());
            var input = ByteBuffer.wrap((head + frames).getBytes(ISO_8859_1));
            assertInstanceOf(
                    Head.Request.class, HttpHeadDecoder.forRequest(LIMITS).next(input));
            assertEquals(ByteBuffer.wrap(frames.getBytes(ISO_8859_1)), input);
        }
        String response = "HTTP/1.1 101 Switching Protocols\r\n\r\n";
        assertEquals(
                response.length(),
                Portions.decode(false, LIMITS, response + "\u0081\0").consumed());
    }

    @Test
    void an_incomplete_head_is_not_yet_a_head() {
        String head = "GET /chat HTTP/1.1\r\nHost: h\r\nA: b\r\n\r\n";
        for (int length = 0; length < head.length(); length++) {
            var outcome = Portions.decode(true, LIMITS, head.substring(0, length));
            assertNull(outcome.head());
        }
    }

    @Test
    void reads_direct_and_read_only_buffers() {
        byte[] head = "GET / HTTP/1.1\r\nHost: h\r\n\r\n".getBytes(ISO_8859_1);
        var direct = ByteBuffer.allocateDirect(head.length).put(head).flip();
        assertInstanceOf(Head.Request.class, HttpHeadDecoder.forRequest(LIMITS).next(direct));
        var readOnly = ByteBuffer.wrap(head).asReadOnlyBuffer();
        assertInstanceOf(Head.Request.class, HttpHeadDecoder.forRequest(LIMITS).next(readOnly));
    }

    @Test
    void white_space_around_a_value_is_not_part_of_it() {
        var headers = Portions.request("GET / HTTP/1.1\r\nHost:\t h \t\r\nA:\r\nB: \t \r\nC:d  e\r\n\r\n")
                .headers();
        assertEquals(Headers.of("Host", "h", "A", "", "B", "", "C", "d  e"), headers);
    }

    @Test
    void bytes_above_ascii_in_values_are_kept_one_to_one() {
        String value = "\u0080\u009f\u00a0\u00e9\u00ff";
        var request = Portions.request("GET / HTTP/1.1\r\nHost: h\r\nA: " + value + "\r\n\r\n");
        assertEquals(value, request.headers().first("A").orElseThrow());
        assertEquals(
                value,
                Portions.request(new String(request.encode(), ISO_8859_1))
                        .headers()
                        .first("A")
                        .orElseThrow());
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"HTTP/1.0", "HTTP/0.9", "HTTP/2.0", "HTTP/3.0", "HTTP/9.9"})
    void version_other_than_http_1_1_is_505(String version) {
        assertEquals(
                new Head.Malformed(505, "version is not HTTP/1.1: " + version.substring(5)),
                Portions.malformedRequest("GET / " + version + "\r\nHost: h\r\n\r\n"));
    }

    @Test
    void http_2_preface_is_505() {
        assertEquals(
                505,
                Portions.malformedRequest("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").status());
    }

    @Test
    void a_later_http_1_version_is_read_as_http_1_1() {
        assertEquals("/", Portions.request("GET / HTTP/1.2\r\nHost: h\r\n\r\n").path());
        assertEquals(101, Portions.response("HTTP/1.9 101 x\r\n\r\n").status());
    }

    @Test
    void connect_and_options_may_have_their_own_target_forms() {
        assertEquals(
                "", Portions.request("OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n").path());
        assertEquals(
                "",
                Portions.request("CONNECT h:443 HTTP/1.1\r\nHost: h:443\r\n\r\n")
                        .path());
    }

    @Test
    void response_of_another_major_version_is_malformed() {
        assertEquals(505, Portions.malformedResponse("HTTP/2.0 200 OK\r\n\r\n").status());
        assertEquals(505, Portions.malformedResponse("HTTP/0.9 200 OK\r\n\r\n").status());
    }

    @Test
    void http_1_0_may_answer_connect_but_cannot_switch_protocols() {
        assertEquals(
                200,
                Portions.response("HTTP/1.0 200 Connection established\r\n\r\n").status());
        assertEquals(
                new Head.Malformed(505, "status 101 in HTTP/1.0"),
                Portions.malformedResponse("HTTP/1.0 101 Switching Protocols\r\n\r\n"));
    }

    @Test
    void a_response_may_end_after_its_status_code() {
        assertEquals(101, Portions.response("HTTP/1.1 101\r\n\r\n").status());
    }

    @Test
    void status_codes_are_100_to_999() {
        assertEquals(100, Portions.response("HTTP/1.1 100 Continue\r\n\r\n").status());
        assertEquals(999, Portions.response("HTTP/1.1 999 \t\r\n\r\n").status());
    }
}
