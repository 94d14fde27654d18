package io.github.postern.samples.compare;

import io.github.postern.ws.core.handshake.HandshakeRequest;
import io.github.postern.ws.core.handshake.Head;
import io.github.postern.ws.core.handshake.HeadLimits;
import io.github.postern.ws.core.handshake.HttpHeadDecoder;
import java.nio.ByteBuffer;

/**
 * Counts the HTTP/1.1 requests in what a client sends, by following their heads and skipping their bodies (RFC 9112 §6).
 * From a WebSocket handshake on, and after anything that is not HTTP/1.1, the bytes are not looked at any more.
 */
final class RequestCounter {
    private enum Place {
        HEAD,
        BODY,
        CHUNK_SIZE,
        CHUNK,
        TRAILERS,
        OPAQUE
    }

    private Place place = Place.HEAD;
    private HttpHeadDecoder decoder = HttpHeadDecoder.forRequest(HeadLimits.defaults());
    private final StringBuilder line = new StringBuilder();
    private long skipping;
    private long requests;

    /** How many requests have begun to arrive: their heads are complete. */
    long requests() {
        return requests;
    }

    /** Follows more of the client's bytes, and consumes them. */
    void feed(ByteBuffer input) {
        while (input.hasRemaining()) {
            switch (place) {
                case HEAD -> head(input);
                case BODY -> skip(input, Place.HEAD);
                case CHUNK_SIZE -> chunkSize(input);
                case CHUNK -> skip(input, Place.CHUNK_SIZE);
                case TRAILERS -> trailer(input);
                case OPAQUE -> input.position(input.limit());
            }
        }
    }

    private void head(ByteBuffer input) {
        switch (decoder.next(input)) {
            case null -> {} // the rest of the head is yet to come
            case Head.Request head -> {
                requests++;
                decoder = HttpHeadDecoder.forRequest(HeadLimits.defaults());
                body(head.request());
            }
            case Head.Response response -> place = Place.OPAQUE;
            case Head.Malformed malformed -> place = Place.OPAQUE;
        }
    }

    private void body(HandshakeRequest request) {
        var headers = request.headers();
        if (headers.containsToken("Upgrade", "websocket")) {
            place = Place.OPAQUE;
        } else if (headers.containsToken("Transfer-Encoding", "chunked")) {
            place = Place.CHUNK_SIZE;
        } else {
            skipping = headers.first("Content-Length").map(Long::parseLong).orElse(0L);
            place = skipping == 0 ? Place.HEAD : Place.BODY;
        }
    }

    private void skip(ByteBuffer input, Place next) {
        int step = (int) Math.min(skipping, input.remaining());
        input.position(input.position() + step);
        skipping -= step;
        if (skipping == 0) {
            place = next;
        }
    }

    private void chunkSize(ByteBuffer input) {
        if (!endOfLine(input)) {
            return;
        }
        int extension = line.indexOf(";");
        var size = extension < 0 ? line.toString() : line.substring(0, extension);
        line.setLength(0);
        skipping = Long.parseLong(size.strip(), 16) + 2; // the chunk, and the CR LF behind it
        place = skipping == 2 ? Place.TRAILERS : Place.CHUNK;
    }

    private void trailer(ByteBuffer input) {
        if (endOfLine(input)) {
            place = line.isEmpty() ? Place.HEAD : Place.TRAILERS;
            line.setLength(0);
        }
    }

    /** Collects a line, and tells whether it is complete. */
    private boolean endOfLine(ByteBuffer input) {
        while (input.hasRemaining()) {
            char c = (char) (input.get() & 0xff);
            if (c == '\n') {
                return true;
            }
            if (c != '\r') {
                line.append(c);
            }
        }
        return false;
    }
}
