package io.github.postern.ws.core;

import static io.github.postern.ws.core.Wire.bytes;
import static io.github.postern.ws.core.Wire.frame;
import static io.github.postern.ws.core.Wire.hex;
import static io.github.postern.ws.core.Wire.utf8;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 6455 §5.5: what control frames carry. */
class ControlPayloadTest {
    @Test
    void a_close_frame_may_be_empty() {
        Received.frames("8800").gives("closed 1005 ");
    }

    @Test
    void rejects_a_close_frame_with_half_a_code() {
        Received.frames("8801 03").gives("failed 1002 close frame with half a code");
    }

    @Test
    void a_close_frame_carries_a_code_and_a_reason() {
        Received.frames("8802 03e8").gives("closed 1000 ");
        Received.frames(closeFrame(3000, utf8("再见"))).gives("closed 3000 再见");
        Received.frames(closeFrame(1000, new byte[123])).gives("closed 1000 " + "\0".repeat(123));
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            ints = {1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999})
    void accepts_codes_that_may_travel(int code) {
        Received.frames(closeFrame(code, new byte[0])).gives("closed " + code + " ");
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(ints = {0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 32768, 65535})
    void rejects_codes_that_may_not_travel(int code) {
        Received.frames(closeFrame(code, new byte[0])).gives("failed 1002 close frame with an illegal code: " + code);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"ff", "c3", "eda080", "61c0af"})
    void rejects_reasons_that_are_not_utf_8(String reason) {
        Received.frames(closeFrame(1000, bytes(reason))).gives("failed 1007 close reason is not UTF-8");
    }

    @Test
    void an_illegal_code_weighs_more_than_a_bad_reason() {
        Received.frames(closeFrame(1005, bytes("ff"))).gives("failed 1002 close frame with an illegal code: 1005");
    }

    @Test
    void payloads_of_all_sizes_may_follow_each_other() {
        var large = new byte[125];
        large[124] = 1;
        Received.frames(frame(0x89, large), frame(0x89, bytes("02")), frame(0x8A, large), frame(0x89, new byte[0]))
                .gives("ping " + hex(large), "ping 02", "pong " + hex(large), "ping ");
        Received.frames("8901 01", "8a01 02", hex(frame(0x89, large)), "8a01 03", "8901 04")
                .gives("ping 01", "pong 02", "ping " + hex(large), "pong 03", "ping 04");
    }

    private static byte[] closeFrame(int code, byte[] reason) {
        return frame(0x88, Wire.concat(List.of(new byte[] {(byte) (code >>> 8), (byte) code}, reason)));
    }
}
