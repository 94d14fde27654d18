package io.github.postern.push;

import io.github.postern.ws.connection.ConnectionHandler;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.Serial;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A push endpoint for any Servlet 6.1 container: one URL over which clients hold sessions by WebSocket, Server-Sent Events, long polling or polling
 * ({@code PROTOCOL.md}).
 *
 * <p>Register it with asynchronous support, mapped to one exact path:
 * {@snippet :
 * var registration = servletContext.addServlet("push", new PushServlet(session -> {
 *     for (var message : session) {
 *         session.send(message);
 *     }
 * }));
 * registration.setAsyncSupported(true);
 * registration.addMapping("/push");
 * }
 *
 * <p><b>Threads.</b> Each session's handler runs on a virtual thread of its own. A client that reads slowly holds up nobody else. A GET that waits
 * holds no container thread.
 *
 * <p>Authentication is the deployment's: a servlet filter sees every request of every transport, the WebSocket's handshake included.
 */
public final class PushServlet extends HttpServlet {
    @Serial
    private static final long serialVersionUID = 1L;

    private static final System.Logger LOG = System.getLogger(PushServlet.class.getName());

    private static final String METHODS = "GET, POST, OPTIONS";
    private static final String REQUEST_HEADERS = String.join(
            ", ",
            "Content-Type",
            PushHeaders.LAST_EVENT_ID,
            PushHeaders.SESSION,
            PushHeaders.EPOCH,
            PushHeaders.TRANSPORT,
            PushHeaders.SEQUENCE,
            PushHeaders.PADDING,
            PushHeaders.VERSION);
    private static final String RESPONSE_HEADERS = String.join(
            ", ",
            PushHeaders.SESSION,
            PushHeaders.ID,
            PushHeaders.EPOCH,
            PushHeaders.RECEIVED,
            PushHeaders.EXPECTED,
            PushHeaders.ERROR,
            "Retry-After");

    private final transient PushEndpoint endpoint;
    private final transient HttpReceiver receiver;
    private final transient HttpSender sender;
    private final transient WebSocketAcceptor acceptor;

    /** An endpoint with {@linkplain PushOptions#defaults default options}, whose sessions {@code handler} serves. */
    public PushServlet(ConnectionHandler<? super PushSession> handler) {
        this(handler, PushOptions.defaults());
    }

    /** An endpoint whose sessions {@code handler} serves. */
    public PushServlet(ConnectionHandler<? super PushSession> handler, PushOptions options) {
        this.endpoint = new PushEndpoint(handler, options);
        this.receiver = new HttpReceiver(endpoint);
        this.sender = new HttpSender(endpoint);
        this.acceptor = new WebSocketAcceptor(endpoint);
    }

    /** The sessions that have not ended, those whose clients are away included; a snapshot. */
    public List<PushSession> sessions() {
        return endpoint.sessions().live();
    }

    /**
     * Closes every session with 1001 and opens no more. Returns when the attached clients know, at the latest after {@code patience}. The container
     * calls it through {@link #destroy} if nobody else did.
     */
    public void close(Duration patience) {
        endpoint.stop(patience);
    }

    /** Begins to close every session with 1001 without waiting. */
    void goAway() {
        endpoint.sessions().goAway();
    }

    @Override
    public void init() {
        endpoint.start();
    }

    @Override
    public void destroy() {
        endpoint.stop(endpoint.options().closeTimeout());
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) {
        try {
            var answer = respond(request, response);
            if (answer != null) {
                answer.writeTo(response);
            }
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "a client went away in mid-request", e);
            fail(response, HttpServletResponse.SC_BAD_REQUEST);
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "a push request failed", e);
            fail(response, HttpServletResponse.SC_INTERNAL_SERVER_ERROR);
        }
    }

    /** Says that it failed, and nothing of why. */
    private static void fail(HttpServletResponse response, int status) {
        if (!response.isCommitted()) {
            response.reset();
            response.setStatus(status);
            response.setHeader("Connection", "close");
        }
    }

    private @Nullable Answer respond(HttpServletRequest request, HttpServletResponse response) throws IOException {
        var refusal = checkOrigin(request, response);
        if (refusal != null) {
            return refusal;
        }
        var version = request.getHeader(PushHeaders.VERSION);
        if (version != null && !version.equals("1")) {
            return Answer.badHeader();
        }
        return switch (request.getMethod()) {
            case "GET" ->
                WebSocketAcceptor.isUpgrade(request)
                        ? acceptor.accept(request, response)
                        : receiver.receive(request, response);
            case "POST" -> sender.send(request, response);
            case "OPTIONS" -> Answer.of(HttpServletResponse.SC_NO_CONTENT).with("Allow", METHODS);
            default -> Answer.error(405, "method", "only " + METHODS).with("Allow", METHODS);
        };
    }

    private @Nullable Answer checkOrigin(HttpServletRequest request, HttpServletResponse response) {
        var origin = request.getHeader("Origin");
        var decision = endpoint.origins()
                .decide(request.getScheme(), host(request), origin, request.getHeader("Sec-Fetch-Site"));
        switch (decision) {
            case UNKNOWN_HOST -> {
                return Answer.error(403, "host", "this host is not served");
            }
            case FOREIGN -> {
                return Answer.error(403, "origin", "pages of another origin are not admitted");
            }
            case LISTED, ANY -> {
                allow(response, String.valueOf(origin), decision == OriginPolicy.Decision.LISTED);
                if (request.getMethod().equals("OPTIONS")) {
                    response.setHeader("Access-Control-Allow-Methods", METHODS);
                    response.setHeader("Access-Control-Allow-Headers", REQUEST_HEADERS);
                    response.setHeader("Access-Control-Max-Age", "7200");
                }
            }
            case OWN -> {
                // no page of another origin, so no CORS
            }
        }
        return null;
    }

    /** The authority to which the request was made, which HTTP/2 has elsewhere than in {@code Host}. */
    private static String host(HttpServletRequest request) {
        var host = request.getHeader("Host");
        return host != null ? host : request.getServerName() + ":" + request.getServerPort();
    }

    private static void allow(HttpServletResponse response, String origin, boolean credentials) {
        response.setHeader("Access-Control-Allow-Origin", origin);
        response.setHeader("Vary", "Origin");
        response.setHeader("Access-Control-Expose-Headers", RESPONSE_HEADERS);
        if (credentials) {
            response.setHeader("Access-Control-Allow-Credentials", "true");
        }
    }
}
