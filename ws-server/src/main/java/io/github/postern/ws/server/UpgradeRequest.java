package io.github.postern.ws.server;

import io.github.postern.ws.core.handshake.Extension;
import io.github.postern.ws.core.handshake.HandshakeRequest;
import io.github.postern.ws.core.handshake.Headers;
import java.net.InetSocketAddress;
import java.security.Principal;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A handshake as an {@link UpgradePolicy} sees it: well-formed, of an allowed origin, for a path of the server. Immutable. */
public final class UpgradeRequest {
    private final HandshakeRequest request;
    private final Map<String, String> pathParameters;
    private final Peer peer;

    UpgradeRequest(HandshakeRequest request, Map<String, String> pathParameters, Peer peer) {
        this.request = request;
        this.pathParameters = pathParameters;
        this.peer = peer;
    }

    /** {@return the request as it arrived} */
    public HandshakeRequest request() {
        return request;
    }

    /** {@return the path, decoded: the same that chose the handler} */
    public String path() {
        return request.path();
    }

    /** {@return what the parameters of the path's template matched, by name, decoded; unmodifiable} */
    public Map<String, String> pathParameters() {
        return pathParameters;
    }

    /** {@return the header fields} */
    public Headers headers() {
        return request.headers();
    }

    /**
     * The parameters of the query as a browser's {@code URLSearchParams} reads them: a plus is a space, escapes are decoded as UTF-8, what is not
     * UTF-8 becomes U+FFFD, and a broken escape stands for itself.
     *
     * @return each name's values in their order; unmodifiable
     */
    public Map<String, List<String>> queryParameters() {
        return RequestFields.query(request.query().orElse(""));
    }

    /**
     * {@return the first value of a parameter of the query; see {@link #queryParameters}}
     *
     * @param name the name of the parameter, decoded
     */
    public Optional<String> queryParameter(String name) {
        return queryParameters().getOrDefault(name, List.of()).stream().findFirst();
    }

    /**
     * The cookies (RFC 6265 §4.2), values as they were written. Of several with one name the first counts, which is the one for the longest path
     * (§5.4).
     *
     * @return values by name, in the order of the request; unmodifiable
     */
    public Map<String, String> cookies() {
        return RequestFields.cookies(request.headers().all("Cookie"));
    }

    /** {@return the subprotocols that the client offers, in its order of preference; unmodifiable} */
    public List<String> subprotocols() {
        return request.subprotocols();
    }

    /** {@return the extensions that the client offers, in its order of preference; unmodifiable} */
    public List<Extension> extensions() {
        return Extension.parse(headers().all("Sec-WebSocket-Extensions")).orElse(List.of());
    }

    /** {@return the other end of the socket, which may be a proxy} */
    public InetSocketAddress remoteAddress() {
        return peer.address();
    }

    /** {@return whether the request arrived over TLS} */
    public boolean isSecure() {
        return peer.secure();
    }

    /**
     * {@return who the client's TLS certificate says it is; empty without TLS, or if there is none} A server asks for certificates if its
     * {@linkplain WebSocketServer.Builder#tls(javax.net.ssl.SSLContext, javax.net.ssl.SSLParameters) TLS parameters} say so.
     */
    public Optional<Principal> principal() {
        return Optional.ofNullable(peer.principal());
    }

    @Override
    public String toString() {
        return request.path() + " from " + peer.address();
    }
}
