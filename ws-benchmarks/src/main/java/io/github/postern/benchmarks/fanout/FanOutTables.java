package io.github.postern.benchmarks.fanout;

import static java.util.stream.Collectors.joining;

import io.github.postern.benchmarks.Markdown;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** Results as Markdown: a table for each measure, a row for each load, a column for each server. */
final class FanOutTables {
    enum Measure {
        PER_CPU_SECOND("Deliveries per second of the server's processor time", true),
        PER_SECOND("Deliveries per second", true),
        MEDIAN("From publishing to delivery, median, µs", false),
        P99("From publishing to delivery, p99, µs", false),
        HEAP("Heap per subscriber, bytes", false);

        private final String title;
        private final boolean moreIsBetter;

        Measure(String title, boolean moreIsBetter) {
            this.title = title;
            this.moreIsBetter = moreIsBetter;
        }
    }

    private record Cell(Row row, Peer peer, Measure measure) {}

    private final List<Row> rows;
    private final List<Peer> servers;
    private final Map<Cell, List<Double>> values = new HashMap<>();

    FanOutTables(List<Row> rows, List<Peer> servers) {
        this.rows = rows;
        this.servers = servers;
    }

    void add(Row row, Peer peer, Measure measure, double value) {
        values.computeIfAbsent(new Cell(row, peer, measure), cell -> new ArrayList<>())
                .add(value);
    }

    void add(Row row, Peer peer, Deliveries deliveries) {
        add(row, peer, Measure.PER_CPU_SECOND, deliveries.perCpuSecond());
        add(row, peer, Measure.PER_SECOND, deliveries.perSecond());
        add(row, peer, Measure.MEDIAN, deliveries.median());
        add(row, peer, Measure.P99, deliveries.p99());
    }

    String markdown() {
        return Arrays.stream(Measure.values())
                .filter(measure -> rows.stream().anyMatch(row -> isMeasured(row, measure)))
                .map(measure -> "### " + measure.title + "\n\n" + table(measure))
                .collect(joining("\n"));
    }

    private boolean isMeasured(Row row, Measure measure) {
        return servers.stream().anyMatch(peer -> median(row, peer, measure).isPresent());
    }

    private String table(Measure measure) {
        var header = new ArrayList<>(List.of(""));
        servers.forEach(peer -> header.add(peer.toString()));
        own().forEach(own -> header.add(own + " ÷ best peer"));
        var lines = new StringBuilder(Markdown.header(header));
        for (var row : rows) {
            if (isMeasured(row, measure)) {
                lines.append(Markdown.line(cells(row, measure)));
            }
        }
        return lines.toString();
    }

    private List<String> cells(Row row, Measure measure) {
        var cells = new ArrayList<>(List.of(row.title()));
        for (var peer : servers) {
            cells.add(Markdown.rounded(median(row, peer, measure).orElse(Double.NaN)));
        }
        double best = best(row, measure).orElse(Double.NaN);
        for (var own : own()) {
            cells.add(Markdown.rounded(median(row, own, measure).orElse(Double.NaN) / best));
        }
        return cells;
    }

    private OptionalDouble best(Row row, Measure measure) {
        var peers = servers.stream().filter(Peer::isRival).flatMapToDouble(peer -> median(row, peer, measure).stream());
        return measure.moreIsBetter ? peers.max() : peers.min();
    }

    private List<Peer> own() {
        return servers.stream().filter(Peer::isOwn).toList();
    }

    private OptionalDouble median(Row row, Peer peer, Measure measure) {
        var sorted = values.getOrDefault(new Cell(row, peer, measure), List.of()).stream()
                .mapToDouble(Double::doubleValue)
                .sorted()
                .toArray();
        if (sorted.length == 0) {
            return OptionalDouble.empty();
        }
        int middle = sorted.length / 2;
        return OptionalDouble.of(sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2);
    }
}
