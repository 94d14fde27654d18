package io.github.postern.samples.compare;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the bytes of a connection are for. Each is fed at once and byte by byte, which must make no difference. */
class ConnectionBytesTest {
    private static final String POLL = "GET /push HTTP/1.1~Host: x~Last-Event-ID: 12~~";
    private static final String POSITION = "Last-Event-ID: 12~";
    private static final String ANSWER =
            "HTTP/1.1 200 OK~Content-Type: text/event-stream;charset=utf-8~Transfer-Encoding: chunked~~";
    private static final String HANDSHAKE =
            "GET /push HTTP/1.1~Host: x~Connection: Upgrade~Upgrade: websocket~Sec-WebSocket-Key: a~~";
    private static final String SWITCHING = "HTTP/1.1 101 Switching Protocols~Upgrade: websocket~~";

    /** One connection, and what it has carried. */
    private static final class Wire {
        private final Tally up = new Tally();
        private final Tally down = new Tally();
        private final AtomicInteger requests = new AtomicInteger();
        private final ConnectionBytes bytes = new ConnectionBytes(up, down, requests::incrementAndGet);
        private final int step;

        Wire(int step) {
            this.step = step;
        }

        Wire up(byte[] data) {
            for (int i = 0; i < data.length; i += step) {
                bytes.up(ByteBuffer.wrap(data, i, Math.min(step, data.length - i)));
            }
            return this;
        }

        Wire down(byte[] data) {
            for (int i = 0; i < data.length; i += step) {
                bytes.down(ByteBuffer.wrap(data, i, Math.min(step, data.length - i)));
            }
            return this;
        }

        Wire up(String data) {
            return up(bytes(data));
        }

        Wire down(String data) {
            return down(bytes(data));
        }
    }

    private static byte[] bytes(String text) {
        return text.replace("~", "\r\n").getBytes(ISO_8859_1);
    }

    private static int length(String text) {
        return bytes(text).length;
    }

    /** A frame with a payload shorter than 126 bytes. */
    private static byte[] frame(int opcode, boolean masked, String payload) {
        var out = new ByteArrayOutputStream();
        out.write(0x80 | opcode);
        out.write((masked ? 0x80 : 0) | payload.length());
        var mask = new byte[] {0x12, 0x34, 0x56, 0x78};
        if (masked) {
            out.writeBytes(mask);
        }
        for (int i = 0; i < payload.length(); i++) {
            out.write(payload.charAt(i) ^ (masked ? mask[i % 4] : 0));
        }
        return out.toByteArray();
    }

