package io.github.postern.benchmarks;

import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;

/**
 * What JMH says about one benchmark with one set of parameters.
 *
 * @param benchmark {@code DecodeBenchmark.binary}
 * @param implementation the parameter of that name
 * @param size the parameter of that name; empty if there is none
 * @param others the other parameters
 * @param median of the iterations of all forks, in ns
 * @param allocated bytes per operation, if {@code -prof gc} has measured them
 */
record Result(
        String benchmark,
        String implementation,
        String size,
        Map<String, String> others,
        double median,
        OptionalDouble allocated) {
    static Result of(JsonObject result) {
        var parameters = new TreeMap<String, String>();
        result.getJsonObject("params").forEach((name, value) -> parameters.put(name, ((JsonString) value).getString()));
        var implementation = parameters.remove("implementation");
        var size = parameters.remove("size");
        var name = result.getString("benchmark");
        var simple = name.substring(name.lastIndexOf('.', name.lastIndexOf('.') - 1) + 1);
        return new Result(
                simple,
                implementation == null ? "" : implementation,
                size == null ? "" : size,
                parameters,
                median(result.getJsonObject("primaryMetric")),
                allocated(result.getJsonObject("secondaryMetrics")));
    }

    private static double median(JsonObject metric) {
        var sorted = metric.getJsonArray("rawData").stream()
                .map(JsonValue::asJsonArray)
                .flatMap(fork -> fork.getValuesAs(JsonNumber.class).stream())
                .mapToDouble(JsonNumber::doubleValue)
                .sorted()
                .toArray();
        var middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private static OptionalDouble allocated(JsonObject metrics) {
        var metric = metrics.getJsonObject("gc.alloc.rate.norm");
        return metric == null
                ? OptionalDouble.empty()
                : OptionalDouble.of(metric.getJsonNumber("score").doubleValue());
    }
}
