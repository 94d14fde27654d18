package io.github.postern.push;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.github.postern.ws.connection.Message;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** PROTOCOL.md §8: what the first byte of a binary frame says. */
class ControlFrameTest {
    @Test
    void text_is_a_message_as_it_is() {
        var text = new Message.Text("event:close");
        assertEquals(new ControlFrame.Payload(text), ControlFrame.read(text));
    }

    @Test
    void a_binary_message_costs_one_byte() {
        var data = ByteBuffer.wrap(new byte[] {0, 1, 2});
        var frame = ControlFrame.binary(data);
        assertEquals(ByteBuffer.wrap(new byte[] {1, 0, 1, 2}), frame);
        assertEquals(new ControlFrame.Payload(new Message.Binary(data)), ControlFrame.read(new Message.Binary(frame)));
    }

    @Test
    void an_empty_binary_message_is_one_byte() {
        var frame = ControlFrame.binary(ByteBuffer.allocate(0));
        assertEquals(
                new ControlFrame.Payload(new Message.Binary(ByteBuffer.allocate(0))),
                ControlFrame.read(new Message.Binary(frame)));
    }

    @Test
    void reads_a_control_record() {
        var frame = ControlFrame.control(StreamRecord.ACK, 17, null);
        assertEquals(
                new ControlFrame.Control(new StreamRecord("ack", "17", null)),
                ControlFrame.read(new Message.Binary(frame)));
    }

    @Test
    void the_final_empty_line_may_be_missing() {
        for (var record : new String[] {"event:ack\nid:17", "event:ack\nid:17\n", "event:ack\r\nid:17\r\n\r\n"}) {
            assertEquals(
                    new ControlFrame.Control(new StreamRecord("ack", "17", null)), ControlFrame.read(control(record)));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "n=1", " led by a space", "  by two", "a\n b\n", "\u00e4"})
    void a_pong_has_the_data_of_the_ping_unchanged(String data) {
        assertEquals(
                new ControlFrame.Control(new StreamRecord("pong", null, data)),
                ControlFrame.read(new Message.Binary(ControlFrame.pong(data))));
    }

    @Test
    void the_type_byte_alone_is_a_heartbeat() {
        assertEquals(new ControlFrame.Heartbeat(), ControlFrame.read(new Message.Binary(ControlFrame.heartbeat())));
    }

    @Test
    void everything_else_is_malformed() {
        assertInstanceOf(ControlFrame.Malformed.class, ControlFrame.read(binary()));
        assertInstanceOf(ControlFrame.Malformed.class, ControlFrame.read(binary((byte) 2, (byte) 'x')));
        assertInstanceOf(ControlFrame.Malformed.class, ControlFrame.read(control("\n")));
        assertInstanceOf(ControlFrame.Malformed.class, ControlFrame.read(control(":comment\n\n")));
        assertInstanceOf(ControlFrame.Malformed.class, ControlFrame.read(control("event:ack\n\nevent:ack\n\n")));
        assertInstanceOf(ControlFrame.Malformed.class, ControlFrame.read(binary((byte) 0, (byte) 'i', (byte) 0xFF)));
    }

    private static Message binary(byte... bytes) {
        return new Message.Binary(ByteBuffer.wrap(bytes));
    }

    private static Message control(String record) {
        return new Message.Binary(ByteBuffer.wrap(("\0" + record).getBytes(StandardCharsets.UTF_8)));
    }
}
