package io.github.postern.push;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Which pages may use an endpoint (PROTOCOL.md §12). Pure. */
final class OriginPolicy {
    /** What is decided about a request. */
    enum Decision {
        /** Not from a page of another origin. */
        OWN,
        /** From an origin on the list. */
        LISTED,
        /** From another origin, where all are allowed. */
        ANY,
        /** From another origin. */
        FOREIGN,
        /** For a host that is not served. */
        UNKNOWN_HOST
    }

    private static final String ANY = "*";

    private static final String HOST_AND_PORT = "([A-Za-z0-9._~-]+|\\[[0-9A-Fa-f:.]+])(:[0-9]{1,5})?";

    /** What a browser may say in {@code Origin} (RFC 6454 §6.2). Some say {@code file://} of pages that are files of an application. */
    private static final Pattern ORIGIN =
            Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*://" + HOST_AND_PORT + "|null|(?i:file)://");

    private static final Pattern HOST = Pattern.compile(HOST_AND_PORT);

    private final Set<String> origins = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    private final Set<String> hosts = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);

    private final boolean anyOrigin;

    OriginPolicy(Set<String> allowedOrigins, Set<String> allowedHosts) {
        anyOrigin = allowedOrigins.contains(ANY);
        allowedOrigins.forEach(origin -> origins.add(canonical(origin)));
        hosts.addAll(allowedHosts);
    }

    /**
     * Checks an origin that is to be allowed.
     *
     * @throws IllegalArgumentException if no page can have it
     */
    static void checkOrigin(String origin) {
        if (!origin.equals(ANY) && !ORIGIN.matcher(origin).matches()) {
            throw new IllegalArgumentException("not an origin: " + origin);
        }
    }

    /**
     * Checks a host that is to be served.
     *
     * @throws IllegalArgumentException if {@code Host} can never be that
     */
    static void checkHost(String host) {
        if (!HOST.matcher(host).matches()) {
            throw new IllegalArgumentException("not a host: " + host);
        }
    }

    /**
     * Decides.
     *
     * @param scheme the scheme of the request: {@code http} or {@code https}
     * @param host its {@code Host}, or {@code null}
     * @param origin its {@code Origin}, or {@code null}
     * @param fetchSite its {@code Sec-Fetch-Site}, or {@code null}
     */
    Decision decide(String scheme, @Nullable String host, @Nullable String origin, @Nullable String fetchSite) {
        if (!hosts.isEmpty() && (host == null || !hosts.contains(host))) {
            return Decision.UNKNOWN_HOST;
        }
        if (origin != null) {
            var asked = canonical(origin);
            if (host != null && asked.equals(canonical(scheme + "://" + host))) {
                return Decision.OWN;
            }
            if (origins.contains(asked)) {
                return Decision.LISTED;
            }
            return anyOrigin ? Decision.ANY : Decision.FOREIGN;
        }
        boolean fromElsewhere = "cross-site".equals(fetchSite) || "same-site".equals(fetchSite);
        return fromElsewhere ? Decision.FOREIGN : Decision.OWN;
    }

    /** Scheme, host and port of an origin; something that equals no other if it is none, such as {@code null}. */
    private static String canonical(String origin) {
        try {
            var uri = new URI(origin);
            var scheme = uri.getScheme();
            if (scheme == null || uri.getHost() == null) {
                return "not an origin: " + origin;
            }
            int standard = scheme.equalsIgnoreCase("https") ? 443 : 80;
            int port = uri.getPort() < 0 ? standard : uri.getPort();
            return (scheme + "://" + uri.getHost() + ":" + port).toLowerCase(Locale.ROOT);
        } catch (URISyntaxException e) {
            return "not an origin: " + origin;
        }
    }
}
