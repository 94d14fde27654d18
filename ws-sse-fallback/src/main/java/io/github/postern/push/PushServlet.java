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
 * {@snippet class="io.github.postern.verify.examples.PushExamplesTest" region="servlet" :
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
 * <p>Who may use it, an {@link #authenticator} decides; or a servlet filter, which sees every request of every transport, the WebSocket's handshake
 * included.
 */
public final class PushServlet extends HttpServlet {
    @Serial
    private static final long serialVersionUID = 1L;

    private static final System.Logger LOG = System.getLogger(PushServlet.class.getName());

    private static final Duration LONGEST = Duration.ofDays(365);

    private static final String METHODS = "GET, POST, OPTIONS";
    private static final String REQUEST_HEADERS = String.join(
            ", ",
            "Authorization",
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

    private final transient Topics topics;
    private final transient PushEndpoint endpoint;
    private final transient HttpReceiver receiver;
    private final transient HttpSender sender;
    private final transient WebSocketAcceptor acceptor;

    /**
     * An endpoint with {@linkplain PushOptions#defaults default options}, whose sessions {@code handler} serves.
     *
     * @param handler called for each session on a virtual thread of its own; 1000 is sent when it returns, 1011 when it throws
     */
    public PushServlet(ConnectionHandler<? super PushSession> handler) {
        this(handler, PushOptions.defaults());
    }

    /**
     * An endpoint whose sessions {@code handler} serves.
     *
     * @param handler called for each session on a virtual thread of its own; 1000 is sent when it returns, 1011 when it throws
     * @param options the limits, timeouts and policy
     */
    public PushServlet(ConnectionHandler<? super PushSession> handler, PushOptions options) {
        this(handler, options, new Topics());
    }

    /** An endpoint that shares topics with others. */
    PushServlet(ConnectionHandler<? super PushSession> handler, PushOptions options, Topics topics) {
        this.topics = topics;
        this.endpoint = new PushEndpoint(handler, options);
        this.receiver = new HttpReceiver(endpoint);
        this.sender = new HttpSender(endpoint);
        this.acceptor = new WebSocketAcceptor(endpoint);
    }

    /**
     * Has every attach and POST authenticated. To be called before the first request.
     *
     * @param value asked about each of them
     * @return this servlet
     */
    public PushServlet authenticator(PushAuthenticator value) {
        endpoint.gate().authenticator(value);
        return this;
    }

    /**
     * Has a listener told what becomes of the sessions from now on.
     *
     * @param listener is told; several may be added
     * @return this servlet
     */
    public PushServlet addListener(PushListener listener) {
        endpoint.sessions().observer().addListener(listener);
        return this;
    }

    /** {@return what the sessions of this endpoint have done so far; visits every session} */
    public PushMetrics metrics() {
        return endpoint.sessions().metrics();
    }

    /** {@return the sessions that have not ended, those whose clients are away included; a snapshot} */
    public List<PushSession> sessions() {
        return endpoint.sessions().live();
    }

    /**
     * {@return the topic of that name; made now with {@linkplain TopicOptions#defaults default options} if there is none}
     *
     * @param name the name of the topic
     */
    public Topic topic(String name) {
        return topics.topic(name);
    }

    /**
     * {@return the topic of that name, made now if there is none}
     *
     * @param name the name of the topic
     * @param options its options, if it is made now
     * @throws IllegalStateException if it exists with other options
     */
    public Topic topic(String name, TopicOptions options) {
        return topics.topic(name, options);
    }

    /**
     * Closes every session with 1001 and opens no more. Returns when the attached clients know and the handlers have returned, at the latest after {@code
     * patience}; what is left then is cut off and its thread interrupted. Does nothing the second time. The container has it done by {@link #destroy}, with
     * {@link PushOptions#closeTimeout} as the patience, if nobody else did.
     *
     * @param patience how long to wait for clients and handlers at most; zero does not wait; at most 365 days
     * @throws IllegalArgumentException if the patience is out of range
     */
    public void close(Duration patience) {
        checkRange("patience", patience);
        endpoint.stop(patience);
    }

    /**
     * Drains the endpoint, so that its clients go elsewhere: opens no more sessions (503 with {@code Retry-After}, which a reverse proxy may take as the
     * reason to ask another server), and closes each with 1001 at its own time within the window, spread evenly. What was sent before is delivered, in both
     * directions: handlers that receive get every message that their client had sent before it learned of the end. Waits for that, and for the
     * handlers to return, at most for {@link PushOptions#closeTimeout} after the window; what is left is cut off and its thread interrupted, and {@link
     * PushSession#unconfirmed} tells what may not have arrived. Does nothing if the endpoint stops already.
     *
     * @param window over what time; zero closes all at once; at most 365 days
     * @throws IllegalArgumentException if the window is out of range
     */
    public void shutdown(Duration window) {
        checkRange("window", window);
        if (drain(window)) {
            finish(window.plus(endpoint.options().closeTimeout()));
        }
    }

    /**
     * Asks every attached client to attach anew, each at its own time within the window, spread evenly; for instance before a proxy on the way is
     * stopped. Sessions go on, and nothing is lost. Returns at once.
     *
     * @param window over what time; zero asks all at once; at most 365 days
     * @throws IllegalArgumentException if the window is out of range
     */
    public void move(Duration window) {
        checkRange("window", window);
        endpoint.move(window);
    }

    /** Throws IllegalArgumentException if a time is negative or longer than 365 days. */
    static void checkRange(String name, Duration value) {
        if (value.isNegative() || value.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(name + " out of range: " + value);
        }
    }

    /** Begins to drain; returns false, having done nothing, if the endpoint stops already. */
    boolean drain(Duration window) {
        return endpoint.drain(window);
    }

    /** Waits for the clients and handlers of a drained endpoint, at most so long, and stops it. */
    void finish(Duration patience) {
        endpoint.finish(patience);
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
            case "GET" -> get(request, response);
            case "POST" -> sender.send(request, response);
            case "CONNECT" ->
                WebSocketUpgrade.isExtendedConnect(request) ? acceptor.accept(request, response) : badMethod();
            case "OPTIONS" -> Answer.of(HttpServletResponse.SC_NO_CONTENT).with("Allow", METHODS);
            default -> badMethod();
        };
    }

    private @Nullable Answer get(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (WebSocketAcceptor.hasLostItsUpgrade(request)) {
            return Answer.lostUpgrade(); // a stream would be a refusal without end to its client
        }
        return WebSocketAcceptor.isUpgrade(request)
                ? acceptor.accept(request, response)
                : receiver.receive(request, response);
    }

    private static Answer badMethod() {
        return Answer.error(405, "method", "only " + METHODS).with("Allow", METHODS);
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
