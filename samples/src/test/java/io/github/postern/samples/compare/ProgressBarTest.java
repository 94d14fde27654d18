package io.github.postern.samples.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ProgressBarTest {
    private static final String ERASE = "\r\033[K";

    private final ByteArrayOutputStream terminal = new ByteArrayOutputStream();

    @Test
    void draws_over_the_line_and_takes_it_away() {
        try (var bar = bar(true)) {
            bar.show("sse", 0, 4);
            bar.show("sse", 1, 4);
            bar.show("sse", 4, 4);
        }
        assertEquals(
                ERASE + "sse            [" + " ".repeat(40) + "] 0%" + ERASE + "sse            [" + "#".repeat(10)
                        + " ".repeat(30) + "] 25%" + ERASE + "sse            [" + "#".repeat(40) + "] 100%" + ERASE,
                drawn());
    }

    @Test
    void draws_only_what_has_changed() {
        var bar = bar(true);
        bar.show("sse", 1000, 100_000);
        var before = drawn();
        bar.show("sse", 1001, 100_000);
        assertEquals(before, drawn());
    }

    @Test
    void draws_nothing_where_there_is_no_terminal() {
        try (var bar = bar(false)) {
            bar.show("sse", 1, 4);
        }
        assertEquals("", drawn());
    }

    private ProgressBar bar(boolean visible) {
        return new ProgressBar(new PrintStream(terminal, true, StandardCharsets.UTF_8), visible);
    }

    private String drawn() {
        return terminal.toString(StandardCharsets.UTF_8);
    }
}
