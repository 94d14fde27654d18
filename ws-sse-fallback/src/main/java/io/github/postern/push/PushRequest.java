package io.github.postern.push;

import io.github.postern.ws.core.handshake.Headers;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A request as a {@link PushAuthenticator} sees it: the handshake of a WebSocket, a GET that receives, a POST that sends. Immutable, and good after the
 * request has ended.
 */
public final class PushRequest {
    private static final String BEARER = "bearer ";

    private final String method;
    private final String path;
    private final String query;
    private final Headers headers;
    private final String remoteAddress;
    private final boolean secure;
    private final @Nullable String token;

    private PushRequest(PushRequest of, @Nullable String token) {
        this.method = of.method;
        this.path = of.path;
        this.query = of.query;
        this.headers = of.headers;
        this.remoteAddress = of.remoteAddress;
        this.secure = of.secure;
        this.token = token;
    }

    private PushRequest(HttpServletRequest request, Headers headers) {
        this.method = request.getMethod();
        this.path = request.getRequestURI();
        this.query = request.getQueryString() == null ? "" : request.getQueryString();
        this.headers = headers;
        this.remoteAddress = request.getRemoteAddr();
        this.secure = request.isSecure();
        this.token = bearer(headers.first("Authorization").orElse(""));
    }

    /** A copy of what a container has, or {@code null} if it lets headers through that are none. */
    static @Nullable PushRequest of(HttpServletRequest request) {
        var headers = Headers.builder();
        var names = request.getHeaderNames();
        try {
            while (names.hasMoreElements()) {
                var name = names.nextElement();
                var values = request.getHeaders(name);
                while (values.hasMoreElements()) {
                    headers.add(name, values.nextElement());
                }
            }
        } catch (IllegalArgumentException e) {
            return null; // the peer's fault is data
        }
        return new PushRequest(request, headers.build());
    }

    private static @Nullable String bearer(String authorization) {
        return authorization.toLowerCase(Locale.ROOT).startsWith(BEARER)
                ? authorization.substring(BEARER.length()).strip()
                : null;
    }

    /** The same request with a token that came in a record. */
    PushRequest withToken(String value) {
        return new PushRequest(this, value);
    }

    /** {@return {@code GET}, {@code POST}, or {@code CONNECT} for a WebSocket over HTTP/2 (RFC 8441 §4)} */
    public String method() {
        return method;
    }

    /** {@return the path, as it was sent} */
    public String path() {
        return path;
    }

    /** {@return the query without its question mark, as it was sent; empty if there is none} */
    public String query() {
        return query;
    }

    /** {@return all header fields} */
    public Headers headers() {
        return headers;
    }

    /**
     * {@return the value of a header field, the first if there are several}
     *
     * @param name the name of the field, in any case
     */
    public Optional<String> header(String name) {
        return headers.first(name);
    }

    /**
     * {@return the value of a cookie, as it was sent}
     *
     * @param name the name of the cookie
     */
    public Optional<String> cookie(String name) {
        for (var field : headers.all("Cookie")) {
            for (var pair : field.split(";", -1)) {
                int equals = pair.indexOf('=');
                if (equals > 0 && pair.substring(0, equals).strip().equals(name)) {
                    return Optional.of(pair.substring(equals + 1).strip());
                }
            }
        }
        return Optional.empty();
    }

    /** {@return the address of the client, or of the proxy before the server} */
    public String remoteAddress() {
        return remoteAddress;
    }

    /** {@return whether it came by TLS} */
    public boolean isSecure() {
        return secure;
    }

    /** {@return the token of {@code Authorization: Bearer}, or that of a record on a WebSocket} */
    public Optional<String> token() {
        return Optional.ofNullable(token);
    }

    /** Without anything that may be a secret. */
    @Override
    public String toString() {
        return "PushRequest[" + method + ' ' + path + ", " + remoteAddress + "]";
    }
}
