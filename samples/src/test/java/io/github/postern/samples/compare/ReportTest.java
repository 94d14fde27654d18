package io.github.postern.samples.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.io.StringReader;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The forms in which a result is kept: JSON, comma-separated values, and a page. */
class ReportTest {
    private static final Result RESULT = Measurements.result(Measurements.ofPolling(), Measurements.ofNothing());

    private static JsonObject json(String text) {
        try (var reader = Json.createReader(new StringReader(text))) {
            return reader.readObject();
        }
    }

    @Test
    void json_holds_what_was_measured_and_how() {
        var report = json(Report.text(RESULT));
        var polling = report.getJsonObject("polling");
        assertEquals(json("""
                {"messages": 1000, "intervalMillis": 20, "sizeBytes": 0, "pollIntervalMillis": 2000, "clients": 2,
                 "network": {"latencyMillis": 0, "webSocketBlocked": false, "buffering": false}}"""), Report.settings(RESULT).build());
        assertEquals(json("""
                {"down": 200.0, "up": 10.0, "payload": 100.0, "framing": 10.0, "headers": 95.0,
                 "acknowledgements": 5.0}"""), polling.getJsonObject("bytesPerMessage"));
        assertEquals(1999, polling.getInt("delivered"));
        assertEquals(1, polling.getInt("lost"));
        assertEquals(json("""
                {"down": 1284, "up": 702}"""), polling.getJsonObject("openingBytes"));
        assertEquals(3000, polling.getJsonNumber("serverCpuMillisPerThousand").doubleValue());
        assertEquals(3, polling.getJsonNumber("serverHeapMebibytes").doubleValue());
        assertEquals(json("""
                {"seconds": 0.5, "deliveredPerSecond": 20.0, "p50": 500.0, "p99": 900.0,
                 "bytesPerSecond": 4096.0, "cpuPercent": 12.5, "heapMebibytes": 5.0, "connections": 2}"""), polling.getJsonArray("series").getJsonObject(0));
    }

    @Test
    void what_could_not_be_measured_is_null_in_json_and_nothing_in_csv() {
        var nothing = Report.of(RESULT).getJsonObject("long-polling");
        assertEquals(JsonValue.NULL, nothing.get("requestsPerMessage"));
        assertEquals(JsonValue.NULL, nothing.getJsonObject("latencyMillis").get("p50"));
        assertEquals(
                "long-polling,2000,0,2000,0,,,,,,,,,,0,,,0.000,0",
                Csv.text(RESULT).lines().toList().get(2));
    }

    @Test
    void csv_has_as_many_values_as_headings() {
        var lines = Csv.text(RESULT).lines().toList();
        assertEquals(3, lines.size());
        assertEquals(
                List.of(19, 19, 19),
                lines.stream().map(line -> line.split(",", -1).length).toList());
        assertTrue(lines.get(1).startsWith("polling,2000,1999,1,0,"), lines.get(1));
    }

    @Test
    void the_page_stands_alone() throws IOException {
        var page = ReportPage.text(RESULT);
        assertTrue(page.contains("\"delivered\":1999"));
        assertTrue(page.contains("Chart.js v4"));
        for (var external : List.of("src=", "rel=\"stylesheet\"", "@import", "import {", "/*DATA*/", "/*CHARTS*/")) {
            assertFalse(page.contains(external), external);
        }
    }
}
