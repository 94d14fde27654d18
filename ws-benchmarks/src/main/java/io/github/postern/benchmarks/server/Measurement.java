package io.github.postern.benchmarks.server;

import static java.util.stream.Collectors.joining;

import java.util.EnumMap;
import java.util.Map;

/** What one run has given, and the line that carries it from process to process. */
record Measurement(Map<Measure, Double> values) {
    static Measurement parse(String line) {
        var values = new EnumMap<Measure, Double>(Measure.class);
        for (var value : line.split(" ", -1)) {
            var equals = value.indexOf('=');
            values.put(Measure.valueOf(value.substring(0, equals)), Double.valueOf(value.substring(equals + 1)));
        }
        return new Measurement(values);
    }

    String line() {
        return values.entrySet().stream()
                .map(value -> value.getKey() + "=" + value.getValue())
                .collect(joining(" "));
    }
}
