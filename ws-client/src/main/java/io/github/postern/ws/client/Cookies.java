package io.github.postern.ws.client;

import io.github.postern.ws.core.handshake.Headers;
import java.io.IOException;
import java.net.CookieHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Cookies of a handler, asked for and stored under the {@code http} or {@code https} URI of a target. */
record Cookies(CookieHandler handler) {
    /** The fields with the handler's cookies behind those that are in them, all in one field (RFC 6265 §5.4). */
    Headers addTo(Headers headers, Target target) throws IOException {
        var cookies = new ArrayList<>(headers.all("Cookie"));
        handler.get(target.httpUri(), Map.of()).forEach((name, values) -> {
            if (name.equalsIgnoreCase("Cookie")) {
                cookies.addAll(values);
            }
        });
        return cookies.isEmpty() ? headers : headers.without("Cookie").with("Cookie", String.join("; ", cookies));
    }

    void store(Headers response, Target target) throws IOException {
        var fields = new TreeMap<String, List<String>>(String.CASE_INSENSITIVE_ORDER);
        response.forEach(
                (name, value) -> fields.computeIfAbsent(name.toLowerCase(Locale.ROOT), absent -> new ArrayList<>())
                        .add(value));
        handler.put(target.httpUri(), fields);
    }
}
