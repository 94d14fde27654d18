package io.github.postern.ws.core.handshake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The limits of a head, each at n-1, n and n+1, and that they take effect at the first byte too many. */
class HttpHeadLimitsTest {
    private static final HeadLimits WIDE = new HeadLimits(1 << 20, 1 << 20, 1 << 20);
    private static final String END = "\r\nHost: h\r\n\r\n";

    @Test
    void defaults_are_8_kib_32_kib_and_100() {
        assertEquals(new HeadLimits(8192, 32768, 100), HeadLimits.defaults());
    }

    @Test
    void withers_change_one_limit() {
        assertEquals(new HeadLimits(1, 32768, 100), HeadLimits.defaults().withMaxLine(1));
        assertEquals(new HeadLimits(8192, 1, 100), HeadLimits.defaults().withMaxSize(1));
        assertEquals(new HeadLimits(8192, 32768, 0), HeadLimits.defaults().withMaxHeaders(0));
    }

    @Test
    void limits_below_their_range_are_the_callers_fault() {
        assertThrows(IllegalArgumentException.class, () -> HeadLimits.defaults().withMaxLine(0));
        assertThrows(IllegalArgumentException.class, () -> HeadLimits.defaults().withMaxSize(0));
        var thrown = assertThrows(
                IllegalArgumentException.class, () -> HeadLimits.defaults().withMaxHeaders(-1));
        assertEquals("maxHeaders less than 0: -1", thrown.getMessage());
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(ints = {14, 100, 127, 128, 129, 255, 256, 257, 8192})
    void request_line_over_the_limit_is_414(int limit) {
        HeadLimits limits = WIDE.withMaxLine(limit);
        for (int length = limit - 1; length <= limit + 1; length++) {
            if (length >= 14) { // GET / HTTP/1.1
                var outcome = Portions.decode(true, limits, requestLine(length) + END);
                if (length > limit) {
                    assertEquals(new Head.Malformed(414, "start line longer than " + limit + " bytes"), outcome.head());
                    assertEquals(limit + 1, outcome.consumed());
                } else {
                    assertInstanceOf(Head.Request.class, outcome.head());
                }
            }
        }
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(ints = {20, 127, 128, 129, 256, 8192})
    void header_line_over_the_limit_is_431(int limit) {
        String start = "GET / HTTP/1.1\r\nHost: h\r\n";
        for (int length = limit - 1; length <= limit + 1; length++) {
            String line = "A: " + "v".repeat(length - 3);
            var outcome = Portions.decode(true, WIDE.withMaxLine(limit), start + line + "\r\n\r\n");
            if (length > limit) {
                assertEquals(new Head.Malformed(431, "header line longer than " + limit + " bytes"), outcome.head());
                assertEquals(start.length() + limit + 1, outcome.consumed());
            } else {
                assertInstanceOf(Head.Request.class, outcome.head());
            }
        }
    }

    @Test
    void status_line_over_the_limit_is_malformed() {
        for (int length = 99; length <= 101; length++) {
            String line = "HTTP/1.1 200 " + "x".repeat(length - 13);
            var head = Portions.decode(false, WIDE.withMaxLine(100), line + "\r\n\r\n")
                    .head();
            if (length > 100) {
                assertEquals(new Head.Malformed(414, "start line longer than 100 bytes"), head);
            } else {
                assertInstanceOf(Head.Response.class, head);
            }
        }
    }

    @Test
    void white_space_counts_towards_the_line() {
        String start = "GET / HTTP/1.1\r\nHost: h\r\nA:";
        for (int length = 99; length <= 101; length++) {
            String head = start + " ".repeat(length - 2) + "\r\n\r\n";
            var expected = length > 100 ? Head.Malformed.class : Head.Request.class;
            assertInstanceOf(
                    expected, Portions.decode(true, WIDE.withMaxLine(100), head).head());
        }
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(ints = {100, 1000, 32768})
    void head_over_the_limit_is_431(int limit) {
        for (int length = limit - 1; length <= limit + 1; length++) {
            String start = "GET / HTTP/1.1\r\nHost: h\r\nA: ";
            String head = start + "v".repeat(length - start.length() - 4) + "\r\n\r\n";
            var outcome = Portions.decode(true, WIDE.withMaxSize(limit), head);
            if (length > limit) {
                assertEquals(new Head.Malformed(431, "head longer than " + limit + " bytes"), outcome.head());
                assertEquals(limit + 1, outcome.consumed());
            } else {
                assertInstanceOf(Head.Request.class, outcome.head());
            }
        }
    }

    @Test
    void head_over_the_limit_in_its_start_line_is_414() {
        var expected = new Head.Malformed(414, "head longer than 10 bytes");
        assertEquals(
                expected,
                Portions.decode(true, WIDE.withMaxSize(10), "GET / HTTP/1.1" + END)
                        .head());
        expected = new Head.Malformed(414, "head longer than 15 bytes");
        assertEquals(
                expected,
                Portions.decode(true, WIDE.withMaxSize(15), "GET / HTTP/1.1" + END)
                        .head());
        expected = new Head.Malformed(431, "head longer than 16 bytes");
        assertEquals(
                expected,
                Portions.decode(true, WIDE.withMaxSize(16), "GET / HTTP/1.1" + END)
                        .head());
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(ints = {1, 2, 100})
    void more_header_fields_than_the_limit_are_431(int limit) {
        for (int count = Math.max(1, limit - 1); count <= limit + 1; count++) {
            String head = "GET / HTTP/1.1\r\nHost: h\r\n" + "A: b\r\n".repeat(count - 1) + "\r\n";
            var outcome = Portions.decode(true, WIDE.withMaxHeaders(limit), head);
            if (count > limit) {
                assertEquals(new Head.Malformed(431, "more than " + limit + " header fields"), outcome.head());
                assertEquals(head.length() - 2 - 5, outcome.consumed(), "refused at the first byte of the field");
            } else {
                assertInstanceOf(Head.Request.class, outcome.head());
            }
        }
    }

    @Test
    void a_limit_of_no_header_fields_is_possible() {
        assertInstanceOf(
                Head.Response.class,
                Portions.decode(false, WIDE.withMaxHeaders(0), "HTTP/1.1 200 OK\r\n\r\n")
                        .head());
        assertInstanceOf(
                Head.Malformed.class,
                Portions.decode(false, WIDE.withMaxHeaders(0), "HTTP/1.1 200 OK\r\nA: b\r\n\r\n")
                        .head());
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {"", "GET ", "GET /", "GET / HTTP/1.1\r\n", "GET / HTTP/1.1\r\nA:", "GET / HTTP/1.1\r\nA: b\r\n"})
    void a_line_without_end_is_refused_as_soon_as_it_is_too_long(String start) {
        int lineStart = start.lastIndexOf('\n') + 1;
        String endless = start + "x".repeat(10_000);
        var outcome = Portions.decode(true, HeadLimits.defaults(), endless);
        assertEquals(
                lineStart == 0 ? 414 : 431,
                assertInstanceOf(Head.Malformed.class, outcome.head()).status());
        assertEquals(lineStart + 8192 + 1, outcome.consumed());
        String within = endless.substring(0, lineStart + 8192);
        assertNull(Portions.decode(true, HeadLimits.defaults(), within).head());
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {"METHOD_THAT_IS_LONG ", "GET /a/long/target/0 ", "GET / HTTP/1.1\r\nName-of-20-characters:"})
    void a_separator_counts_towards_the_line(String upToSeparator) {
        int lineStart = upToSeparator.lastIndexOf('\n') + 1;
        int limit = upToSeparator.length() - lineStart - 1;
        var outcome = Portions.decode(true, WIDE.withMaxLine(limit), upToSeparator + "more");
        assertEquals(
                lineStart == 0 ? 414 : 431,
                assertInstanceOf(Head.Malformed.class, outcome.head()).status());
        assertEquals(upToSeparator.length(), outcome.consumed());
    }

    @Test
    void endless_small_header_fields_are_refused_at_the_101st() {
        String head = "GET / HTTP/1.1\r\n" + "A:\r\n".repeat(10_000);
        var outcome = Portions.decode(true, HeadLimits.defaults(), head);
        assertEquals(new Head.Malformed(431, "more than 100 header fields"), outcome.head());
        assertEquals(16 + 4 * 100 + 1, outcome.consumed());
    }

    private static String requestLine(int length) {
        return "GET /" + "a".repeat(length - 14) + " HTTP/1.1";
    }
}
