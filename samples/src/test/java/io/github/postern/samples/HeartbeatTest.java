package io.github.postern.samples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.postern.samples.SampleProcess.Outcome;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class HeartbeatTest {
    private static final int INTERVAL = 400;
    private static final int TIMEOUT = 800;

    @Test
    void both_sides_notice_a_pulled_cable_by_a_ping_that_is_not_answered() throws Exception {
        var outcome = SampleProcess.run(
                "heartbeat", List.of(), "--interval", "" + INTERVAL, "--timeout", "" + TIMEOUT, "--after", "1500");
        assertEquals(0, outcome.exitCode(), outcome.toString());
        assertTrue(
                outcome.out().stream().anyMatch(line -> line.contains("server → client") && line.contains("PING")),
                outcome.toString());
        assertTrue(
                outcome.out().stream().anyMatch(line -> line.contains("client → server") && line.contains("PONG")),
                outcome.toString());
        assertNoticed(outcome, "server");
        assertNoticed(outcome, "client");
    }

    private static void assertNoticed(Outcome outcome, String side) {
        var noticed = outcome.line("the " + side + " has noticed");
        assertTrue(noticed.endsWith("lost 1006 by network: no answer to a ping for " + TIMEOUT + " ms"), noticed);
        var millis = Pattern.compile("noticed, (\\d+) ms after").matcher(noticed);
        assertTrue(millis.find(), noticed);
        // a ping may have been under way when the cable was pulled, and been sent a little before
        assertTrue(Integer.parseInt(millis.group(1)) > TIMEOUT / 2, noticed);
    }

    @Test
    void an_interval_out_of_range_is_a_sentence_and_exit_code_2() throws Exception {
        var outcome = SampleProcess.run("heartbeat", List.of(), "--interval", "1");
        assertEquals(2, outcome.exitCode());
        assertTrue(outcome.err().getFirst().contains("--interval must be between 100 and 60000, not 1"));
    }
}
