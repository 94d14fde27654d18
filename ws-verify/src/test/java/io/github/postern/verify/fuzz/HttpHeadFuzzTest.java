package io.github.postern.verify.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.postern.ws.core.handshake.HandshakeRequest;
import io.github.postern.ws.core.handshake.HandshakeResponse;
import io.github.postern.ws.core.handshake.Head;
import io.github.postern.ws.core.handshake.HeadLimits;
import io.github.postern.ws.core.handshake.Headers;
import io.github.postern.ws.core.handshake.HttpHeadDecoder;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Whatever arrives as an HTTP head, and however, it is decoded alike, within the limits, and can be written again. */
class HttpHeadFuzzTest {
    private static final HeadLimits[] LIMITS = {
        HeadLimits.defaults(), new HeadLimits(40, 200, 4), new HeadLimits(1, 1, 0), new HeadLimits(300, 90, 100),
    };

    /** A value gains a space when it is written, so what was just within the limits may be over them then. */
    private static final HeadLimits AMPLE = new HeadLimits(1 << 20, 1 << 20, 10_000);

    private static final Set<Integer> FAULTS = Set.of(400, 414, 431, 505);

    /** Input: request or response, limits, seed of the cuts, then the head. */
    @FuzzTest
    void whatever_arrives_is_decoded_alike(byte[] input) {
        var choices = new Choices(input);
        var request = choices.yes();
        var limits = choices.of(LIMITS);
        var deliveries = Delivery.all(choices.below(256));
        var bytes = choices.rest();
        var expected = decode(request, limits, bytes, deliveries.getFirst());
        for (var delivery : deliveries.subList(1, deliveries.size())) {
            assertEquals(expected, decode(request, limits, bytes, delivery), delivery::toString);
        }
        examine(expected, limits, bytes);
    }

    /** What became of the bytes, and how many of them were taken. */
    private record Outcome(@Nullable Head head, int taken) {}

    private static Outcome decode(boolean request, HeadLimits limits, byte[] bytes, Delivery delivery) {
        var decoder = request ? HttpHeadDecoder.forRequest(limits) : HttpHeadDecoder.forResponse(limits);
        var taken = 0;
        for (var piece : delivery.pieces(bytes)) {
            var offered = piece.remaining();
            var head = decoder.next(piece);
            taken += offered - piece.remaining();
            if (head != null) {
                assertThrows(IllegalStateException.class, () -> decoder.next(piece));
                return new Outcome(head, taken);
            }
            assertFalse(piece.hasRemaining(), "input is left");
        }
        return new Outcome(null, taken);
    }

    private static void examine(Outcome outcome, HeadLimits limits, byte[] bytes) {
        var head = outcome.head();
        if (head instanceof Head.Malformed malformed) {
            assertTrue(outcome.taken() <= limits.maxSize() + 1, "looked at more than the limit");
            malformed(malformed);
            return;
        }
        assertTrue(outcome.taken() <= limits.maxSize(), "longer than the limit");
        if (head instanceof Head.Request(HandshakeRequest request)) {
            accepted(request.headers(), limits, Arrays.copyOf(bytes, outcome.taken()));
            request(request);
        } else if (head instanceof Head.Response(HandshakeResponse response)) {
            accepted(response.headers(), limits, Arrays.copyOf(bytes, outcome.taken()));
            response(response);
        }
    }

    private static void malformed(Head.Malformed malformed) {
        assertTrue(FAULTS.contains(malformed.status()), () -> "status " + malformed.status());
        assertTrue(malformed.detail().chars().allMatch(c -> c >= ' ' && c < 0x7F), "detail is not printable");
        assertEquals(malformed.status(), decoded(malformed.response()).status());
    }

    /** A head is lines that each end in CRLF, the last of them empty; there is one for each header field. */
    private static void accepted(Headers headers, HeadLimits limits, byte[] head) {
        var lines = new String(head, ISO_8859_1).split("\r\n", -1);
        assertEquals(headers.entries().size() + 3, lines.length);
        assertEquals("", lines[lines.length - 1]);
        assertEquals("", lines[lines.length - 2]);
        assertTrue(headers.entries().size() <= limits.maxHeaders(), "more fields than the limit");
        for (var line : lines) {
            assertTrue(line.length() <= limits.maxLine(), "line longer than the limit");
            assertTrue(line.indexOf('\r') < 0 && line.indexOf('\n') < 0, "a bare CR or LF was accepted");
        }
    }

    private static void request(HandshakeRequest request) {
        assertEquals(1, request.headers().all("Host").size());
        assertTrue(request.host().isPresent());
        var path = request.path();
        assertFalse((path + '/').contains("/../") || (path + '/').contains("/./"), "a path with dot segments");
        assertTrue(path.chars().noneMatch(c -> c < ' ' || c == 0x7F || c == '\\'), "a path with control characters");
        var again = HttpHeadDecoder.forRequest(AMPLE).next(ByteBuffer.wrap(request.encode()));
        assertEquals(new Head.Request(request), again);
    }

    private static void response(HandshakeResponse response) {
        var again = decoded(response);
        assertEquals(response.status(), again.status());
        assertEquals(withoutFraming(response), withoutFraming(again));
        if (response.status() < 200) {
            assertEquals(response, again);
        }
    }

    private static HandshakeResponse decoded(HandshakeResponse response) {
        var head = HttpHeadDecoder.forResponse(AMPLE).next(ByteBuffer.wrap(response.encode()));
        if (head instanceof Head.Response(HandshakeResponse decoded)) {
            return decoded;
        }
        throw new AssertionError("what was written cannot be read: " + head);
    }

    /** The fields that are derived anew whenever a final response is written. */
    private static Headers withoutFraming(HandshakeResponse response) {
        return response.headers()
                .without("Connection")
                .without("Content-Length")
                .without("Transfer-Encoding");
    }
}
