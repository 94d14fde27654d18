package io.github.postern.ws.client;

import io.github.postern.ws.core.handshake.HandshakeResponse;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Reads the body of a refusal (RFC 9112 §6.3), as far as it comes: what is wrong with it never hides the refusal. For
 * one thread.
 */
final class ResponseBody {
    /** How many bytes of it are kept. */
    static final int MAX_SIZE = 64 * 1024;

    private static final int MAX_CHUNK_LINE = 1024;

    private final HttpInput input;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();

    private ResponseBody(HttpInput input) {
        this.input = input;
    }

    /** The beginning of the body as UTF-8; bytes that are not become U+FFFD. */
    static String read(HttpInput input, HandshakeResponse head) {
        if (head.status() < 200 || head.status() == 204 || head.status() == 304) {
            return "";
        }
        var reader = new ResponseBody(input);
        try {
            reader.read(head);
        } catch (IOException e) {
            // the part that came is better than nothing
        }
        return reader.body.toString(StandardCharsets.UTF_8);
    }

    private void read(HandshakeResponse head) throws IOException {
        var codings = head.headers().tokens("Transfer-Encoding");
        var lengths = head.headers().all("Content-Length");
        if (codings.size() == 1 && codings.getFirst().equalsIgnoreCase("chunked")) {
            chunks();
        } else if (codings.isEmpty()
                && lengths.size() == 1
                && lengths.getFirst().matches("[0-9]{1,18}")) {
            bytes(Long.parseLong(lengths.getFirst()));
        } else {
            bytes(Long.MAX_VALUE);
        }
    }

    /** Keeps as many bytes; false if the body has its greatest size, or the stream ends. */
    private boolean bytes(long count) throws IOException {
        for (long i = 0; i < count; i++) {
            int next = body.size() == MAX_SIZE ? -1 : input.read();
            if (next < 0) {
                return false;
            }
            body.write(next);
        }
        return true;
    }

    private void chunks() throws IOException {
        long size = chunkSize();
        while (size > 0 && bytes(size) && line().isEmpty()) {
            size = chunkSize();
        }
    }

    /** The size that a chunk begins with, without its extensions; 0 ends the body, and so does what is no size. */
    private long chunkSize() throws IOException {
        var size = line().split("[; \t]", 2)[0];
        return size.matches("[0-9A-Fa-f]{1,15}") ? Long.parseLong(size, 16) : 0;
    }

    private String line() throws IOException {
        var line = new StringBuilder();
        int next = input.read();
        while (next != '\n') {
            if (next < 0 || line.length() == MAX_CHUNK_LINE) {
                throw new EOFException("no end of line");
            }
            line.append((char) next);
            next = input.read();
        }
        int length = line.length();
        return length > 0 && line.charAt(length - 1) == '\r' ? line.substring(0, length - 1) : line.toString();
    }
}
