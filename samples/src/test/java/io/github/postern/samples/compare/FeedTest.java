package io.github.postern.samples.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.Json;
import java.io.StringReader;
import java.util.List;
import org.junit.jupiter.api.Test;

class FeedTest {
    @Test
    void a_message_is_filled_up_and_stays_json() {
        var feed = new Feed(() -> "{\"price\":41.5}");
        for (int size : new int[] {27, 28, 1000}) {
            var text = feed.next(size);
            assertEquals(size, text.length());
            try (var reader = Json.createReader(new StringReader(text))) {
                assertEquals(41.5, reader.readObject().getJsonNumber("price").doubleValue());
            }
        }
        assertEquals("\"a....\"", new Feed(() -> "\"a\"").next(7));
    }

    @Test
    void a_message_that_is_long_enough_stays_as_it_is() {
        var feed = new Feed(() -> "{\"price\":41.5}");
        for (int size : new int[] {0, 14, 26}) {
            assertEquals("{\"price\":41.5}", feed.next(size));
        }
        assertEquals("\"a\"", new Feed(() -> "\"a\"").next(3));
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
