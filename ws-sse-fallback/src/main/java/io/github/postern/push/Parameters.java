package io.github.postern.push;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a control record, in the form {@code application/x-www-form-urlencoded} (PROTOCOL.md §3). Of two
 * with one name the first counts.
 */
final class Parameters {
    private final Map<String, String> values = new LinkedHashMap<>();

    /** Reads the form, or returns {@code null} if it is malformed. */
    static @Nullable Parameters parse(String form) {
        var parameters = new Parameters();
        for (var pair : form.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals < 0) {
                continue; // empty, or a name without a value: nothing that this version knows
            }
            try {
                parameters.values.putIfAbsent(decode(pair.substring(0, equals)), decode(pair.substring(equals + 1)));
            } catch (IllegalArgumentException e) {
                return null; // a percent sign without two hex digits; the peer's fault is data
            }
        }
        return parameters;
    }

    private static String decode(String encoded) {
        return URLDecoder.decode(encoded, StandardCharsets.UTF_8);
    }

    Parameters with(String name, String value) {
        values.put(name, value);
        return this;
    }

    Parameters with(String name, long value) {
        return with(name, Long.toString(value));
    }

    Optional<String> text(String name) {
        return Optional.ofNullable(values.get(name));
    }

    /** The number of that name, or {@link Numbers#MALFORMED} if there is none or it is none. */
    long number(String name) {
        return Numbers.parse(values.get(name));
    }

    /** The form; holds secrets where a parameter does. */
    String encode() {
        var form = new StringBuilder();
        values.forEach((name, value) -> form.append(form.isEmpty() ? "" : "&")
                .append(name)
                .append('=')
                .append(URLEncoder.encode(value, StandardCharsets.UTF_8)));
        return form.toString();
    }

    /** Names only: a value may be a secret. */
    @Override
    public String toString() {
        return values.keySet().toString();
    }
}
