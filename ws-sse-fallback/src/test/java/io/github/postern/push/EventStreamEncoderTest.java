package io.github.postern.push;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.postern.ws.connection.Message;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** PROTOCOL.md §3: one format, which the parser reads back unchanged. */
class EventStreamEncoderTest {
    @ParameterizedTest(name = "[{index}]")
    @ValueSource(
            strings = {
                "",
                "a",
                " a",
                "  a",
                "\n",
                "a\n",
                "\na",
                "a\n b\n\nc",
                "\r",
                "a\rb",
                "a\r\nb",
                "a:b",
                ":a",
                "\0",
                "\uFEFF",
                "é我😀",
                "data:x",
                "\n\n\n",
                " \n "
            })
    void every_text_arrives_unchanged(String text) {
        var encoder = new EventStreamEncoder();
        encoder.message(entry(42, new Message.Text(text)));
        var parser = new EventStreamParser(1_000);
        var record = parser.next(encoder.contents());
        assertNotNull(record);
        assertEquals(42, record.number());
        assertEquals(new Message.Text(text), record.message());
    }

    @Test
    void binary_arrives_unchanged_and_is_not_consumed() {
        var data =
                ByteBuffer.wrap(new byte[] {9, 0, 1, 2, (byte) 0xFF, 9}, 1, 4).slice();
        var encoder = new EventStreamEncoder();
        encoder.message(entry(1, new Message.Binary(data)));
        assertEquals("id:1\nevent:binary\ndata:AAEC/w==\n\n", text(encoder));
        assertEquals(4, data.remaining());
        var record = new EventStreamParser(1_000).next(encoder.contents());
        assertNotNull(record);
        assertEquals(new Message.Binary(data), record.message());
    }

    @Test
    void a_text_costs_seven_bytes_behind_another_however_high_its_number() {
        var message = new Message.Text("{\"price\":41.50}");
        var encoder = new EventStreamEncoder();
        encoder.message(entry(Numbers.MAX - 1, message));
        int first = encoder.length();
        encoder.next(entry(Numbers.MAX, message));
        assertEquals("id:9007199254740990\ndata:{\"price\":41.50}\n\ndata:{\"price\":41.50}\n\n", text(encoder));
        assertEquals(15 + 7, encoder.length() - first);
    }

    @Test
    void a_bare_client_gets_line_ends_as_lines_and_the_secret_in_its_ids() {
        var encoder = EventStreamEncoder.bare("S3");
        encoder.position(0);
        encoder.message(entry(1, new Message.Text("a\r\nb\rc\nd")));
        assertEquals("id:S3.0\n\nid:S3.1\ndata:a\ndata:b\ndata:c\ndata:d\n\n", text(encoder));
    }

    @Test
    void writes_control_records_heartbeats_and_padding() {
        var encoder = new EventStreamEncoder();
        encoder.padding(5);
        encoder.control(
                StreamRecord.CLOSE, 3, new Parameters().with("code", 1000).with("reason", "good bye"));
        encoder.control(StreamRecord.DETACH, null);
        encoder.heartbeat();
        assertEquals(":   \nevent:close\nid:3\ndata:code=1000&reason=good+bye\n\nevent:detach\n\n:\n", text(encoder));
    }

    @Test
    void writes_the_largest_number() {
        var encoder = new EventStreamEncoder();
        encoder.position(Numbers.MAX);
        assertEquals("id:9007199254740991\n\n", text(encoder));
    }

    @Test
    void starts_anew_after_clear() {
        var encoder = new EventStreamEncoder();
        encoder.message(new Message.Text("x".repeat(10_000)));
        encoder.clear();
        assertTrue(encoder.isEmpty());
        encoder.message(new Message.Text("y"));
        assertEquals("data:y\n\n", text(encoder));
    }

    private static ReplayLog.Entry entry(long number, Message message) {
        return new ReplayLog.Entry(number, new SingleMessage(message, MessageSize.of(message)));
    }

    private static String text(EventStreamEncoder encoder) {
        return StandardCharsets.UTF_8.decode(encoder.contents()).toString();
    }
}
