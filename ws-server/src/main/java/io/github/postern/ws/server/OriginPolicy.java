package io.github.postern.ws.server;

import io.github.postern.ws.core.handshake.HandshakeRequest;

/**
 * Which pages may connect (RFC 6455 §10.2). A browser names the origin of the page that opens a WebSocket, and applies no
 * same-origin policy of its own: the server must, or any page a user visits can use the user's cookies here. Loopback is no exception.
 */
@FunctionalInterface
public interface OriginPolicy {
    /**
     * Whether a handshake may go on. Called on the handshake's own virtual thread, for several at once; what it throws is logged and answered 500.
     *
     * @param request the handshake
     * @param secure whether it arrived over TLS
     * @return false to answer 403
     */
    boolean allows(HandshakeRequest request, boolean secure);

    /**
     * Allows pages of this server itself: scheme, host and port of {@code Origin} are those that the request was sent
     * to. Allows requests without an {@code Origin}, which no browser sends; see {@link #requiringOrigin}.
     *
     * @return the policy
     */
    static OriginPolicy sameOrigin() {
        return (request, secure) -> {
            var origin = request.origin();
            var own = (secure ? "https://" : "http://") + request.host().orElse("");
            return origin.isEmpty() || AllowedOrigins.normalize(origin.get()).equals(AllowedOrigins.normalize(own));
        };
    }

    /**
     * Allows pages of this server itself, and of the given origins.
     *
     * @param origins each as browsers name it (RFC 6454 §6.2), but in any case: scheme, host, and port unless it is the default one, for instance {@code
     *     https://example.org}, and nothing behind it; a host that is not ASCII in its ASCII form ({@code xn--…}), an IPv6 address in brackets. Or {@code null}, the
     *     origin of pages that have none of their own, as any site can make them.
     * @return the policy
     * @throws IllegalArgumentException if one can never be the origin of a page
     */
    static OriginPolicy sameOriginOr(String... origins) {
        var allowed = AllowedOrigins.of(origins);
        return (request, secure) -> sameOrigin().allows(request, secure) || allowed.allows(request);
    }

    /**
     * Allows every page, for services that any page may use without credentials.
     *
     * @return the policy
     */
    static OriginPolicy any() {
        return (request, secure) -> true;
    }

    /** {@return this policy, and no request without an {@code Origin}: for services that only pages use} */
    default OriginPolicy requiringOrigin() {
        return (request, secure) -> request.origin().isPresent() && allows(request, secure);
    }
}
