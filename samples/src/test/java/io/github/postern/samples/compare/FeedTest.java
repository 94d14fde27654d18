package io.github.postern.samples.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.Json;
import java.io.StringReader;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class FeedTest {
    @Test
    void gives_the_same_message_for_the_same_index() {
        var source = new AtomicInteger();
        var feed = new Feed(() -> Integer.toString(source.incrementAndGet()));
        assertEquals("1", feed.get(0));
        assertEquals("3", feed.get(2));
        assertEquals("4", feed.passing());
        assertEquals("1", feed.get(0));
        assertEquals("2", feed.get(1));
    }

    @Test
    void lines_begin_again_when_they_are_over() {
        var lines = Feed.lines(List.of("a", "b"));
        assertEquals("\"a\"", lines.get());
        assertEquals("\"b\"", lines.get());
        assertEquals("\"a\"", lines.get());
    }

    @Test
    void a_line_is_a_json_string_unless_it_is_a_json_object() {
        var lines = Feed.lines(List.of("12", "say \"hi\"", "{\"price\": 41.5}", "{broken", "{} {}"));
        assertEquals("\"12\"", lines.get());
        assertEquals("\"say \\\"hi\\\"\"", lines.get());
        assertEquals("{\"price\":41.5}", lines.get());
        assertEquals("\"{broken\"", lines.get());
        assertEquals("\"{} {}\"", lines.get());
    }

    @Test
    void readings_are_json_with_the_load_of_this_machine() {
        try (var reader = Json.createReader(new StringReader(Feed.readings().get()))) {
            var reading = reader.readObject();
            assertTrue(reading.getInt("usedMemoryMiB") > 0, reading.toString());
            assertTrue(reading.getJsonNumber("loadAverage").doubleValue() >= 0, reading.toString());
            assertTrue(reading.getJsonNumber("cpuPercent").doubleValue() >= 0, reading.toString());
        }
    }
}
