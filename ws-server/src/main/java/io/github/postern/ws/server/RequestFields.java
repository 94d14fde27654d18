package io.github.postern.ws.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads the parts of a request that are lists of names and values. Nothing is malformed: what makes no sense is passed over. */
final class RequestFields {
    private RequestFields() {}

    /** The cookies of all Cookie fields (RFC 6265 §5.4), the first of each name. */
    static Map<String, String> cookies(List<String> values) {
        var cookies = new LinkedHashMap<String, String>();
        for (var value : values) {
            for (var pair : value.split(";", -1)) {
                int equals = pair.indexOf('=');
                var name = equals < 0 ? "" : pair.substring(0, equals).strip();
                if (!name.isEmpty()) {
                    cookies.putIfAbsent(name, pair.substring(equals + 1).strip());
                }
            }
        }
        return Collections.unmodifiableMap(cookies);
    }

    /** The parameters of a query (the URL standard's application/x-www-form-urlencoded parser). */
    static Map<String, List<String>> query(String query) {
        var parameters = new LinkedHashMap<String, List<String>>();
        for (var pair : query.split("&", -1)) {
            if (!pair.isEmpty()) {
                int equals = pair.indexOf('=');
                var name = decode(equals < 0 ? pair : pair.substring(0, equals));
                var value = equals < 0 ? "" : decode(pair.substring(equals + 1));
                parameters.computeIfAbsent(name, n -> new ArrayList<>()).add(value);
            }
        }
        parameters.replaceAll((name, values) -> List.copyOf(values));
        return Collections.unmodifiableMap(parameters);
    }

    private static String decode(String text) {
        if (text.indexOf('%') < 0 && text.indexOf('+') < 0) {
            return text;
        }
        var bytes = new ByteArrayOutputStream(text.length());
        byte[] written = text.getBytes(ISO_8859_1); // a request target is ASCII
        for (int i = 0; i < written.length; i++) {
            int escaped = written[i] == '%' ? escaped(text, i) : -1;
            bytes.write(escaped >= 0 ? escaped : written[i] == '+' ? ' ' : written[i]);
            i += escaped >= 0 ? 2 : 0;
        }
        return bytes.toString(UTF_8);
    }

    /** The byte whose escape begins at the index, or -1. */
    private static int escaped(String text, int index) {
        if (index + 2 >= text.length()) {
            return -1;
        }
        int high = Character.digit(text.charAt(index + 1), 16);
        int low = Character.digit(text.charAt(index + 2), 16);
        return high < 0 || low < 0 ? -1 : high << 4 | low;
    }
}
