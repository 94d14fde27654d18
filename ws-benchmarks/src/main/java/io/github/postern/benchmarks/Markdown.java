package io.github.postern.benchmarks;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;

/** Tables as Markdown, and their place in a document: between {@code <!-- NAME -->} and {@code <!-- end of NAME -->}. */
public final class Markdown {
    private Markdown() {}

    /** A row of a table. */
    public static String line(Collection<String> cells) {
        return cells.stream().collect(joining(" | ", "| ", " |\n"));
    }

    /** The first rows of a table. */
    public static String header(Collection<String> cells) {
        return line(cells) + line(cells.stream().map(cell -> "---").toList());
    }

    /** Three digits, and none of them after a point that comes later; nothing for what is not a number. */
    public static String rounded(double value) {
        if (Double.isNaN(value)) {
            return "";
        }
        var digits = new BigDecimal(value).round(new MathContext(3));
        return digits.abs().compareTo(new BigDecimal("0.005")) < 0
                ? "0"
                : digits.stripTrailingZeros().toPlainString();
    }

    /**
     * Replaces what is in a place of a document.
     *
     * @throws IOException if there is no such place, or the file cannot be read and written
     */
    public static void insert(String text, String name, Path document) throws IOException {
        checkPlace(name, document);
        var before = Files.readString(document);
        var from = before.indexOf(begin(name)) + begin(name).length();
        var to = before.indexOf(end(name));
        Files.writeString(document, before.substring(0, from) + "\n\n" + text + "\n" + before.substring(to));
    }

    /**
     * Checks that a document has such a place.
     *
     * @throws IOException if it has none, or cannot be read
     */
    public static void checkPlace(String name, Path document) throws IOException {
        var text = Files.readString(document);
        var from = text.indexOf(begin(name));
        if (from < 0 || text.indexOf(end(name)) < from) {
            throw new IOException("no place for tables, " + begin(name) + " to " + end(name) + ", in " + document);
        }
    }

    private static String begin(String name) {
        return "<!-- " + name + " -->";
    }

    private static String end(String name) {
        return "<!-- end of " + name + " -->";
    }
}
