package io.github.postern.samples.compare;

import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import jakarta.json.stream.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

/** A result as JSON, under the names of the transports. A number that could not be measured is {@code null}. */
final class Report {
    private Report() {}

    /** All of it, for people's eyes too. */
    static String text(Result result) {
        try (var text = new StringWriter()) {
            try (var writer = Json.createWriterFactory(Map.of(JsonGenerator.PRETTY_PRINTING, true))
                    .createWriter(text)) {
                writer.writeObject(of(result));
            }
            return text.append(System.lineSeparator()).toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e); // which a text in memory never throws
        }
    }

    /** All of it. */
    static JsonObject of(Result result) {
        var report = settings(result);
        result.measurements().forEach(m -> {
            var series = Json.createArrayBuilder();
            result.series().getOrDefault(m.name(), List.of()).forEach(point -> series.add(of(point)));
            report.add(m.name(), of(m).add("series", series));
        });
        return report.build();
    }

    static JsonObjectBuilder settings(Result result) {
        var settings = result.settings();
        var conditions = result.conditions();
        return Json.createObjectBuilder()
                .add("messages", result.published())
                .add("intervalMillis", settings.interval().toMillis())
                .add("sizeBytes", settings.size())
                .add("pollIntervalMillis", settings.pollInterval().toMillis())
                .add("clients", settings.clients())
                .add(
                        "network",
                        Json.createObjectBuilder()
                                .add("latencyMillis", conditions.latency().toMillis())
                                .add("webSocketBlocked", conditions.webSocketBlocked())
                                .add("buffering", conditions.buffering()));
    }

    static JsonObjectBuilder of(Measurement m) {
        var latency = m.latency();
        return Json.createObjectBuilder()
                .add("expected", m.expected())
                .add("delivered", m.delivered())
                .add("lost", m.lost())
                .add("disordered", m.disordered())
                .add(
                        "latencyMillis",
                        Json.createObjectBuilder()
                                .add("p50", number(latency.p50()))
                                .add("p99", number(latency.p99()))
                                .add("max", number(latency.max())))
                .add("latencyDistribution", bars(m.latencies()))
                .add("payloadBytesPerMessage", number(m.payloadPerMessage()))
                .add(
                        "bytesPerMessage",
                        Json.createObjectBuilder()
                                .add(
                                        "down",
                                        number(m.perMessage(m.running().down().total())))
                                .add("up", number(m.perMessage(m.running().up().total())))
                                .addAll(split(m)))
                .add("requests", m.running().requests())
                .add("requestsPerMessage", number(m.requestsPerMessage()))
                .add("serverCpuMillisPerThousand", number(m.cpuMillisPerThousand()))
                .add("serverHeapMebibytes", number(m.heapMebibytes()))
                .add("connections", m.connections())
                .add(
                        "openingBytes",
                        Json.createObjectBuilder()
                                .add("down", m.opening().down().total())
                                .add("up", m.opening().up().total()))
                .add("openingRequests", m.opening().requests());
    }

    private static JsonObjectBuilder split(Measurement m) {
        var bytes = m.running().bytes();
        return Json.createObjectBuilder()
                .add("payload", number(m.perMessage(bytes.payload())))
                .add("framing", number(m.perMessage(bytes.framing())))
                .add("headers", number(m.perMessage(bytes.headers())))
                .add("acknowledgements", number(m.perMessage(bytes.acknowledgements())));
    }

    private static JsonArrayBuilder bars(Distribution latencies) {
        var bars = Json.createArrayBuilder();
        latencies
                .bars()
                .forEach(bar -> bars.add(Json.createObjectBuilder()
                        .add("upToMillis", number(bar.upToMillis()))
                        .add("percent", number(bar.percent()))));
        return bars;
    }

    static JsonObjectBuilder of(Point point) {
        return Json.createObjectBuilder()
                .add("seconds", number(point.seconds()))
                .add("deliveredPerSecond", number(point.delivered()))
                .add("p50", number(point.latency().p50()))
                .add("p99", number(point.latency().p99()))
                .add("bytesPerSecond", number(point.bytes()))
                .add("cpuPercent", number(point.cpuPercent()))
                .add("heapMebibytes", number(point.heap() / 1024.0 / 1024.0))
                .add("connections", point.connections());
    }

    /** All its digits: what reads this rounds as {@link Table} does. */
    private static JsonValue number(double value) {
        return Double.isFinite(value) ? Json.createValue(value) : JsonValue.NULL;
    }
}
