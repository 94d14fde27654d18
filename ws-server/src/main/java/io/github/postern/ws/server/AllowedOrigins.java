package io.github.postern.ws.server;

import io.github.postern.ws.core.handshake.HandshakeRequest;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The origins of pages that may connect, in lower case and without a default port. */
record AllowedOrigins(Set<String> origins) {
    /**
     * As RFC 6454 §6.2 writes one: no user, no path, not even a slash at the end. Browsers know schemes besides HTTP's, and some name {@code file://} for files.
     */
    private static final Pattern ORIGIN = Pattern.compile(
            "null|file://|[a-z][a-z0-9+.-]*://(?:[a-z0-9._~-]+|\\[[0-9a-f:.]+])(?::(?<port>0|[1-9][0-9]{0,4}))?");

    private static final int LAST_PORT = 65_535;

    /**
     * Some origins.
     *
     * @throws IllegalArgumentException if one can never be the origin of a page
     */
    static AllowedOrigins of(String... origins) {
        return new AllowedOrigins(
                Arrays.stream(origins).map(AllowedOrigins::checked).collect(Collectors.toUnmodifiableSet()));
    }

    private static String checked(String origin) {
        var normal = normalize(origin);
        var match = ORIGIN.matcher(normal);
        if (!match.matches() || (match.group("port") != null && Integer.parseInt(match.group("port")) > LAST_PORT)) {
            throw new IllegalArgumentException("not an origin, scheme://host or scheme://host:port: " + origin);
        }
        return normal;
    }

    boolean allows(HandshakeRequest request) {
        return request.origin()
                .map(AllowedOrigins::normalize)
                .filter(origins::contains)
                .isPresent();
    }

    /** As browsers write it, which may be how others do not. */
    static String normalize(String origin) {
        var lower = origin.toLowerCase(Locale.ROOT);
        if (lower.startsWith("http://") && lower.endsWith(":80")) {
            return lower.substring(0, lower.length() - 3);
        }
        if (lower.startsWith("https://") && lower.endsWith(":443")) {
            return lower.substring(0, lower.length() - 4);
        }
        return lower;
    }
}
