package io.github.postern.samples.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
    @Test
    void holds_what_was_measured(@TempDir Path folder) throws IOException {
        var file = folder.resolve("out.json");
        Report.write(file, List.of(Measurements.ofPolling()), Measurements.SETTINGS);
        assertEquals(json("""
                {
                  "messages": 1000, "intervalMillis": 20, "pollIntervalMillis": 2000, "clients": 2,
                  "polling": {
                    "delivered": 1999, "lost": 1, "disordered": 0,
                    "latencyMillis": {"p50": 512.250, "p99": 1003.500, "max": 1004.750},
                    "payloadBytesPerMessage": 100.000,
                    "bytesPerMessage": {"down": 200.000, "up": 10.000},
                    "requestsPerMessage": 1.000,
                    "serverCpuMillisPerThousand": 3000.000,
                    "openingBytes": {"down": 1284, "up": 702},
                    "openingRequests": 4
                  }
                }"""), json(Files.readString(file)));
    }

    @Test
    void what_could_not_be_measured_is_null() {
        var nothing = Report.of(List.of(Measurements.ofNothing()), Measurements.SETTINGS)
                .getJsonObject("long-polling");
        assertEquals(JsonValue.NULL, nothing.get("requestsPerMessage"));
        assertEquals(JsonValue.NULL, nothing.getJsonObject("latencyMillis").get("p50"));
    }

    private static JsonObject json(String text) {
        try (var reader = Json.createReader(new StringReader(text))) {
            return reader.readObject();
        }
    }
}
