package io.github.postern.ws.core.handshake;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/** Decodes the same bytes whole, byte by byte and split at every position, and demands one outcome. */
final class Portions {
    /** Beyond this length only every 97th position is tried, which keeps the work in bounds. */
    private static final int EVERY_POSITION = 2000;

    private Portions() {}

    /**
     * What became of the bytes.
     *
     * @param head the head, or null if it is not complete
     * @param consumed how many bytes were consumed
     */
    record Outcome(@Nullable Head head, int consumed) {}

    static HandshakeRequest request(String head) {
        var outcome = decode(true, HeadLimits.defaults(), head);
        assertEquals(head.length(), outcome.consumed());
        return assertInstanceOf(Head.Request.class, outcome.head(), head).request();
    }

    static HandshakeResponse response(String head) {
        var outcome = decode(false, HeadLimits.defaults(), head);
        assertEquals(head.length(), outcome.consumed());
        return assertInstanceOf(Head.Response.class, outcome.head(), head).response();
    }

    static Head.Malformed malformedRequest(String head) {
        return assertInstanceOf(
                Head.Malformed.class, decode(true, HeadLimits.defaults(), head).head(), head);
    }

    static Head.Malformed malformedResponse(String head) {
        return assertInstanceOf(
                Head.Malformed.class, decode(false, HeadLimits.defaults(), head).head(), head);
    }

    static Outcome decode(boolean request, HeadLimits limits, String text) {
        return decode(request, limits, text.getBytes(ISO_8859_1));
    }

    static Outcome decode(boolean request, HeadLimits limits, byte[] bytes) {
        Outcome whole = decode(request, limits, bytes, at -> bytes.length);
        assertEquals(whole, decode(request, limits, bytes, at -> at + 1), "byte by byte");
        int step = bytes.length > EVERY_POSITION ? 97 : 1;
        for (int split = 0; split < bytes.length; split += step) {
            int position = split;
            assertEquals(
                    whole,
                    decode(request, limits, bytes, at -> at < position ? position : bytes.length),
                    () -> "split at " + position);
        }
        return whole;
    }

    /** Decodes in portions; the operator gives the end of the portion that begins at its argument. */
    static Outcome decode(boolean request, HeadLimits limits, byte[] bytes, IntUnaryOperator portionEnd) {
        var decoder = request ? HttpHeadDecoder.forRequest(limits) : HttpHeadDecoder.forResponse(limits);
        int at = 0;
        while (at < bytes.length) {
            int end = Math.min(bytes.length, portionEnd.applyAsInt(at));
            var input = ByteBuffer.wrap(bytes, at, end - at).slice();
            Head head = decoder.next(input);
            at = end - input.remaining();
            if (head != null) {
                assertThrows(IllegalStateException.class, () -> decoder.next(input));
                return new Outcome(head, at);
            }
            assertEquals(end, at, "all of an incomplete head is consumed");
        }
        return new Outcome(null, at);
    }
}
