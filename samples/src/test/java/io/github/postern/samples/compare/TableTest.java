package io.github.postern.samples.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class TableTest {
    private final List<String> lines = Table.of(Measurements.result(Measurements.ofPolling(), Measurements.ofNothing()))
            .lines()
            .toList();

    @Test
    void each_transport_is_a_line_under_two_of_headings() {
        assertEquals(
                "                                   latency in milliseconds  requests/  server CPU   server connec-",
                lines.get(0));
        assertEquals(
                "transport     delivered   lost       p50      p99      max    message    ms/1,000 heap MiB   tions",
                lines.get(1));
        assertEquals(
                "polling           1,999      1    513.21   513.21 1,003.50      1.000       3,000      3.0       2",
                lines.get(2));
    }

    @Test
    void its_bytes_are_another_line() {
        assertEquals(
                "transport       payload   framing   headers acknowledgements    in all        down        up",
                lines.get(6));
        assertEquals(
                "polling           100.0      10.0      95.0              5.0     210.0       200.0      10.0",
                lines.get(7));
    }

    @Test
    void what_could_not_be_measured_is_a_dash() {
        assertEquals(
                "long-polling          0  2,000         -        -        -          -           -      0.0       0",
                lines.get(3));
        assertEquals(
                "long-polling          -         -         -                -         -           -         -",
                lines.get(8));
    }

    @Test
    void the_settings_are_told() {
        var text = String.join("\n", lines);
        assertTrue(text.contains("the same 1,000 messages at the same time, 20 ms apart, to 2 clients each."), text);
        assertTrue(text.contains("Plain polling asked every 2,000 ms."), text);
    }

    @Test
    void no_line_is_wider_than_100_columns() {
        assertEquals(
                List.of(), lines.stream().filter(line -> line.length() > 100).toList());
    }
}
