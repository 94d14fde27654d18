package io.github.postern.ws.server;

import io.github.postern.ws.core.handshake.HandshakeRequest;
import io.github.postern.ws.core.handshake.HandshakeResponse;
import io.github.postern.ws.core.handshake.HandshakeResult;
import io.github.postern.ws.core.handshake.ServerHandshake;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What a request is answered with: routing, origin policy, handshake. Decides only; shared by all connections. */
record Reception(
        Map<String, Route> routes,
        OriginPolicy originPolicy,
        @Nullable Function<HandshakeRequest, HandshakeResponse> plainRequests,
        boolean secure) {

    private static final System.Logger LOG = System.getLogger(Reception.class.getName());

    /** A request's outcome: where a WebSocket goes on, or the response that ends it. */
    sealed interface Outcome {
        record Open(Route route, HandshakeResult.Accepted handshake) implements Outcome {}

        record Answer(HandshakeResponse response) implements Outcome {}
    }

    Outcome receive(HandshakeRequest request) {
        var route = routes.get(request.path());
        if (!ServerHandshake.isUpgrade(request)) {
            return new Outcome.Answer(plain(request, route));
        }
        if (route == null) {
            return new Outcome.Answer(HandshakeResponse.of(404, "There is nothing here."));
        }
        if (!originPolicy.allows(request, secure)) {
            return new Outcome.Answer(HandshakeResponse.of(403, "Pages of this origin may not connect."));
        }
        return switch (route.handshake().respond(request)) {
            case HandshakeResult.Accepted accepted -> new Outcome.Open(route, accepted);
            case HandshakeResult.Rejected rejected -> new Outcome.Answer(rejected.response());
        };
    }

    private HandshakeResponse plain(HandshakeRequest request, @Nullable Route route) {
        if (!request.method().equals("GET")) {
            return HandshakeResponse.of(405, "Only GET is answered here.").withHeader("Allow", "GET");
        }
        if (plainRequests != null) {
            try {
                return plainRequests.apply(request);
            } catch (RuntimeException e) {
                LOG.log(Level.ERROR, "the handler of plain requests failed", e);
                return HandshakeResponse.of(500, "The server failed.");
            }
        }
        return route == null ? HandshakeResponse.of(404, "There is nothing here.") : ServerHandshake.upgradeRequired();
    }
}
