package io.github.postern.push;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** WHATWG HTML §9.2.5 and §9.2.6, and what PROTOCOL.md §3 adds. */
class EventStreamParserTest {
    private static final int LIMIT = 1_000;

    @Test
    void reads_a_message_with_its_number() {
        expect("id:7\ndata:hello\n\n", message("7", "hello"));
    }

    @Test
    void reads_an_event_name() {
        expect("event:close\nid:8\ndata:code=1000\n\n", new StreamRecord("close", "8", "code=1000"));
    }

    @Test
    void joins_data_lines_with_line_feeds() {
        expect("data:a\ndata:\ndata:b\n\n", message(null, "a\n\nb"));
    }

    @Test
    void strips_one_leading_space_of_a_value() {
        expect("data: a\n\ndata:  b\n\n", message(null, "a"), message(null, " b"));
    }

    @Test
    void takes_a_line_without_colon_as_a_field_with_an_empty_value() {
        expect("data\n\n", message(null, ""));
    }

    @Test
    void keeps_colons_in_values() {
        expect("data:a:b: c\n\n", message(null, "a:b: c"));
    }

    @Test
    void accepts_every_line_end() {
        expect("data:a\r\n\r\ndata:b\r\rdata:c\n\n", message(null, "a"), message(null, "b"), message(null, "c"));
    }

    @Test
    void ignores_comments_and_unknown_fields() {
        expect(":\n\n: padding\nretry:3\ncolour:red\ndata:a\n\n", message(null, "a"));
    }

    @Test
    void skips_one_byte_order_mark_at_the_start() {
        expect("\uFEFFdata:a\n\n\uFEFFdata:b\n\ndata:c\n\n", message(null, "a"), message(null, "c"));
    }

    @Test
    void returns_a_record_that_only_sets_the_position() {
        expect("id:secret.0\n\n", new StreamRecord("", "secret.0", null));
    }

    @Test
    void ignores_an_id_that_contains_nul() {
        expect("id:a\0b\ndata:x\n\n", message(null, "x"));
    }

    @Test
    void keeps_nul_in_data() {
        expect("data:a\0b\n\n", message(null, "a\0b"));
    }

    @Test
    void reads_characters_of_two_to_four_bytes() {
        expect("data:é我😀\n\n", message(null, "é我😀"));
    }

    @Test
    void keeps_replacement_characters_that_were_sent() {
        expect("data:\uFFFD\n\n", message(null, "\uFFFD"));
    }

    @Test
    void fails_at_malformed_utf_8() {
        var parser = new EventStreamParser(LIMIT);
        assertNull(parser.next(ByteBuffer.wrap(new byte[] {'d', 'a', 't', 'a', ':', (byte) 0xC3, '\n', '\n'})));
        assertEquals("malformed UTF-8", parser.failure());
    }

    @Test
    void consumes_everything_after_a_failure() {
        var parser = new EventStreamParser(1);
        assertNull(parser.next(bytes("data:ab\n\n")));
        var more = bytes("data:a\n\n");
        assertNull(parser.next(more));
        assertFalse(more.hasRemaining());
    }

    @Test
    void limits_the_record() {
        for (int length : new int[] {LIMIT - 1, LIMIT, LIMIT + 1}) {
            var parser = new EventStreamParser(LIMIT);
            var half = "x".repeat(length / 2);
            var record = parser.next(bytes("data:" + half + "\ndata:" + "x".repeat(length - length / 2) + "\n\n"));
            assertEquals(length <= LIMIT, record != null, "length " + length);
        }
    }

    @Test
    void limits_a_line_that_does_not_end() {
        var parser = new EventStreamParser(LIMIT);
        assertNull(parser.next(bytes("x".repeat(LIMIT))));
        assertNull(parser.failure());
        assertNull(parser.next(bytes("x")));
        assertEquals("record longer than 1000 bytes", parser.failure());
    }

    @Test
    void tells_whether_a_record_is_unfinished() {
        var parser = new EventStreamParser(LIMIT);
        assertNull(parser.next(bytes(":comment\n")));
        assertFalse(parser.inRecord());
        assertNull(parser.next(bytes("da")));
        assertTrue(parser.inRecord());
        assertNull(parser.next(bytes("ta:x\n")));
        assertTrue(parser.inRecord());
        assertNotNull(parser.next(bytes("\n")));
        assertFalse(parser.inRecord());
    }

    private static StreamRecord message(@Nullable String id, String data) {
        return new StreamRecord("", id, data);
    }

    private static ByteBuffer bytes(String stream) {
        return ByteBuffer.wrap(stream.getBytes(StandardCharsets.UTF_8));
    }

    /** Whole, byte by byte, and at every split point; on and off the heap. */
    private static void expect(String stream, StreamRecord... records) {
        var expected = List.of(records);
        var utf8 = bytes(stream);
        assertEquals(expected, parse(utf8));
        assertEquals(
                expected,
                parse(ByteBuffer.allocateDirect(utf8.limit()).put(bytes(stream)).flip()));
        var single = new ArrayList<ByteBuffer>();
        for (int i = 0; i < utf8.limit(); i++) {
            single.add(utf8.slice(i, 1));
            assertEquals(expected, parse(utf8.slice(0, i), utf8.slice(i, utf8.limit() - i)), "split at " + i);
        }
        assertEquals(expected, parse(single.toArray(ByteBuffer[]::new)));
    }

    private static List<StreamRecord> parse(ByteBuffer... chunks) {
        var parser = new EventStreamParser(LIMIT);
        var found = new ArrayList<StreamRecord>();
        for (var chunk : chunks) {
            var input = chunk.duplicate();
            for (var r = parser.next(input); r != null; r = parser.next(input)) {
                found.add(r);
            }
            assertFalse(input.hasRemaining());
        }
        assertNull(parser.failure());
        return found;
    }
}
