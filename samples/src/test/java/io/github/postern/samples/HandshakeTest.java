package io.github.postern.samples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HandshakeTest {
    @Test
    void every_line_of_request_and_response_is_explained_with_its_clause() throws Exception {
        var outcome = SampleProcess.run("handshake", List.of());
        assertEquals(0, outcome.exitCode(), outcome.toString());
        var out = outcome.out();
        for (var line : List.of(
                "  GET /chat HTTP/1.1",
                "  Upgrade: websocket",
                "  Sec-WebSocket-Version: 13",
                "  Sec-WebSocket-Protocol: chat.v1",
                "  HTTP/1.1 101 Switching Protocols")) {
            int index = out.indexOf(line);
            assertTrue(index >= 0, line);
            assertTrue(out.get(index + 1).matches(" {6}.*\\(.*(§|RFC).*\\)"), out.get(index + 1));
        }
        // computed here once more: the answer proves that the key was read
        var key = value(outcome, "Sec-WebSocket-Key");
        var sha1 = MessageDigest.getInstance("SHA-1")
                .digest((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(StandardCharsets.US_ASCII));
        assertEquals(Base64.getEncoder().encodeToString(sha1), value(outcome, "Sec-WebSocket-Accept"));
    }

    private static String value(SampleProcess.Outcome outcome, String name) {
        return outcome.line("  " + name + ": ").strip().substring(name.length() + 2);
    }

    @Test
    void a_refusal_is_explained_and_exit_code_1() throws Exception {
        try (var server = Echo.start(0, 1000, false)) {
            var outcome = SampleProcess.run("handshake", List.of(), "ws://localhost:" + server.port() + "/nothing");
            assertEquals(1, outcome.exitCode(), outcome.toString());
            outcome.line("HTTP/1.1 404 Not Found");
            outcome.line("It is no WebSocket: status is not 101: 404");
        }
    }

    @Test
    void what_is_no_web_socket_url_is_a_sentence_and_exit_code_2() throws Exception {
        var outcome = SampleProcess.run("handshake", List.of(), "ftp://localhost/");
        assertEquals(2, outcome.exitCode());
        assertTrue(outcome.err().getFirst().contains("scheme ws or wss: ftp://localhost/"), outcome.toString());
    }
}
