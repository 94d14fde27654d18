package io.github.postern.samples;

import io.github.postern.ws.core.handshake.Headers;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The environment of a program that answers a request, as the Common Gateway Interface names it (RFC 3875 §4.1). */
final class Cgi {
    /**
     * Header fields that a program must not get: credentials and secrets (§4.1.18), and {@code Proxy}, since {@code HTTP_PROXY} would tell HTTP libraries to
     * send their requests to whoever sent this one.
     */
    private static final Set<String> KEPT_BACK =
            Set.of("proxy", "authorization", "proxy-authorization", "content-length", "content-type", "last-event-id");

    private static final String OWN = "postern-";

    private Cgi() {}

    /**
     * The variables for a request.
     *
     * @param path of the request, decoded; the program is all there is at it
     * @param host the field Host: name, and port if it is not 80
     */
    static Map<String, String> variables(
            String method, String path, String query, String host, String remoteAddress, Headers headers) {
        var variables = new HashMap<String, String>();
        headers.forEach((name, value) -> {
            var lower = name.toLowerCase(Locale.ROOT);
            if (!KEPT_BACK.contains(lower) && !lower.startsWith(OWN)) {
                var separator = lower.equals("cookie") ? "; " : ", ";
                variables.merge(variable(name), value, (before, next) -> before + separator + next);
            }
        });
        int colon = host.lastIndexOf(':');
        boolean hasPort = colon > host.lastIndexOf(']');
        variables.putAll(Map.of(
                "GATEWAY_INTERFACE",
                "CGI/1.1",
                "SERVER_SOFTWARE",
                "Postern",
                "SERVER_PROTOCOL",
                "HTTP/1.1",
                "SERVER_NAME",
                hasPort ? host.substring(0, colon) : host,
                "SERVER_PORT",
                hasPort ? host.substring(colon + 1) : "80",
                "REQUEST_METHOD",
                method,
                "SCRIPT_NAME",
                path,
                "PATH_INFO",
                "",
                "QUERY_STRING",
                query,
                "REMOTE_ADDR",
                remoteAddress));
        return variables;
    }

    /** §4.1.18: upper case, and an underscore for each hyphen; for what else a name may hold, too, which no shell would take. */
    private static String variable(String name) {
        return "HTTP_" + name.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
    }
}
