package io.github.postern.samples;

import io.github.postern.ws.core.handshake.Headers;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Where a client connects to, as its command line says.
 *
 * @param url with a scheme, a host and no fragment
 * @param headers further header fields, those of {@code --header}
 */
record Destination(URI url, Headers headers) {
    /** Describes {@code --header}. */
    static OptionSpec header() {
        return Arguments.texts("--header", "'NAME: VALUE'", "Send one more header field.");
    }

    /** A destination; what is wrong with it is a wrong argument. */
    static Destination of(Arguments arguments, String url, List<String> schemes) {
        return new Destination(url(arguments, url, schemes), headers(arguments));
    }

    private static URI url(Arguments arguments, String text, List<String> schemes) {
        try {
            var url = new URI(text);
            var scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
            if (schemes.contains(scheme) && url.getHost() != null && url.getRawFragment() == null) {
                return url;
            }
        } catch (URISyntaxException e) {
            // told below
        }
        throw arguments.wrong(
                "not a URL with a host, no fragment, and the scheme " + String.join(" or ", schemes) + ": " + text);
    }

    private static Headers headers(Arguments arguments) {
        var headers = Headers.builder();
        for (var field : arguments.texts("--header")) {
            int colon = field.indexOf(':');
            if (colon < 1) {
                throw arguments.wrong("--header must be like 'Name: value', not " + field);
            }
            try {
                headers.add(field.substring(0, colon), field.substring(colon + 1));
            } catch (IllegalArgumentException e) {
                throw arguments.wrong("--header: " + e.getMessage());
            }
        }
        return headers.build();
    }

    /** Whether it is reached through TLS. */
    boolean isSecure() {
        return url.getScheme().equalsIgnoreCase("wss") || url.getScheme().equalsIgnoreCase("https");
    }

    int port() {
        return url.getPort() >= 0 ? url.getPort() : isSecure() ? 443 : 80;
    }

    /** Path and query, as they go into the request. */
    String resource() {
        return url.getRawPath() + (url.getRawQuery() == null ? "" : '?' + url.getRawQuery());
    }
}
