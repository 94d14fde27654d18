package io.github.postern.samples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The frames of RFC 6455 §5.7 and others, whole and cut at every position. */
class FrameTraceTest {
    private static final String HEAD = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n";

    private final List<String> heads = new ArrayList<>();
    private final List<Frame> frames = new ArrayList<>();
    private final FrameTrace trace = new FrameTrace(heads::add, frames::add);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "81 05 48 65 6c 6c 6f | 81 05  TEXT, fin, 5 bytes  \"Hello\"",
                "81 85 37 fa 21 3d 7f 9f 4d 51 58 | 81 85 37 fa 21 3d  TEXT, fin, masked, 5 bytes  \"Hello\"",
                "01 03 48 65 6c | 01 03  TEXT, 3 bytes  \"Hel\"",
                "80 02 6c 6f | 80 02  CONTINUATION, fin, 2 bytes  \"lo\"",
                "82 02 00 ff | 82 02  BINARY, fin, 2 bytes  00 ff",
                "89 00 | 89 00  PING, fin, 0 bytes",
                "8a 80 37 fa 21 3d | 8a 80 37 fa 21 3d  PONG, fin, masked, 0 bytes",
                "88 05 03 e9 62 79 65 | 88 05  CLOSE, fin, 5 bytes  1001 \"bye\"",
                "88 02 03 e8 | 88 02  CLOSE, fin, 2 bytes  1000",
                "c1 02 f2 48 | c1 02  TEXT, fin, rsv1, 2 bytes  f2 48",
                "83 01 41 | 83 01  opcode 3, fin, 1 bytes  \"A\"",
                "81 01 ff | 81 01  TEXT, fin, 1 bytes  ff",
                "81 03 1b 5b 4a | 81 03  TEXT, fin, 3 bytes  \"\\u001b[J\"",
            })
    void each_frame_is_a_line_that_says_what_it_is(String hex, String line) {
        trace.pass(ascii(HEAD));
        trace.pass(bytes(hex));
        assertEquals(List.of(line), frames.stream().map(Frame::toString).toList());
    }

    @Test
    void bytes_may_be_cut_anywhere() {
        var all = ascii(HEAD + "\u0081\u0002Hi\u0001\u0083\u0000\u0000\u0000\u0000abc\u0080\u0000");
        for (int cut = 0; cut <= all.limit(); cut++) {
            frames.clear();
            heads.clear();
            var another = new FrameTrace(heads::add, frames::add);
            another.pass(all.duplicate().limit(cut));
            another.pass(all.duplicate().position(cut));
            assertEquals(List.of("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket"), heads);
            assertEquals(
                    List.of("TEXT", "TEXT", "CONTINUATION"),
                    frames.stream().map(Frame::name).toList());
        }
    }

    @ParameterizedTest
    @CsvSource({"125, 2", "126, 4", "65535, 4", "65536, 10"})
    void every_form_of_the_length_is_read(int length, int headerSize) {
        trace.pass(ascii(HEAD));
        var frame = ByteBuffer.allocate(headerSize + length);
        frame.put((byte) 0x82);
        switch (headerSize) {
            case 2 -> frame.put((byte) length);
            case 4 -> frame.put((byte) 126).putShort((short) length);
            default -> frame.put((byte) 127).putLong(length);
        }
        trace.pass(frame.rewind());
        trace.pass(bytes("89 00"));
        assertEquals(length, frames.getFirst().length());
        assertEquals("PING", frames.getLast().name());
    }

    @Test
    void of_a_long_payload_the_beginning_is_shown() {
        trace.pass(ascii(HEAD));
        trace.pass(ascii("\u0081~\u0000\u00c8" + "x".repeat(200)));
        var line = frames.getFirst().toString();
        assertTrue(line.endsWith(String.format(Locale.ROOT, "200 bytes  \"%s\"…", "x".repeat(64))), line);
    }

    @Test
    void an_interim_response_is_a_head_of_its_own() {
        trace.pass(ascii("HTTP/1.1 103 Early Hints\r\n\r\n" + HEAD));
        trace.pass(bytes("89 00"));
        assertEquals(2, heads.size());
        assertEquals(1, frames.size());
    }

    private static ByteBuffer ascii(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static ByteBuffer bytes(String hex) {
        return ByteBuffer.wrap(HexFormat.ofDelimiter(" ").parseHex(hex));
    }
}
