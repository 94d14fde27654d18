package io.github.postern.benchmarks.server;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** What the rounds have given. */
final class Results {
    private final Map<Row, Map<Peer, List<Measurement>>> measurements = new EnumMap<>(Row.class);
    private final Map<Row, Map<Peer, String>> failures = new EnumMap<>(Row.class);

    void add(Row row, Peer peer, Measurement measurement) {
        measurements
                .computeIfAbsent(row, key -> new EnumMap<>(Peer.class))
                .computeIfAbsent(peer, key -> new ArrayList<>())
                .add(measurement);
    }

    /** @param word what the tables say in its place */
    void addFailure(Row row, Peer peer, String word) {
        failures.computeIfAbsent(row, key -> new EnumMap<>(Peer.class)).put(peer, word);
    }

    Optional<String> failure(Row row, Peer peer) {
        return Optional.ofNullable(failures.getOrDefault(row, Map.of()).get(peer));
    }

    /** The median of the rounds. */
    OptionalDouble value(Row row, Peer peer, Measure measure) {
        var sorted = measurements.getOrDefault(row, Map.of()).getOrDefault(peer, List.of()).stream()
                .filter(measurement -> measurement.values().containsKey(measure))
                .mapToDouble(measurement -> measurement.values().getOrDefault(measure, Double.NaN))
                .sorted()
                .toArray();
        if (sorted.length == 0) {
            return OptionalDouble.empty();
        }
        int middle = sorted.length / 2;
        return OptionalDouble.of(sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2);
    }
}
