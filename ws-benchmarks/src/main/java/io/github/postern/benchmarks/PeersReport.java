package io.github.postern.benchmarks;

import jakarta.json.Json;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Turns what JMH has written with {@code -rf json} into tables. The arguments are files: of JMH's results, and at most
 * one of Markdown, whose part between two comments is replaced by the tables; without it they are printed.
 */
public final class PeersReport {
    private PeersReport() {}

    public static void main(String[] arguments) throws IOException {
        var files = Arrays.stream(arguments).map(Path::of).toList();
        var document =
                files.stream().filter(file -> file.toString().endsWith(".md")).findFirst();
        var results = new ArrayList<Result>();
        for (var file : files) {
            if (!document.equals(Optional.of(file))) {
                results.addAll(read(file));
            }
        }
        var tables = Tables.of(results);
        if (document.isPresent()) {
            Markdown.insert(tables, "tables", document.get());
        } else {
            System.out.print(tables);
        }
    }

    private static List<Result> read(Path file) throws IOException {
        try (var reader = Json.createReader(Files.newBufferedReader(file))) {
            return reader.readArray().stream()
                    .map(JsonValue::asJsonObject)
                    .map(Result::of)
                    .toList();
        }
    }
}
