package io.github.postern.ws.core.handshake;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The head of an HTTP request: what a client sends to open a WebSocket (RFC 6455 §4.1), or any other request that a
 * server has to answer.
 *
 * <p>Any integration may build one from plain values. Requests from {@link HttpHeadDecoder} have been checked further: they
 * have one valid Host, and a path that can be read in one way only. {@link ServerHandshake#respond} checks both again.
 *
 * @param method a token, in its own case
 * @param target the request target as written: the origin form ({@code /path?query}) or absolute form, and for CONNECT
 *     {@code host:port}, for OPTIONS {@code *}
 * @param headers the header fields
 */
public record HandshakeRequest(String method, String target, Headers headers) {
    /**
     * Checks method and target.
     *
     * @throws IllegalArgumentException if the method is not a token, or the target has none of the four forms of RFC 9112
     *     §3.2, or contains a fragment or anything but visible ASCII
     */
    public HandshakeRequest {
        Tokens.requireToken("method", method);
        if (RequestTarget.parse(method, target) == null) {
            throw new IllegalArgumentException("not a request target: " + Tokens.printable(target));
        }
    }

    /**
     * {@return the one path for routing and authorisation: escapes decoded as UTF-8, once; empty if the target has no path} A
     * path that readers could take in different ways (dot segments, escaped slashes, backslashes, control characters,
     * broken escapes) never gets past {@link HttpHeadDecoder} or {@link ServerHandshake#respond}; here it comes back as
     * written, not decoded.
     */
    public String path() {
        var parts = parts();
        String path = parts.path();
        return path == null ? parts.rawPath() : path;
    }

    /** {@return the query as written, without the question mark; empty if the target has no question mark} */
    public Optional<String> query() {
        return parts().query();
    }

    /**
     * {@return host, and port if written, that the client wants to reach: the target's if that is absolute (RFC 9112 §3.2.2),
     * otherwise the Host field} Empty if there is no Host field, more than one, or one that is not a host.
     */
    public Optional<String> host() {
        String authority = parts().authority();
        if (!authority.isEmpty()) {
            return Optional.of(authority);
        }
        List<String> hosts = headers.all("Host");
        return hosts.size() == 1 && RequestTarget.isAuthority(hosts.getFirst())
                ? Optional.of(hosts.getFirst())
                : Optional.empty();
    }

    /**
     * {@return the value of the Origin field} Several fields come back joined by commas, which no origin policy can take for an
     * origin or for a missing field.
     */
    public Optional<String> origin() {
        List<String> origins = headers.all("Origin");
        return origins.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", origins));
    }

    /** {@return the subprotocols that the client offers, in its order of preference; unmodifiable, not checked} */
    public List<String> subprotocols() {
        return headers.tokens("Sec-WebSocket-Protocol");
    }

    /** {@return whether a body follows the head: a Transfer-Encoding, or a Content-Length other than 0} */
    public boolean hasBody() {
        return headers.contains("Transfer-Encoding")
                || headers.all("Content-Length").stream().anyMatch(length -> !length.equals("0"));
    }

    /** {@return the head as HTTP/1.1 bytes, complete with the empty line; no header field is added} */
    public byte[] encode() {
        var head = new StringBuilder(256);
        head.append(method).append(' ').append(target).append(" HTTP/1.1\r\n");
        headers.appendTo(head);
        return head.append("\r\n").toString().getBytes(ISO_8859_1);
    }

    /** What every HTTP/1.1 server must answer with 400 (RFC 9112 §3.2), or null. */
    @Nullable
    String fault() {
        List<String> hosts = headers.all("Host");
        if (hosts.size() != 1) {
            return "request needs exactly one Host field, not " + hosts.size();
        }
        Optional<String> host = host();
        if (host.isEmpty() || !host.get().equalsIgnoreCase(hosts.getFirst())) {
            return host.isEmpty() ? "Host is not a host and port" : "Host differs from the request target";
        }
        return parts().path() == null ? "path is ambiguous" : null;
    }

    private RequestTarget parts() {
        return Objects.requireNonNull(RequestTarget.parse(method, target), "checked by the constructor");
    }
}
