package io.github.postern.verify.protocol;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A record as it came.
 *
 * @param raw its bytes, as text
 * @param event the name, empty if there is none
 * @param id the value of {@code id}, or {@code null}
 * @param data the {@code data} lines, joined by LF, or {@code null} if there is none
 */
record Event(
        String raw,
        String event,
        @Nullable String id,
        @Nullable String data) {

    /** Reads a block of lines. */
    static Event parse(String raw) {
        String event = "";
        String id = null;
        StringBuilder data = null;
        for (var line : raw.split("\n", -1)) {
            int colon = line.indexOf(':');
            var name = colon < 0 ? line : line.substring(0, colon);
            var rest = colon < 0 ? "" : line.substring(colon + 1);
            var value = rest.startsWith(" ") ? rest.substring(1) : rest;
            switch (name) {
                case "event" -> event = value;
                case "id" -> id = value;
                case "data" ->
                    data = data == null
                            ? new StringBuilder(value)
                            : data.append('\n').append(value);
                default -> {
                    // a comment, or a field that this version does not know
                }
            }
        }
        return new Event(raw, event, id, data == null ? null : data.toString());
    }

    boolean isMessage() {
        return event.isEmpty() || event.equals("text") || event.equals("binary");
    }

    /** The number, or -1 if there is none. */
    long number() {
        return id == null || !id.matches("[0-9]{1,16}") ? -1 : Long.parseLong(id);
    }

    /** The text or, of a binary message, its bytes as ISO 8859-1. */
    String message() {
        var value = data == null ? "" : data;
        return switch (event) {
            case "text" -> new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8);
            case "binary" -> new String(Base64.getDecoder().decode(value), StandardCharsets.ISO_8859_1);
            default -> value;
        };
    }

    Map<String, String> parameters() {
        var parameters = new LinkedHashMap<String, String>();
        for (var pair : (data == null ? "" : data).split("&", -1)) {
            var parts = pair.split("=", 2);
            parameters.put(parts[0], parts.length < 2 ? "" : URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
        }
        return parameters;
    }

    String parameter(String name) throws Broken {
        var value = parameters().get(name);
        if (value == null) {
            throw new Broken("the parameter " + name, raw);
        }
        return value;
    }

    long number(String name) throws Broken {
        var value = parameter(name);
        if (!value.matches("0|[1-9][0-9]{0,15}")) {
            throw new Broken("a decimal number as " + name, value);
        }
        return Long.parseLong(value);
    }
}
