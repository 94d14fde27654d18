package io.github.postern.benchmarks.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.util.Locale;

/** The opening handshake of a client: always the same, since only the server matters. */
final class Opening {
    private static final String END = "\r\n\r\n";
    private static final int LONGEST = 4096;

    private Opening() {}

    static byte[] request(int port, boolean deflate) {
        var head = "GET " + TestedServer.PATH + " HTTP/1.1\r\n"
                + "Host: localhost:" + port + "\r\n"
                + "Upgrade: websocket\r\n"
                + "Connection: Upgrade\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                + "Sec-WebSocket-Version: 13\r\n"
                + (deflate
                        ? "Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover; client_no_context_takeover\r\n"
                        : "")
                + "\r\n";
        return head.getBytes(US_ASCII);
    }

    /** Where the first frame begins in what has been received; 0 if the head has not yet ended. */
    static int end(byte[] received, int length) throws IOException {
        var text = new String(received, 0, length, ISO_8859_1);
        var end = text.indexOf(END);
        if (end < 0) {
            if (length > LONGEST) {
                throw new IOException("the server's head has no end");
            }
            return 0;
        }
        if (!text.startsWith("HTTP/1.1 101")) {
            throw new IOException(
                    "the server answers " + text.lines().findFirst().orElse(""));
        }
        return end + END.length();
    }

    /** @throws UnsupportedOperationException if it was not agreed to compress each message for itself */
    static void checkDeflate(byte[] received, int length) {
        var head = new String(received, 0, length, ISO_8859_1).toLowerCase(Locale.ROOT);
        if (!head.contains("permessage-deflate") || !head.contains("server_no_context_takeover")) {
            throw new UnsupportedOperationException("no compression without context takeover");
        }
    }
}
