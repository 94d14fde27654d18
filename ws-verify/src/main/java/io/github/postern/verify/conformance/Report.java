package io.github.postern.verify.conformance;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.stream.JsonGenerator;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Results, for people and for programs. */
final class Report {
    private final List<Result> results;

    Report(List<Result> results) {
        this.results = List.copyOf(results);
    }

    boolean hasFailures() {
        return count(Verdict.Failed.class) > 0;
    }

    long count(Class<? extends Verdict> kind) {
        return results.stream()
                .filter(result -> kind.isInstance(result.verdict()))
                .count();
    }

    /** The counts, then what is not as it should be. */
    void print(PrintWriter out) {
        out.printf("%-15s %5d%n", "cases", results.size());
        out.printf("%-15s %5d%n", "passed", count(Verdict.Passed.class));
        out.printf("%-15s %5d%n", "failed", count(Verdict.Failed.class));
        out.printf("%-15s %5d%n", "informational", count(Verdict.Informational.class));
        out.printf("%-15s %5d%n", "not applicable", count(Verdict.NotApplicable.class));
        for (var result : results) {
            switch (result.verdict()) {
                case Verdict.Failed failed -> print(out, result, failed.expected(), failed.observed());
                case Verdict.Informational told -> print(out, result, told.expected(), told.observed());
                case Verdict.Passed passed -> {}
                case Verdict.NotApplicable none -> {}
            }
        }
        out.flush();
    }

    private static void print(PrintWriter out, Result result, String expected, String observed) {
        var one = result.of();
        out.printf("%n%s: %s (%s)%n", result.verdict().label(), one.id(), one.section());
        out.printf("  rule      %s%n", one.rule());
        out.printf("  expected  %s%n", expected);
        out.printf("  observed  %s%n", observed);
    }

    void write(Path file) throws IOException {
        try (var writer = Json.createWriterFactory(Map.of(JsonGenerator.PRETTY_PRINTING, true))
                .createWriter(Files.newBufferedWriter(file))) {
            writer.writeObject(json());
        }
    }

    JsonObject json() {
        var cases = Json.createArrayBuilder();
        results.forEach(result -> cases.add(json(result)));
        return Json.createObjectBuilder()
                .add("passed", count(Verdict.Passed.class))
                .add("failed", count(Verdict.Failed.class))
                .add("informational", count(Verdict.Informational.class))
                .add("notApplicable", count(Verdict.NotApplicable.class))
                .add("cases", cases)
                .build();
    }

    private static JsonObjectBuilder json(Result result) {
        var one = result.of();
        var json = Json.createObjectBuilder()
                .add("id", one.id())
                .add("section", one.section())
                .add("rule", one.rule())
                .add("verdict", result.verdict().label());
        return switch (result.verdict()) {
            case Verdict.Passed passed -> json;
            case Verdict.Failed failed ->
                json.add("expected", failed.expected()).add("observed", failed.observed());
            case Verdict.Informational told ->
                json.add("expected", told.expected()).add("observed", told.observed());
            case Verdict.NotApplicable none -> json.add("why", none.why());
        };
    }
}
