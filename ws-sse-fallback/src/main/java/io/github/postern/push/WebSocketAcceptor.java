package io.github.postern.push;

import io.github.postern.ws.connection.ConnectionOptions;
import io.github.postern.ws.connection.Handshake;
import io.github.postern.ws.connection.Transport;
import io.github.postern.ws.connection.WebSocketConnection;
import io.github.postern.ws.core.Limits;
import io.github.postern.ws.core.Role;
import io.github.postern.ws.core.handshake.HandshakeRequest;
import io.github.postern.ws.core.handshake.HandshakeResponse;
import io.github.postern.ws.core.handshake.HandshakeResult;
import io.github.postern.ws.core.handshake.Headers;
import io.github.postern.ws.core.handshake.Negotiated;
import io.github.postern.ws.core.handshake.ServerHandshake;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Answers the GETs that want a WebSocket (PROTOCOL.md §8). */
final class WebSocketAcceptor {
    private static final System.Logger LOG = System.getLogger(WebSocketAcceptor.class.getName());

    /** The subprotocol in which a WebSocket carries a session that outlives it. */
    static final String SUBPROTOCOL = "postern.v1";

    /** Room for a type byte, and for any control record of this version. */
    private static final int CONTROL_RECORD = 1024;

    private final PushEndpoint endpoint;
    private final ServerHandshake handshake = new ServerHandshake(List.of(SUBPROTOCOL), List.of());
    private final ConnectionOptions connectionOptions;

    WebSocketAcceptor(PushEndpoint endpoint) {
        this.endpoint = endpoint;
        var options = endpoint.options();
        long frame = Math.max(CONTROL_RECORD, 1L + options.limits().maxMessageSize());
        this.connectionOptions = ConnectionOptions.defaults()
                .withLimits(Limits.defaults().withMaxFrameSize(frame).withMaxMessageSize(frame))
                .withCloseTimeout(options.closeTimeout())
                .withWriteTimeout(options.writeTimeout());
    }

    /** Whether a GET wants a WebSocket. */
    static boolean isUpgrade(HttpServletRequest request) {
        var upgrades = request.getHeaders("Upgrade");
        while (upgrades.hasMoreElements()) {
            if (upgrades.nextElement().toLowerCase(Locale.ROOT).contains("websocket")) {
                return true;
            }
        }
        return false;
    }

    /** Serves the request, or returns how it is refused. */
    @Nullable
    Answer accept(HttpServletRequest request, HttpServletResponse response) throws IOException {
        HandshakeRequest read;
        try {
            read = read(request);
        } catch (IllegalArgumentException e) {
            return Answer.badHeader(); // the container lets more through than we do
        }
        return switch (handshake.respond(read)) {
            case HandshakeResult.Rejected rejected -> Answer.of(rejected.response());
            case HandshakeResult.Accepted accepted -> {
                var served = new Accepted(read, accepted.negotiated(), url(request), request.getRemoteAddr());
                yield served.negotiated().subprotocol().equals(SUBPROTOCOL)
                        ? upgrade(request, response, accepted.response(), served)
                        : upgradeBare(request, response, accepted.response(), served);
            }
        };
    }

    /** What outlives the request. */
    private record Accepted(HandshakeRequest request, Negotiated negotiated, URI url, String address) {}

    private @Nullable Answer upgrade(
            HttpServletRequest request, HttpServletResponse response, HandshakeResponse answer, Accepted served)
            throws IOException {
        WebSocketUpgrade.of(request)
                .upgrade(
                        request,
                        response,
                        answer,
                        (transport, leftover) -> serve(socket(served, transport, leftover), served, null));
        return null;
    }

    /** A bare client's session is opened before the answer, since only the answer can refuse it. */
    private @Nullable Answer upgradeBare(
            HttpServletRequest request, HttpServletResponse response, HandshakeResponse answer, Accepted served)
            throws IOException {
        var opened = endpoint.sessions().open(SessionKind.BARE_WEBSOCKET, served.address());
        var session = opened.session();
        if (session == null) {
            return HttpReceiver.refusal(opened.refusal());
        }
        try {
            WebSocketUpgrade.of(request)
                    .upgrade(
                            request,
                            response,
                            answer,
                            (transport, leftover) -> serve(socket(served, transport, leftover), served, session));
        } catch (IOException | RuntimeException e) {
            session.application().abort();
            throw e;
        }
        return null;
    }

    private void serve(WebSocketConnection socket, Accepted served, @Nullable LiveSession bare) {
        var receiver = new WebSocketReceiver(endpoint, socket, served.address());
        try {
            if (bare == null) {
                receiver.serve();
            } else {
                receiver.serveBare(bare);
            }
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "serving a WebSocket failed", e);
            socket.abort();
        }
    }

    private WebSocketConnection socket(Accepted served, Transport transport, ByteBuffer leftover) {
        return WebSocketConnection.open(
                transport,
                Role.SERVER,
                connectionOptions,
                Handshake.of(served.url(), served.request(), served.negotiated()),
                leftover);
    }

    private static HandshakeRequest read(HttpServletRequest request) {
        var headers = Headers.builder();
        var names = request.getHeaderNames();
        while (names.hasMoreElements()) {
            var name = names.nextElement();
            var values = request.getHeaders(name);
            while (values.hasMoreElements()) {
                headers.add(name, values.nextElement());
            }
        }
        return new HandshakeRequest(request.getMethod(), target(request), headers.build());
    }

    private static String target(HttpServletRequest request) {
        var query = request.getQueryString();
        return query == null ? request.getRequestURI() : request.getRequestURI() + "?" + query;
    }

    private static URI url(HttpServletRequest request) {
        var url = request.getRequestURL().toString();
        return URI.create((request.isSecure() ? "wss" : "ws") + url.substring(url.indexOf(':')));
    }
}
