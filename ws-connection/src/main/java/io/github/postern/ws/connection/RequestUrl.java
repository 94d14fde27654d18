package io.github.postern.ws.connection;

import io.github.postern.ws.core.handshake.HandshakeRequest;
import java.net.URI;
import java.net.URISyntaxException;

/** The address that a server's connection has. */
final class RequestUrl {
    /** What browsers leave as it is in a query, and {@link URI} does not take. */
    private static final String TO_ESCAPE = "\"<>\\^`{|}";

    private static final int HEX = 16;

    private RequestUrl() {}

    /**
     * The address that a request was sent to, as it tells by itself.
     *
     * @param request the handshake's request
     * @param secure whether it arrived over TLS
     * @return scheme {@code ws} or {@code wss}, host, path and query; characters that a URI must not hold are escaped
     * @throws IllegalArgumentException if the request does not name one host
     */
    static URI of(HandshakeRequest request, boolean secure) {
        var host = request.host()
                .orElseThrow(() -> new IllegalArgumentException("no host in the request for " + request.path()));
        try {
            var url = new URI(secure ? "wss" : "ws", host, request.path(), null, null).toASCIIString();
            return new URI(
                    request.query().map(query -> url + '?' + escaped(query)).orElse(url));
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("no address in the request for " + request.path(), e);
        }
    }

    private static String escaped(String query) {
        var escaped = new StringBuilder(query.length());
        for (int i = 0; i < query.length(); i++) {
            char c = query.charAt(i);
            if (TO_ESCAPE.indexOf(c) >= 0 || (c == '%' && !isEscape(query, i))) {
                escaped.append('%').append(Integer.toHexString(c));
            } else {
                escaped.append(c);
            }
        }
        return escaped.toString();
    }

    private static boolean isEscape(String query, int at) {
        return at + 2 < query.length()
                && Character.digit(query.charAt(at + 1), HEX) >= 0
                && Character.digit(query.charAt(at + 2), HEX) >= 0;
    }
}
