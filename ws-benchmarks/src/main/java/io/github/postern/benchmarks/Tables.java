package io.github.postern.benchmarks;

import static java.util.function.Predicate.not;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toList;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/** Results as Markdown: a table for each benchmark, a row for each size, a column for each implementation. */
final class Tables {
    private static final String FLOOR = "floor";
    private static final String OURS = "postern";

    private Tables() {}

    static String of(List<Result> results) {
        return results.stream().collect(groupingBy(Tables::heading, LinkedHashMap::new, toList())).entrySet().stream()
                .map(table -> "### " + table.getKey() + "\n\n" + new Table(table.getValue()).markdown())
                .collect(joining("\n"));
    }

    private static String heading(Result result) {
        return result.others().entrySet().stream()
                .map(parameter -> ", " + parameter.getKey() + " " + parameter.getValue())
                .collect(joining("", result.benchmark(), ""));
    }

    private record Table(List<Result> results) {
        String markdown() {
            var header = new ArrayList<>(List.of("bytes"));
            header.addAll(implementations());
            for (var own : ours()) {
                header.add(own + " ÷ best peer");
                header.add(own + " ÷ floor");
            }
            var lines = new StringBuilder(Markdown.header(header));
            var rows = results.stream().collect(groupingBy(Result::size, LinkedHashMap::new, toList()));
            rows.forEach((size, row) -> lines.append(Markdown.line(times(size, row))));
            if (results.stream().anyMatch(result -> result.allocated().isPresent())) {
                rows.forEach((size, row) -> lines.append(Markdown.line(allocations(size, row))));
            }
            return lines.toString();
        }

        private List<String> implementations() {
            return results.stream().map(Result::implementation).distinct().toList();
        }

        private List<String> ours() {
            return implementations().stream().filter(Tables::isOurs).toList();
        }

        private List<String> times(String size, List<Result> row) {
            var cells = cells(label(size), row, Result::median);
            for (var own : ours()) {
                var time = named(own, row);
                cells.add(ratio(time, bestPeer(row)));
                cells.add(ratio(time, named(FLOOR, row)));
            }
            return cells;
        }

        private List<String> allocations(String size, List<Result> row) {
            var cells = cells(
                    label(size) + " (B/op)",
                    row,
                    result -> Math.rint(result.allocated().orElse(Double.NaN)));
            ours().forEach(own -> cells.addAll(List.of("", "")));
            return cells;
        }

        private List<String> cells(String first, List<Result> row, ToDoubleFunction<Result> value) {
            var cells = new ArrayList<>(List.of(first));
            for (var implementation : implementations()) {
                cells.add(named(implementation, row)
                        .map(result -> Markdown.rounded(value.applyAsDouble(result)))
                        .orElse(""));
            }
            return cells;
        }
    }

    private static String label(String size) {
        return size.isEmpty() ? "one size" : size;
    }

    private static boolean isOurs(String implementation) {
        return implementation.startsWith(OURS);
    }

    private static Optional<Result> named(String implementation, List<Result> row) {
        return row.stream()
                .filter(result -> result.implementation().equals(implementation))
                .findFirst();
    }

    private static Optional<Result> bestPeer(List<Result> row) {
        return row.stream()
                .filter(not(result -> isOurs(result.implementation())
                        || result.implementation().equals(FLOOR)))
                .min((one, other) -> Double.compare(one.median(), other.median()));
    }

    private static String ratio(Optional<Result> ours, Optional<Result> other) {
        return ours.isEmpty() || other.isEmpty()
                ? ""
                : Markdown.rounded(ours.get().median() / other.get().median());
    }
}
