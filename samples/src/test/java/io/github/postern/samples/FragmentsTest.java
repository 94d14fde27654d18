package io.github.postern.samples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class FragmentsTest {
    @Test
    void shows_a_message_in_three_frames_with_a_ping_between_them() throws Exception {
        var outcome = SampleProcess.run("fragments", List.of());
        assertEquals(0, outcome.exitCode(), outcome.toString());
        assertEquals(List.of(), outcome.err());
        var frames = outcome.out().stream()
                .filter(line -> line.startsWith("client → server"))
                .map(line -> line.replaceAll("(client → server) +|  [0-9a-f]{2}( [0-9a-f]{2})+|masked, ", "")
                        .strip())
                .toList();
        assertEquals(
                List.of(
                        "GET / HTTP/1.1",
                        first("81 85", "TEXT, fin, 5 bytes  \"hello\""),
                        first("01 86", "TEXT, 6 bytes  \"and a \""),
                        first("00 8a", "CONTINUATION, 10 bytes  \"happy new \""),
                        first("89 80", "PING, fin, 0 bytes"),
                        first("80 85", "CONTINUATION, fin, 5 bytes  \"year!\""),
                        first("88 82", "CLOSE, fin, 2 bytes  1000")),
                frames.stream()
                        .map(line -> line.replaceAll("^([0-9a-f]{2} [0-9a-f]{2})( [0-9a-f]{2}){4}", "$1"))
                        .toList());
        outcome.line("server received   one message: \"and a happy new year!\"");
        outcome.line("client received   one message: \"happy new year to you, too!\"");
    }

    private static String first(String header, String says) {
        return header + "  " + says;
    }
}
