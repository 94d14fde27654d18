package io.github.postern.samples.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class TableTest {
    private final List<String> lines = Table.of(
                    List.of(Measurements.ofPolling(), Measurements.ofNothing()), Measurements.SETTINGS)
            .lines()
            .toList();

    @Test
    void each_transport_is_a_line_under_two_of_headings() {
        assertEquals(
                "                                   latency in milliseconds  bytes per message  requests/  server CPU",
                lines.get(0));
        assertEquals(
                "transport     delivered   lost       p50      p99      max      down       up    message    ms/1,000",
                lines.get(1));
        assertEquals(
                "polling           1,999      1    512.25 1,003.50 1,004.75     200.0     10.0      1.000       3,000",
                lines.get(2));
    }

    @Test
    void what_could_not_be_measured_is_a_dash() {
        assertEquals(
                "long-polling          0  2,000         -        -        -         -        -          -           -",
                lines.get(3));
    }

    @Test
    void the_settings_are_told() {
        var text = String.join("\n", lines);
        assertTrue(text.contains("the same 1,000 messages, 20 ms apart, to 2 clients."), text);
        assertTrue(text.contains("Plain polling asked every 2,000 ms."), text);
    }

    @Test
    void no_line_is_wider_than_100_columns() {
        assertEquals(
                List.of(), lines.stream().filter(line -> line.length() > 100).toList());
    }
}
