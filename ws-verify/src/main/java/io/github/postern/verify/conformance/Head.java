package io.github.postern.verify.conformance;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The head of an HTTP/1.1 request or response, legal or not.
 *
 * @param start its first line
 * @param fields its header fields in their order
 */
record Head(String start, List<Field> fields) {
    private static final int LONGEST = 64 * 1024;

    /** A header field, written as it stands. */
    record Field(String name, String value) {}

    static Head of(String start, String... namesAndValues) {
        var fields = new ArrayList<Field>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            fields.add(new Field(namesAndValues[i], namesAndValues[i + 1]));
        }
        return new Head(start, List.copyOf(fields));
    }

    Head withStart(String line) {
        return new Head(line, fields);
    }

    /** With one more field. */
    Head with(String name, String value) {
        return new Head(
                start,
                Stream.concat(fields.stream(), Stream.of(new Field(name, value)))
                        .toList());
    }

    Head without(String name) {
        return new Head(
                start,
                fields.stream()
                        .filter(field -> !field.name().equalsIgnoreCase(name))
                        .toList());
    }

    /** With this field instead of all of its name. */
    Head set(String name, String value) {
        return without(name).with(name, value);
    }

    List<String> all(String name) {
        return fields.stream()
                .filter(field -> field.name().equalsIgnoreCase(name))
                .map(Field::value)
                .toList();
    }

    /** The only value of a field, or an empty text. */
    String only(String name) {
        var all = all(name);
        return all.size() == 1 ? all.getFirst() : "";
    }

    /** The elements of a list, in all fields of its name. */
    List<String> list(String name) {
        return all(name).stream()
                .flatMap(value -> Arrays.stream(value.split(",", -1)))
                .map(String::strip)
                .filter(element -> !element.isEmpty())
                .toList();
    }

    boolean lists(String name, String token) {
        return list(name).stream().anyMatch(token::equalsIgnoreCase);
    }

    /** A response's status; 0 if there is none. */
    int status() {
        return start.matches("HTTP/1\\.[01] [0-9]{3}( .*)?") ? Integer.parseInt(start.substring(9, 12)) : 0;
    }

    byte[] encode() {
        return (start
                        + "\r\n"
                        + fields.stream()
                                .map(field -> field.name() + ": " + field.value() + "\r\n")
                                .collect(Collectors.joining())
                        + "\r\n")
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Reads a head to its empty line, and no farther. */
    static Head read(Wire wire) throws IOException, Finding {
        wire.restart();
        var start = line(wire);
        var fields = new ArrayList<Field>();
        int length = start.length();
        for (var line = line(wire); !line.isEmpty(); line = line(wire)) {
            int colon = line.indexOf(':');
            length += line.length();
            if (colon < 1 || length > LONGEST) {
                throw Finding.failed("header fields", line);
            }
            fields.add(new Field(
                    line.substring(0, colon), line.substring(colon + 1).strip()));
        }
        return new Head(start, List.copyOf(fields));
    }

    private static String line(Wire wire) throws IOException, Finding {
        var line = new ByteArrayOutputStream();
        for (int b = wire.read(); b != '\n'; b = wire.read()) {
            if (b < 0) {
                throw new EOFException("the stream ends within the head");
            }
            line.write(b);
            if (line.size() > LONGEST) {
                throw Finding.failed("lines of a head", "a line of more than " + LONGEST + " bytes");
            }
        }
        var text = line.toString(StandardCharsets.ISO_8859_1);
        if (!text.endsWith("\r")) {
            throw Finding.failed("lines that end in CR LF", text);
        }
        return text.substring(0, text.length() - 1);
    }
}
