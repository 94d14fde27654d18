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
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Answers the GETs, and the extended CONNECTs of HTTP/2, that want a WebSocket (PROTOCOL.md §8). */
final class WebSocketAcceptor {
    private static final System.Logger LOG = System.getLogger(WebSocketAcceptor.class.getName());

    /** The subprotocol in which a WebSocket carries a session that outlives it. */
    static final String SUBPROTOCOL = "postern.v1";

    /** What a client offers besides if it is to open a session; never selected. */
    static final String OPENING = "postern.open";

    /** Well formed, for handshakes that have none. */
    private static final String NO_KEY = "AAAAAAAAAAAAAAAAAAAAAA==";

    /** Room for a type byte, and for any control record of this version. */
    private static final int CONTROL_RECORD = 1024;

    private final PushEndpoint endpoint;
    private final ServerHandshake handshake = new ServerHandshake(List.of(SUBPROTOCOL), List.of());
    private final ConnectionOptions connectionOptions;
    private final AtomicBoolean warned = new AtomicBoolean();

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

    /** Whether a GET is a handshake from which something in between, such as a proxy that was told nothing of WebSockets, has taken the upgrade. */
    static boolean hasLostItsUpgrade(HttpServletRequest request) {
        return request.getHeader("Sec-WebSocket-Key") != null && !isUpgrade(request);
    }

    /** Whether the client says that it wants a new session, which otherwise only its first frame would tell. */
    private static boolean opens(HttpServletRequest request) {
        var offers = request.getHeaders("Sec-WebSocket-Protocol");
        while (offers.hasMoreElements()) {
            if (List.of(offers.nextElement().split("[ \t]*,[ \t]*", -1)).contains(OPENING)) {
                return true;
            }
        }
        return false;
    }

    /** Serves the request, or returns how it is refused. */
    @Nullable
    Answer accept(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (endpoint.sessions().isStopped() && opens(request)) {
            return Answer.stopping();
        }
        HandshakeRequest read;
        try {
            read = read(request);
        } catch (IllegalArgumentException e) {
            return Answer.badHeader(); // the container lets more through than we do
        }
        try {
            return respond(request, response, read);
        } catch (UpgradeUnsupportedException e) {
            if (!warned.getAndSet(true)) {
                LOG.log(Level.WARNING, "this container offers no WebSocket; clients use the other transports", e);
            }
            return Answer.of(HttpServletResponse.SC_NOT_IMPLEMENTED);
        }
    }

    private @Nullable Answer respond(HttpServletRequest request, HttpServletResponse response, HandshakeRequest read)
            throws IOException {
        return switch (handshake.respond(read)) {
            case HandshakeResult.Rejected rejected -> Answer.of(rejected.response());
            case HandshakeResult.Accepted accepted -> accept(request, response, read, accepted);
        };
    }

    private @Nullable Answer accept(
            HttpServletRequest request,
            HttpServletResponse response,
            HandshakeRequest read,
            HandshakeResult.Accepted accepted)
            throws IOException {
        boolean bare = !accepted.negotiated().subprotocol().equals(SUBPROTOCOL);
        var copy = endpoint.gate().isOpen() ? null : PushRequest.of(request);
        Authentication client = Authentication.anonymous();
        if (copy != null && (bare || copy.header("Authorization").isPresent())) {
            client = endpoint.gate().decide(copy); // otherwise the token comes with the record that attaches
        }
        if (client instanceof Authentication.Rejected rejected) {
            return Gate.answer(rejected);
        }
        var served = new Accepted(read, accepted.negotiated(), url(request), request.getRemoteAddr(), copy);
        return bare
                ? upgradeBare(request, response, accepted.response(), served, (Authentication.Admitted) client)
                : upgrade(request, response, accepted.response(), served);
    }

    /** What outlives the request; its copy for the authenticator only if there is one. */
    private record Accepted(
            HandshakeRequest request,
            Negotiated negotiated,
            URI url,
            String address,
            @Nullable PushRequest copy) {}

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
            HttpServletRequest request,
            HttpServletResponse response,
            HandshakeResponse answer,
            Accepted served,
            Authentication.Admitted client)
            throws IOException {
        var opened = endpoint.sessions().open(SessionKind.BARE_WEBSOCKET, served.address(), client);
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
        var receiver = new WebSocketReceiver(endpoint, socket, served.address(), served.copy());
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
        if (request.getMethod().equals("CONNECT")) {
            // RFC 8441 §5: :method and :protocol say what these say over HTTP/1.1
            headers.add("Upgrade", "websocket").add("Connection", "Upgrade").add("Sec-WebSocket-Key", NO_KEY);
            if (request.getHeader("Host") == null) {
                headers.add("Host", request.getServerName() + ":" + request.getServerPort());
            }
        }
        return new HandshakeRequest("GET", target(request), headers.build());
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
