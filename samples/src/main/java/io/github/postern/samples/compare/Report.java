package io.github.postern.samples.compare;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import jakarta.json.stream.JsonGenerator;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Measurements as JSON, under the names of the transports. A number that could not be measured is {@code null}. */
final class Report {
    private static final int DECIMALS = 3;

    private Report() {}

    static void write(Path file, List<Measurement> measurements, Settings settings) throws IOException {
        try (var writer = Json.createWriterFactory(Map.of(JsonGenerator.PRETTY_PRINTING, true))
                .createWriter(Files.newBufferedWriter(file))) {
            writer.writeObject(of(measurements, settings));
        }
    }

    static JsonObject of(List<Measurement> measurements, Settings settings) {
        var report = Json.createObjectBuilder()
                .add("messages", settings.messages())
                .add("intervalMillis", settings.interval().toMillis())
                .add("pollIntervalMillis", settings.pollInterval().toMillis())
                .add("clients", settings.clients());
        measurements.forEach(measurement -> report.add(measurement.name(), of(measurement)));
        return report.build();
    }

    private static JsonObjectBuilder of(Measurement m) {
        return Json.createObjectBuilder()
                .add("delivered", m.delivered())
                .add("lost", m.lost())
                .add("disordered", m.disordered())
                .add(
                        "latencyMillis",
                        Json.createObjectBuilder()
                                .add("p50", number(m.latency().p50()))
                                .add("p99", number(m.latency().p99()))
                                .add("max", number(m.latency().max())))
                .add("payloadBytesPerMessage", number(m.payloadPerMessage()))
                .add(
                        "bytesPerMessage",
                        Json.createObjectBuilder()
                                .add("down", number(m.downPerMessage()))
                                .add("up", number(m.upPerMessage())))
                .add("requestsPerMessage", number(m.requestsPerMessage()))
                .add("serverCpuMillisPerThousand", number(m.cpuMillisPerThousand()))
                .add(
                        "openingBytes",
                        Json.createObjectBuilder()
                                .add("down", m.opening().down())
                                .add("up", m.opening().up()))
                .add("openingRequests", m.opening().requests());
    }

    private static JsonValue number(double value) {
        return Double.isNaN(value)
                ? JsonValue.NULL
                : Json.createValue(BigDecimal.valueOf(value).setScale(DECIMALS, RoundingMode.HALF_UP));
    }
}
