package io.github.postern.ws.server;

import io.github.postern.ws.connection.ConnectionHandler;
import io.github.postern.ws.connection.Handshake;
import io.github.postern.ws.connection.WebSocket;
import io.github.postern.ws.core.handshake.HandshakeRequest;
import io.github.postern.ws.core.handshake.HandshakeResponse;
import io.github.postern.ws.core.handshake.HandshakeResult;
import io.github.postern.ws.core.handshake.ServerHandshake;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a request is answered with. Decides only; shared by all connections. A handshake passes, in this order: allowed hosts, routing, origin policy, the
 * handshake's own rules, upgrade policy.
 */
record Reception(
        Routes routes,
        AllowedHosts hosts,
        OriginPolicy originPolicy,
        UpgradePolicy upgradePolicy,
        @Nullable Function<HandshakeRequest, HandshakeResponse> plainRequests) {

    private static final System.Logger LOG = System.getLogger(Reception.class.getName());

    /** A request's outcome. */
    sealed interface Outcome {
        /** The response 101, behind which the connection is a WebSocket. */
        record Open(ConnectionHandler<? super WebSocket> handler, Handshake handshake, HandshakeResponse response)
                implements Outcome {}

        /** The answer to a request that did not ask for a WebSocket. */
        record Plain(HandshakeResponse response) implements Outcome {}

        /** A refusal, and why for the log. */
        record Reject(HandshakeResponse response, String why) implements Outcome {
            static Reject of(int status, String why) {
                return new Reject(HandshakeResponse.of(status, why), why);
            }
        }
    }

    /** Never throws: whatever the application's part throws is answered 500. */
    Outcome receive(HandshakeRequest request, Peer peer) {
        try {
            return decide(request, peer);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the deadline or a shutdown, so the socket is closed
            return Outcome.Reject.of(503, "The server had no time.");
        } catch (Exception | Error e) {
            LOG.log(Level.ERROR, "a request could not be decided upon", e);
            return Outcome.Reject.of(500, "The server failed.");
        }
    }

    private Outcome decide(HandshakeRequest request, Peer peer) throws Exception {
        if (!hosts.allows(request)) {
            return Outcome.Reject.of(421, "This server does not answer to that name.");
        }
        var match = routes.find(request.path());
        if (!ServerHandshake.isUpgrade(request)) {
            return new Outcome.Plain(plain(request, match != null));
        }
        if (match == null) {
            return Outcome.Reject.of(404, "There is nothing here.");
        }
        if (!originPolicy.allows(request, peer.secure())) {
            return Outcome.Reject.of(403, "Pages of this origin may not connect.");
        }
        return switch (match.route().handshake().respond(request)) {
            case HandshakeResult.Accepted accepted -> ask(request, peer, match, accepted);
            case HandshakeResult.Rejected rejected -> new Outcome.Reject(rejected.response(), rejected.why());
        };
    }

    private HandshakeResponse plain(HandshakeRequest request, boolean known) {
        if (!request.method().equals("GET")) {
            return HandshakeResponse.of(405, "Only GET is answered here.").withHeader("Allow", "GET");
        }
        if (plainRequests != null) {
            return plainRequests.apply(request);
        }
        return known ? ServerHandshake.upgradeRequired() : HandshakeResponse.of(404, "There is nothing here.");
    }

    /** Asks the application about a handshake that is acceptable otherwise. */
    private Outcome ask(HandshakeRequest request, Peer peer, Routes.Match match, HandshakeResult.Accepted acceptable)
            throws Exception {
        return switch (upgradePolicy.decide(new UpgradeRequest(request, match.parameters(), peer))) {
            case UpgradeDecision.Reject reject ->
                new Outcome.Reject(reject.response(), "The application refused the handshake.");
            case UpgradeDecision.Accept accept -> {
                var accepted = refine(request, match.route(), acceptable, accept);
                var handshake = Handshake.received(request, peer.secure(), accepted.negotiated())
                        .withPathParameters(match.parameters())
                        .withAttributes(accept.attributes());
                var response = accepted.response();
                for (var header : accept.headers().entries()) {
                    response = response.withHeader(header.name(), header.value());
                }
                yield new Outcome.Open(match.route().handler(), handshake, response);
            }
        };
    }

    private static HandshakeResult.Accepted refine(
            HandshakeRequest request,
            Route route,
            HandshakeResult.Accepted acceptable,
            UpgradeDecision.Accept decision) {
        if (decision.subprotocol().isEmpty() && decision.extensions()) {
            return acceptable;
        }
        var subprotocol = decision.subprotocol().orElse(acceptable.negotiated().subprotocol());
        if (!subprotocol.isEmpty() && !request.subprotocols().contains(subprotocol)) {
            throw new IllegalStateException(
                    "the upgrade policy chose a subprotocol that was not offered: " + subprotocol);
        }
        var refined = new ServerHandshake(
                subprotocol.isEmpty() ? List.of() : List.of(subprotocol),
                decision.extensions() ? route.extensions() : List.of());
        return (HandshakeResult.Accepted) refined.respond(request); // it was acceptable, and is still
    }
}
