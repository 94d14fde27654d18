package io.github.postern.benchmarks.server;

import static java.util.stream.Collectors.joining;

import io.github.postern.benchmarks.Markdown;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;

/** Results as Markdown: a table for each measure, a row for each load, a column for each server. */
record ServersTables(Results results, List<Row> rows, List<Peer> servers) {
    String markdown() {
        return Arrays.stream(Measure.values())
                .filter(measure -> rows.stream().anyMatch(row -> isMeasured(row, measure)))
                .map(measure -> "### " + measure.title() + "\n\n" + table(measure))
                .collect(joining("\n"));
    }

    private boolean isMeasured(Row row, Measure measure) {
        return servers.stream()
                .anyMatch(peer -> results.value(row, peer, measure).isPresent());
    }

    private String table(Measure measure) {
        var header = new ArrayList<>(List.of(""));
        servers.forEach(peer -> header.add(peer.toString()));
        header.add(Peer.POSTERN + " ÷ best peer");
        return Markdown.header(header)
                + rows.stream()
                        .filter(row -> isMeasured(row, measure))
                        .map(row -> Markdown.line(cells(row, measure)))
                        .collect(joining());
    }

    private List<String> cells(Row row, Measure measure) {
        var cells = new ArrayList<>(List.of(row.title()));
        servers.forEach(peer -> cells.add(cell(row, peer, measure)));
        cells.add(ratio(row, measure));
        return cells;
    }

    private String cell(Row row, Peer peer, Measure measure) {
        var value = results.value(row, peer, measure);
        if (value.isEmpty()) {
            return results.failure(row, peer).orElse("");
        }
        var text = Markdown.rounded(value.getAsDouble());
        return row.compares(peer) ? text : "(" + text + ")";
    }

    private String ratio(Row row, Measure measure) {
        var ours = results.value(row, Peer.POSTERN, measure);
        var best = best(row, measure);
        return ours.isEmpty() || best.isEmpty() ? "" : Markdown.rounded(ours.getAsDouble() / best.getAsDouble());
    }

    private OptionalDouble best(Row row, Measure measure) {
        var peers = servers.stream()
                .filter(peer -> peer != Peer.POSTERN && row.compares(peer))
                .flatMapToDouble(peer -> results.value(row, peer, measure).stream());
        return measure.isMoreBetter() ? peers.max() : peers.min();
    }
}
