package io.github.postern.ws.connection;

import io.github.postern.ws.core.handshake.HandshakeRequest;
import io.github.postern.ws.core.handshake.Negotiated;
import java.net.URI;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;

/** What a finished opening handshake tells about its connection. For integrators: applications ask the {@link WebSocket}. */
public final class Handshake {
    private static final AtomicReferenceFieldUpdater<Handshake, @Nullable Map<String, Object>> ATTRIBUTES = updater();

    private final HandshakeRequest request;
    private final Negotiated negotiated;

    /** Null if it follows from the request. */
    private final @Nullable URI url;

    private final boolean secure;
    private final Map<String, String> pathParameters;

    /** Null until somebody asks for them, unless there are some. */
    private volatile @Nullable Map<String, Object> attributes;

    private Handshake(
            HandshakeRequest request,
            Negotiated negotiated,
            @Nullable URI url,
            boolean secure,
            Map<String, String> pathParameters,
            Map<String, Object> attributes) {
        this.request = request;
        this.negotiated = negotiated;
        this.url = url;
        this.secure = secure;
        this.pathParameters = pathParameters;
        this.attributes = attributes.isEmpty() ? null : new ConcurrentHashMap<>(attributes);
    }

    /**
     * {@return a handshake of a connection whose address is known}
     *
     * @param url the address as the client knows it
     * @param request what was sent
     * @param negotiated what was agreed
     */
    public static Handshake of(URI url, HandshakeRequest request, Negotiated negotiated) {
        return new Handshake(request, negotiated, url, false, Map.of(), Map.of());
    }

    /**
     * {@return a handshake of a server that knows of the address what the request tells} Sec-WebSocket-Key is not kept: it is a number used once (RFC 6455 §4.1), it has been answered, and no two connections
     * could share it.
     *
     * @param request what was received, with a valid Host
     * @param secure whether that came over TLS
     * @param negotiated what was agreed
     */
    public static Handshake received(HandshakeRequest request, boolean secure, Negotiated negotiated) {
        var kept = new HandshakeRequest(
                request.method(), request.target(), request.headers().without("Sec-WebSocket-Key"));
        return new Handshake(kept, negotiated, null, secure, Map.of(), Map.of());
    }

    /**
     * {@return the same with what the path's template matched, decoded}
     *
     * @param parameters the new ones
     */
    public Handshake withPathParameters(Map<String, String> parameters) {
        return new Handshake(request, negotiated, url, secure, Map.copyOf(parameters), attributes());
    }

    /**
     * {@return the same with what the connection's {@link WebSocket#attributes} hold at first}
     *
     * @param attributes the new ones
     */
    public Handshake withAttributes(Map<String, Object> attributes) {
        return new Handshake(request, negotiated, url, secure, pathParameters, attributes);
    }

    /** {@return the request, in a server's handshake without its Sec-WebSocket-Key} */
    public HandshakeRequest request() {
        return request;
    }

    /** {@return the subprotocol and the extensions} */
    public Negotiated negotiated() {
        return negotiated;
    }

    /**
     * {@return the address of the connection as the client knows it}
     *
     * @throws IllegalArgumentException if a request that was received does not name one host
     */
    public URI url() {
        return url != null ? url : RequestUrl.of(request, secure);
    }

    /** {@return what the path's template matched} */
    public Map<String, String> pathParameters() {
        return pathParameters;
    }

    /** {@return what the application keeps with the connection} */
    public Map<String, Object> attributes() {
        var known = attributes;
        if (known == null) {
            ATTRIBUTES.compareAndSet(this, null, new ConcurrentHashMap<>());
            known = Objects.requireNonNull(attributes);
        }
        return known;
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // a class has no type arguments
    private static AtomicReferenceFieldUpdater<Handshake, @Nullable Map<String, Object>> updater() {
        return (AtomicReferenceFieldUpdater)
                AtomicReferenceFieldUpdater.newUpdater(Handshake.class, Map.class, "attributes");
    }
}
