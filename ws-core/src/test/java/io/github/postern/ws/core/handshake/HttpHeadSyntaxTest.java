package io.github.postern.ws.core.handshake;

import static io.github.postern.ws.core.handshake.HttpHeadDecoderTest.LIMITS;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 9112 §2 to §5: bytes that are no head. */
class HttpHeadSyntaxTest {
    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "http/1.1",
                "HTTP/1",
                "HTTP/1.",
                "HTTP/11",
                "HTTP/1.1 ",
                "HTTP/1.1\t",
                "HTTP/1.10",
                "HTTP/01.1",
                "HTTP/+.1",
                "HTTP/1,1",
                "HTTP/#.#",
                "HTTP1.1",
                "HTTPS/1.1",
                "ICY",
                "",
                " HTTP/1.1"
            })
    void malformed_version_is_400(String version) {
        assertEquals(
                400,
                Portions.malformedRequest("GET / " + version + "\r\nHost: h\r\n\r\n")
                        .status());
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "",
                "GET",
                "GET /",
                "GET  / HTTP/1.1",
                " GET / HTTP/1.1",
                "\tGET / HTTP/1.1",
                "GET\t/ HTTP/1.1",
                "G@T / HTTP/1.1",
                "GET: / HTTP/1.1",
                "GET /a b HTTP/1.1",
                "GET /\u00e9 HTTP/1.1",
                "GET /a#b HTTP/1.1",
                "GET /\0 HTTP/1.1",
                "GET /\u007f HTTP/1.1",
                "GET /\u001b HTTP/1.1",
                "GET chat HTTP/1.1",
                "GET * HTTP/1.1",
                "GET h:80 HTTP/1.1",
                "CONNECT h:80:80 HTTP/1.1",
                "GET ftp://h/ HTTP/1.1",
                "GET http:///a HTTP/1.1",
                "GET http://a@h/ HTTP/1.1",
                "\u0016\u0003\u0001\u0002"
            })
    void malformed_request_line_is_400(String line) {
        assertEquals(
                400, Portions.malformedRequest(line + "\r\nHost: h\r\n\r\n").status());
    }

    @Test
    void a_tls_hello_is_refused_at_its_first_byte() {
        var outcome = Portions.decode(true, LIMITS, "\u0016\u0003\u0001\u0002\0");
        assertEquals(1, outcome.consumed());
        assertEquals(new Head.Malformed(400, "unexpected byte in method: 0x16"), outcome.head());
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "/../a",
                "/a/..",
                "/./a",
                "/a/.",
                "/%2e%2E/a",
                "/a/.%2e",
                "/a%2fb",
                "/a%2Fb",
                "/a%5cb",
                "/a\\b",
                "/a%00",
                "/%0a",
                "/%7f",
                "/%",
                "/%4",
                "/%zz",
                "/%4g",
                "/%g4",
                "/%ff",
                "/%c3",
                "/%c3%28",
                "/%ed%a0%80",
                "/%c0%af"
            })
    void ambiguous_path_is_400(String path) {
        assertEquals(
                new Head.Malformed(400, "path is ambiguous"),
                Portions.malformedRequest("GET " + path + " HTTP/1.1\r\nHost: h\r\n\r\n"));
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                " folded",
                "\tfolded",
                ":v",
                " : v",
                "A : v",
                "A\t: v",
                "A",
                "A B: v",
                "A\0: v",
                "\u00e9: v",
                "A(: v",
                "A: \0",
                "A: b\u0001c",
                "A: \u007f",
                "A: \u001b[31m",
                "\"A\": v",
                "A;: v",
                "[A]: v"
            })
    void malformed_header_line_is_400(String line) {
        assertEquals(
                400,
                Portions.malformedRequest("GET / HTTP/1.1\r\nHost: h\r\n" + line + "\r\n\r\n")
                        .status());
        assertEquals(
                400,
                Portions.malformedRequest("GET / HTTP/1.1\r\n" + line + "\r\nHost: h\r\n\r\n")
                        .status());
        assertEquals(
                400,
                Portions.malformedResponse("HTTP/1.1 101 x\r\n" + line + "\r\n\r\n")
                        .status());
    }

    @Test
    void an_empty_part_of_the_request_line_is_refused_at_once() {
        assertEquals(
                new Head.Malformed(400, "unexpected byte in method: 0x20"),
                Portions.malformedRequest(" / HTTP/1.1\r\nHost: h\r\n\r\n"));
        assertEquals(
                new Head.Malformed(400, "unexpected byte in request target: 0x20"),
                Portions.malformedRequest("GET  HTTP/1.1\r\nHost: h\r\n\r\n"));
    }

    @Test
    void obs_fold_is_400() {
        assertEquals(
                new Head.Malformed(400, "unexpected byte in header name: 0x20"),
                Portions.malformedRequest("GET / HTTP/1.1\r\nHost: h\r\nA: b\r\n c\r\n\r\n"));
    }

    @Test
    void bare_lf_is_400_wherever_it_stands() {
        String head = "GET / HTTP/1.1\r\nHost: h\r\nA: b\r\n\r\n";
        for (int i = head.indexOf('\r'); i >= 0; i = head.indexOf('\r', i + 1)) {
            String bare = head.substring(0, i) + head.substring(i + 1);
            assertEquals(400, Portions.malformedRequest(bare).status(), bare);
        }
        assertEquals(
                400,
                Portions.malformedRequest("GET / HTTP/1.1\r\nHost: h\r\nA: b\nC: d\r\n\r\n")
                        .status());
        assertEquals(400, Portions.malformedResponse("HTTP/1.1 200 OK\n\n").status());
    }

    @Test
    void bare_cr_is_400_wherever_it_stands() {
        String head = "GET / HTTP/1.1\r\nHost: h\r\nA: b\r\n\r\n";
        for (int i = 0; i < head.length(); i++) {
            String bare = head.substring(0, i) + '\r' + head.substring(i);
            if (i != head.indexOf("A:")
                    && i != head.indexOf("Host:")) { // there it begins the empty line, and A is no LF
                assertEquals(400, Portions.malformedRequest(bare).status(), bare);
            }
        }
        assertEquals(
                new Head.Malformed(400, "CR without LF"),
                Portions.malformedRequest("GET / HTTP/1.1\r\nHost: h\r\nA: b\rC: d\r\n\r\n"));
        assertEquals(
                new Head.Malformed(400, "CR without LF"), Portions.malformedRequest("GET / HTTP/1.1\r\n\rHost: h\r\n"));
    }

    @Test
    void an_empty_line_before_the_request_is_400() {
        assertEquals(
                400,
                Portions.malformedRequest("\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n")
                        .status());
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "Foo: bar | request needs exactly one Host field, not 0",
                "Host: h~Host: h | request needs exactly one Host field, not 2",
                "Host: h~hOST: other | request needs exactly one Host field, not 2",
                "Host: | Host is not a host and port",
                "Host: a b | Host is not a host and port",
                "Host: a, b | Host is not a host and port",
                "Host: u@h | Host is not a host and port",
                "Host: h/x | Host is not a host and port",
                "Host: h:x | Host is not a host and port",
            })
    void host_must_be_there_once_and_valid(String fields, String detail) {
        String head = "GET / HTTP/1.1\r\n" + fields.replace("~", "\r\n") + "\r\n\r\n";
        assertEquals(new Head.Malformed(400, detail), Portions.malformedRequest(head));
    }

    @Test
    void host_must_be_that_of_an_absolute_target() {
        assertEquals(
                "/a",
                Portions.request("GET http://h:1/a HTTP/1.1\r\nHost: H:1\r\n\r\n")
                        .path());
        assertEquals(
                new Head.Malformed(400, "Host differs from the request target"),
                Portions.malformedRequest("GET http://h/a HTTP/1.1\r\nHost: other\r\n\r\n"));
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "HTTP/1.1",
                "HTTP/1.1  200 OK",
                "HTTP/1.1 20",
                "HTTP/1.1 20 OK",
                "HTTP/1.1 2000 OK",
                "HTTP/1.1 2x0 OK",
                "HTTP/1.1 -20 OK",
                "HTTP/1.1 099 OK",
                "HTTP/1.1 000 OK",
                "HTTP/1.1\t200 OK",
                "HTTP/1.1 200\tOK",
                "HTTP/1.1 200 O\0K",
                "HTTP/1.1 200 \u001b",
                "http/1.1 200 OK",
                "200 OK",
                "",
                " HTTP/1.1 200 OK",
                "GET / HTTP/1.1"
            })
    void malformed_status_line_is_malformed(String line) {
        assertEquals(400, Portions.malformedResponse(line + "\r\n\r\n").status());
    }

    @Test
    void a_malformed_request_has_a_complete_response_that_repeats_nothing_of_it() {
        var malformed = Portions.malformedRequest("GET /secret\0 HTTP/1.1\r\n\r\n");
        assertEquals("""
                HTTP/1.1 400 Bad Request\r
                Content-Type: text/plain; charset=utf-8\r
                Content-Length: 39\r
                Connection: close\r
                \r
                unexpected byte in request target: 0x00""", new String(malformed.response().encode(), ISO_8859_1));
    }
}
