package io.github.postern.samples.compare;

import io.github.postern.samples.compare.Tally.Purpose;
import io.github.postern.ws.core.handshake.HandshakeRequest;
import io.github.postern.ws.core.handshake.HandshakeResponse;
import io.github.postern.ws.core.handshake.Head;
import io.github.postern.ws.core.handshake.HeadLimits;
import io.github.postern.ws.core.handshake.Headers;
import io.github.postern.ws.core.handshake.HttpHeadDecoder;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Says what the bytes of one direction of an HTTP/1.1 connection are for, by following heads and bodies (RFC 9112 §6). What is not HTTP/1.1 is framing.
 */
final class HttpBytes {
    private static final List<String> POSITIONS = List.of("Last-Event-ID", "Postern-Received");
    private static final int AROUND_VALUE = 4; // the colon and the space before it, the line's end behind it
    private static final int SWITCHING_PROTOCOLS = 101;

    private enum Place {
        HEAD,
        BODY,
        BODY_TO_THE_END,
        CHUNK_SIZE,
        CHUNK,
        CHUNK_END,
        TRAILERS,
        /** Behind the request for a WebSocket, which may still be refused. */
        HANDSHAKE,
        FRAMES,
        OPAQUE
    }

    private final boolean ofRequests;
    private final Exchanges exchanges;
    private final Tally tally;
    private final Runnable onRequest;
    private final WebSocketBytes frames;
    private final LineReader line = new LineReader();
    private Place place = Place.HEAD;
    private HttpHeadDecoder decoder;
    private long headLength;
    private Body body = Body.OTHER;
    private EventStreamBytes events;
    private long left;

    /** What the bytes of a body are. */
    private enum Body {
        EVENTS,
        ACKNOWLEDGEMENT,
        OTHER
    }

    private HttpBytes(boolean ofRequests, Exchanges exchanges, Tally tally, Runnable onRequest) {
        this.ofRequests = ofRequests;
        this.exchanges = exchanges;
        this.tally = tally;
        this.onRequest = onRequest;
        frames = new WebSocketBytes(tally);
        events = new EventStreamBytes(tally);
        decoder = newDecoder();
    }

    static HttpBytes ofRequests(Exchanges exchanges, Tally tally, Runnable onRequest) {
        return new HttpBytes(true, exchanges, tally, onRequest);
    }

    static HttpBytes ofResponses(Exchanges exchanges, Tally tally) {
        return new HttpBytes(false, exchanges, tally, () -> {});
    }

    private HttpHeadDecoder newDecoder() {
        return ofRequests
                ? HttpHeadDecoder.forRequest(HeadLimits.defaults())
                : HttpHeadDecoder.forResponse(HeadLimits.defaults());
    }

    /** Follows more bytes, and consumes them. */
    void feed(ByteBuffer input) {
        while (input.hasRemaining()) {
            switch (place) {
                case HEAD -> head(input);
                case BODY -> body(input, Place.HEAD);
                case BODY_TO_THE_END -> content(input);
                case CHUNK_SIZE -> chunkSize(input);
                case CHUNK -> body(input, Place.CHUNK_END);
                case CHUNK_END -> {
                    if (endsLine(input)) {
                        place = Place.CHUNK_SIZE;
                    }
                }
                case TRAILERS -> {
                    if (endsLine(input) && line.take().isEmpty()) {
                        place = Place.HEAD;
                    }
                }
                case HANDSHAKE -> place = exchanges.isUpgraded() ? Place.FRAMES : Place.HEAD;
                case FRAMES -> frames.feed(input);
                case OPAQUE -> skip(input, Purpose.FRAMING);
            }
        }
    }

    private void head(ByteBuffer input) {
        int before = input.remaining();
        var head = decoder.next(input);
        int length = before - input.remaining();
        tally.add(Purpose.HEADERS, length);
        headLength += length;
        if (head != null) {
            switch (head) {
                case Head.Request request -> request(request.request());
                case Head.Response response -> response(response.response());
                case Head.Malformed malformed -> place = Place.OPAQUE;
            }
            headLength = 0;
            decoder = newDecoder();
        }
    }

