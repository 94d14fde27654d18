package io.github.postern.push;

import io.github.postern.ws.core.handshake.Headers;
import java.net.CookieHandler;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Where a client connects to, and what it sends along with every request.
 *
 * @param http the address of requests
 * @param webSocket the same address, with the scheme of WebSockets
 * @param headers further header fields
 * @param cookies gives the cookies, and takes those that the server sets
 * @param sslContext trust and keys, or {@code null} for the JDK's default ones
 */
record Endpoint(
        URI http,
        URI webSocket,
        Headers headers,
        CookieHandler cookies,
        @Nullable SSLContext sslContext) {
    private static final List<String> RESERVED = List.of(
            "accept",
            "connection",
            "content-length",
            "content-type",
            "expect",
            "host",
            "last-event-id",
            "transfer-encoding",
            "upgrade");

    /** Checks the address, which may have any of the four schemes. */
    static Endpoint of(URI uri, Headers headers, CookieHandler cookies, @Nullable SSLContext sslContext) {
        var scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        boolean secure = scheme.equals("https") || scheme.equals("wss");
        if (!secure && !scheme.equals("http") && !scheme.equals("ws")) {
            throw new IllegalArgumentException("none of http, https, ws, wss: " + uri);
        }
        if (uri.getHost() == null) {
            throw new IllegalArgumentException("no host: " + uri);
        }
        if (uri.getRawFragment() != null) {
            throw new IllegalArgumentException("an endpoint has no fragment: " + uri);
        }
        return new Endpoint(
                withScheme(uri, secure ? "https" : "http"),
                withScheme(uri, secure ? "wss" : "ws"),
                headers,
                cookies,
                sslContext);
    }

    private static URI withScheme(URI uri, String scheme) {
        var path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        var query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
        try {
            return new URI(scheme + "://" + uri.getRawAuthority() + path + query);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    /** Whether the protocol itself, or HTTP, sets the field of that name. */
    static boolean isReserved(String name) {
        return RESERVED.contains(name.toLowerCase(Locale.ROOT))
                || name.regionMatches(true, 0, "Postern-", 0, 8)
                || name.regionMatches(true, 0, "Sec-WebSocket-", 0, 14);
    }

    boolean isSecure() {
        return http.getScheme().equals("https");
    }

    /** Without the query, which may hold a token. */
    @Override
    public String toString() {
        return http.getScheme() + "://" + http.getHost() + (http.getPort() < 0 ? "" : ":" + http.getPort())
                + http.getRawPath();
    }
}
