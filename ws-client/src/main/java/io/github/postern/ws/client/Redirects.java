package io.github.postern.ws.client;

import io.github.postern.ws.core.handshake.HandshakeResponse;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Follows redirects (RFC 9110 §15.4) from one target to the next. For one call of connect. */
final class Redirects {
    private static final Set<Integer> STATUSES = Set.of(301, 302, 303, 307, 308);

    private final int max;
    private final Set<URI> visited = new HashSet<>();

    Redirects(int max) {
        this.max = max;
    }

    /**
     * Where to go next.
     *
     * @return null if the response is no redirect, or none is to be followed
     * @throws HandshakeRejectedException if it is one that must not be followed
     */
    @Nullable
    Target next(Target current, HandshakeResponse response) throws HandshakeRejectedException {
        if (max == 0 || !STATUSES.contains(response.status())) {
            return null;
        }
        visited.add(current.uri());
        var next = target(current, response);
        if (current.secure() && !next.secure()) {
            throw new HandshakeRejectedException("redirect from wss to ws: " + next.uri(), response);
        }
        if (visited.contains(next.uri())) {
            throw new HandshakeRejectedException("redirect loop: " + next.uri(), response);
        }
        if (visited.size() > max) {
            throw new HandshakeRejectedException("more than " + max + " redirects: " + next.uri(), response);
        }
        return next;
    }

    private static Target target(Target current, HandshakeResponse response) throws HandshakeRejectedException {
        var location = response.headers().first("Location");
        if (location.isEmpty()) {
            throw new HandshakeRejectedException("redirect without Location: " + response.status(), response);
        }
        try {
            return Target.of(webSocketUri(current, location.get()));
        } catch (URISyntaxException | IllegalArgumentException e) {
            throw new HandshakeRejectedException("redirect to no WebSocket: " + e.getMessage(), response);
        }
    }

    /** The location as {@code ws} or {@code wss} URI: resolved, without fragment and user information. */
    private static URI webSocketUri(Target current, String location) throws URISyntaxException {
        var base = current.httpUri();
        var there = location.startsWith("?") // URI.resolve still does what RFC 2396 said
                ? new URI(base.getScheme() + "://" + base.getRawAuthority() + base.getRawPath() + location)
                : base.resolve(new URI(location));
        var scheme = switch (String.valueOf(there.getScheme()).toLowerCase(Locale.ROOT)) {
            case "ws", "http" -> "ws";
            case "wss", "https" -> "wss";
            default -> throw new IllegalArgumentException("neither ws, wss, http nor https: " + there);
        };
        if (there.getHost() == null) {
            throw new IllegalArgumentException("no host: " + there);
        }
        var port = there.getPort() == -1 ? "" : ":" + there.getPort();
        var path = there.getRawPath().isEmpty() ? "/" : there.getRawPath();
        var query = there.getRawQuery() == null ? "" : '?' + there.getRawQuery();
        return new URI(scheme + "://" + there.getHost() + port + path + query);
    }
}