    private void request(HandshakeRequest request) {
        var headers = request.headers();
        boolean acknowledges = request.method().equals("POST") && !request.hasBody();
        beginBody(headers, acknowledges);
        onRequest.run();
        exchanges.request(acknowledges ? Exchanges.Kind.ACKNOWLEDGEMENT : Exchanges.Kind.ORDINARY);
        if (headers.containsToken("Upgrade", "websocket")) {
            place = Place.HANDSHAKE;
        } else if (!request.hasBody()) {
            place = Place.HEAD;
        } else {
            placeOfBody(headers);
        }
    }

    private void response(HandshakeResponse response) {
        if (response.status() == SWITCHING_PROTOCOLS) {
            exchanges.response();
            exchanges.upgrade();
            place = Place.FRAMES;
        } else if (!response.isInterim()) {
            beginBody(response.headers(), exchanges.response() == Exchanges.Kind.ACKNOWLEDGEMENT);
            if (response.status() == 204 || response.status() == 304) {
                place = Place.HEAD;
            } else {
                placeOfBody(response.headers());
            }
        }
    }

    private void beginBody(Headers headers, boolean acknowledges) {
        tally.move(Purpose.HEADERS, Purpose.ACKNOWLEDGEMENTS, acknowledges ? headLength : lengthOfPositions(headers));
        boolean isStream = headers.first("Content-Type")
                .filter(type -> type.startsWith("text/event-stream"))
                .isPresent();
        body = acknowledges ? Body.ACKNOWLEDGEMENT : isStream ? Body.EVENTS : Body.OTHER;
        events = new EventStreamBytes(tally);
    }

    private static long lengthOfPositions(Headers headers) {
        return POSITIONS.stream()
                .mapToLong(name -> headers.all(name).stream()
                        .mapToLong(value -> name.length() + value.length() + AROUND_VALUE)
                        .sum())
                .sum();
    }

    private void placeOfBody(Headers headers) {
        var length = headers.first("Content-Length");
        if (headers.containsToken("Transfer-Encoding", "chunked")) {
            place = Place.CHUNK_SIZE;
        } else if (length.isPresent()) {
            left = number(length.get(), 10);
            place = left < 0 ? Place.OPAQUE : left == 0 ? Place.HEAD : Place.BODY;
        } else {
            place = Place.BODY_TO_THE_END;
        }
    }

    private void body(ByteBuffer input, Place next) {
        int step = (int) Math.min(left, input.remaining());
        content(input.slice(input.position(), step));
        input.position(input.position() + step);
        left -= step;
        if (left == 0) {
            place = next;
        }
    }

    private void content(ByteBuffer input) {
        switch (body) {
            case EVENTS -> events.feed(input);
            case ACKNOWLEDGEMENT -> skip(input, Purpose.ACKNOWLEDGEMENTS);
            case OTHER -> skip(input, Purpose.FRAMING);
        }
    }

    private void skip(ByteBuffer input, Purpose purpose) {
        tally.add(purpose, input.remaining());
        input.position(input.limit());
    }

    private void chunkSize(ByteBuffer input) {
        if (endsLine(input)) {
            var size = line.take();
            int extension = size.indexOf(';');
            left = number(extension < 0 ? size : size.substring(0, extension), 16);
            place = left < 0 ? Place.OPAQUE : left == 0 ? Place.TRAILERS : Place.CHUNK;
        }
    }

    /** A number that is not negative; -1 for anything else. */
    private static long number(String text, int radix) {
        try {
            return Math.max(-1, Long.parseLong(text.strip(), radix));
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    /** Reads on in a line around the chunks of a body, and tells whether it is complete. */
    private boolean endsLine(ByteBuffer input) {
        int before = input.remaining();
        boolean complete = line.read(input);
        tally.add(
                body == Body.ACKNOWLEDGEMENT ? Purpose.ACKNOWLEDGEMENTS : Purpose.FRAMING, before - input.remaining());
        return complete;
    }
}