    @ParameterizedTest(name = "{1} in {0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "'GET / HTTP/1.1~Host: x~~' | 1",
                "'GET / HTTP/1.1~Host: x' | 0",
                "'GET / HTTP/1.1~Host: x~~GET / HTTP/1.1~Host: x~~' | 2",
                "'POST / HTTP/1.1~Host: x~Content-Length: 6~~GET ~GET / HTTP/1.1~Host: x~~' | 2",
                "'POST / HTTP/1.1~Host: x~Content-Length: 0~~GET / HTTP/1.1~Host: x~~' | 2",
                "'POST / HTTP/1.1~Host: x~Transfer-Encoding: chunked~~a~GET / HTTP~0~~GET / HTTP/1.1~Host: x~~' | 2",
                "'POST / HTTP/1.1~Host: x~Transfer-Encoding: chunked~~1;a=b~x~01~y~0~Trailer: 1~~GET / HTTP/1.1~Host: x~~' | 2",
                "'not HTTP~~GET / HTTP/1.1~Host: x~~' | 0",
            })
    void requests_are_counted(String text, int requests) {
        for (int step : new int[] {1, Integer.MAX_VALUE}) {
            var wire = new Wire(step == 1 ? 1 : length(text)).up(text);
            assertEquals(requests, wire.requests.get());
            assertEquals(length(text), wire.up.split().total());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 10_000})
    void a_poll_is_headers_but_for_the_position_that_it_acknowledges(int step) {
        var wire = new Wire(step).up(POLL);
        assertEquals(new Split(0, 0, length(POLL) - length(POSITION), length(POSITION)), wire.up.split());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 10_000})
    void a_message_in_an_event_stream_is_payload_and_what_is_around_it_framing(int step) {
        var chunk = "9~data:12\n\n~"; // six bytes are the chunk's, seven the event's
        var wire = new Wire(step).up(POLL).down(ANSWER + chunk);
        assertEquals(new Split(2, 13 - 1, length(ANSWER), 0), wire.down.split());
    }

    @Test
    void a_line_break_inside_a_message_is_payload() {
        var wire = new Wire(1).up(POLL).down(ANSWER + "12~data:ab\ndata: cd\n\n~");
        assertEquals(5, wire.down.split().payload());
    }

    @Test
    void a_message_in_base64_counts_as_the_bytes_that_it_stands_for() {
        var wire = new Wire(1).up(POLL).down(ANSWER + "1c~event:binary\ndata:AAECAwQF\n\n~");
        assertEquals(6, wire.down.split().payload());
    }

    @Test
    void records_of_the_protocol_and_comments_are_framing() {
        var records = "30~event:attached\nid:0\ndata:public=abc&epoch=1\n\n:\n\n~";
        var wire = new Wire(1).up(POLL).down(ANSWER + records);
        assertEquals(new Split(0, length(records), length(ANSWER), 0), wire.down.split());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 10_000})
    void a_post_without_a_message_and_its_answer_are_an_acknowledgement(int step) {
        var post = "POST /push HTTP/1.1~Host: x~Last-Event-ID: 12~Content-Length: 0~~";
        var answer = "HTTP/1.1 204 No Content~Postern-Received: 0~~";
        var wire = new Wire(step).up(post).down(answer).up(POLL);
        assertEquals(length(post) + length(POSITION), wire.up.split().acknowledgements());
        assertEquals(new Split(0, 0, 0, length(answer)), wire.down.split());
    }

    @Test
    void the_response_behind_an_acknowledgement_is_looked_at_again() {
        var answer = "HTTP/1.1 204 No Content~~";
        var wire = new Wire(1)
                .up("POST /push HTTP/1.1~Host: x~~" + POLL)
                .down(answer + ANSWER)
                .down("9~data:12\n\n~");
        assertEquals(new Split(2, 12, length(ANSWER), length(answer)), wire.down.split());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 10_000})
    void a_text_frame_is_payload_behind_its_header(int step) {
        var wire = new Wire(step)
                .up(HANDSHAKE)
                .down(SWITCHING)
                .down(frame(1, false, "hello"))
                .up(frame(1, true, "hi"));
        assertEquals(new Split(5, 2, length(SWITCHING), 0), wire.down.split());
        assertEquals(new Split(2, 6, length(HANDSHAKE), 0), wire.up.split());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 10_000})
    void the_record_ack_of_a_web_socket_is_an_acknowledgement_with_its_frame(int step) {
        var ack = frame(2, true, "\0event:ack\nid:6\n\n");
        var attach = frame(2, true, "\0event:attach\nid:4\ndata:epoch=3\n\n");
        var wire = new Wire(step).up(HANDSHAKE).down(SWITCHING).up(ack).up(attach);
        assertEquals(new Split(0, attach.length, length(HANDSHAKE), ack.length), wire.up.split());
    }

    @Test
    void a_binary_message_is_payload_behind_the_byte_that_tells_so() {
        var wire = new Wire(1).up(HANDSHAKE).down(SWITCHING).down(frame(2, false, "\1abc"));
        assertEquals(new Split(3, 3, length(SWITCHING), 0), wire.down.split());
    }

    @Test
    void a_long_message_has_a_longer_header() {
        var message = new byte[4 + 300];
        message[0] = (byte) 0x81;
        message[1] = 126;
        message[2] = 1;
        message[3] = 44;
        var wire = new Wire(5).up(HANDSHAKE).down(SWITCHING).down(message).down(frame(9, false, ""));
        assertEquals(new Split(300, 6, length(SWITCHING), 0), wire.down.split());
    }

    @Test
    void behind_a_refused_handshake_goes_http_on() {
        var wire = new Wire(1)
                .up(HANDSHAKE)
                .down("HTTP/1.1 403 Forbidden~Content-Length: 0~~")
                .up(POLL)
                .down(ANSWER + "9~data:12\n\n~");
        assertEquals(2, wire.requests.get());
        assertEquals(2, wire.down.split().payload());
    }

    @Test
    void what_is_not_http_is_framing() {
        var wire = new Wire(1).down("HTTP/1.1 200 OK~Transfer-Encoding: chunked~~zz~data");
        assertEquals(length("zz~data"), wire.down.split().framing());
    }
}
