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
    private static final String BEGIN = "<!-- tables -->";
    private static final String END = "<!-- end of tables -->";

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
            insert(tables, document.get());
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

    private static void insert(String tables, Path document) throws IOException {
        var text = Files.readString(document);
        var begin = text.indexOf(BEGIN);
        var end = text.indexOf(END);
        if (begin < 0 || end < begin) {
            throw new IOException("no place for tables, " + BEGIN + " to " + END + ", in " + document);
        }
        Files.writeString(document, text.substring(0, begin) + BEGIN + "\n\n" + tables + "\n" + text.substring(end));
    }
}
