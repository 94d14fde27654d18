package io.github.postern.ws.client;

import io.github.postern.ws.core.handshake.ClientHandshake;
import io.github.postern.ws.core.handshake.HandshakeRequest;
import io.github.postern.ws.core.handshake.Headers;
import java.net.URI;
import java.util.Locale;
import javax.net.ssl.SNIHostName;

/**
 * Where a WebSocket URI leads (RFC 6455 §3).
 *
 * @param uri the URI
 * @param secure whether it is {@code wss}
 * @param host name or address; an IPv6 address without brackets
 * @param port the port, the default one of the scheme if the URI has none
 */
record Target(URI uri, boolean secure, String host, int port) {
    /**
     * The target of a URI.
     *
     * @throws IllegalArgumentException if it is not {@code ws} or {@code wss}, has no host or a fragment, its port is
     *     0 or above 65,535, or path, query or host have a form that HTTP or TLS cannot carry
     */
    static Target of(URI uri) {
        var scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        if (!scheme.equals("ws") && !scheme.equals("wss")) {
            throw new IllegalArgumentException("neither ws nor wss: " + uri);
        }
        if (uri.getHost() == null) {
            throw new IllegalArgumentException("no host: " + uri);
        }
        if (uri.getRawFragment() != null) {
            throw new IllegalArgumentException("a WebSocket URI has no fragment: " + uri);
        }
        boolean secure = scheme.equals("wss");
        int port = uri.getPort() != -1 ? uri.getPort() : secure ? 443 : 80;
        var target = new Target(uri, secure, HostName.of(uri), port);
        target.check();
        return target;
    }

    /** Finds now, as a fault of the URI, what would be found later as a fault of nobody. */
    private void check() {
        var unusedRequest = new HandshakeRequest("GET", httpPath(), Headers.of("Host", hostField()));
        if (secure && !HostName.isAddress(host)) {
            var unusedName = new SNIHostName(HostName.canonical(host));
        }
    }

    /** The value of the Host field. */
    String hostField() {
        return ClientHandshake.hostField(host, port, secure);
    }

    /** Host and port, the port always written: what CONNECT is asked for (RFC 9110 §9.3.6). */
    String authority() {
        return HostName.withPort(host, port);
    }

    /** Path and query as written. */
    String resource() {
        return uri.getRawPath() + (uri.getRawQuery() == null ? "" : '?' + uri.getRawQuery());
    }

    /**
     * The {@code http} or {@code https} URI of the same place: for what was made for HTTP, proxy selectors and
     * cookies.
     */
    URI httpUri() {
        return URI.create((secure ? "https://" : "http://") + hostField() + httpPath());
    }

    private String httpPath() {
        return resource().startsWith("/") ? resource() : '/' + resource();
    }

    /** Whether both have scheme, host and port in common (RFC 6454 §5). */
    boolean isSameOrigin(Target other) {
        return secure == other.secure && port == other.port && host.equalsIgnoreCase(other.host);
    }
}
