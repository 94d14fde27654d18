package io.github.postern.ws.server;

import io.github.postern.ws.connection.SocketTransport;
import io.github.postern.ws.connection.Transport;
import io.github.postern.ws.connection.WebSocketConnection;
import io.github.postern.ws.core.Role;
import io.github.postern.ws.core.handshake.HandshakeRequest;
import io.github.postern.ws.core.handshake.HandshakeResponse;
import io.github.postern.ws.core.handshake.Head;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.Principal;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One accepted socket from its first byte to the answer to its request: TLS and handshake, on a virtual thread. What is behind the handshake is an
 * {@link OpenConnection}.
 */
final class Guest implements Runnable {
    private static final System.Logger LOG = System.getLogger(Guest.class.getName());
    private static final String RETRY_AFTER_SECONDS = "5";

    private final Socket socket;
    private final ServerContext server;
    private final Thread thread;

    /** When its time is over. */
    private final long deadline;

    /** Whoever changes it decides about the guest: its own thread, a deadline, or the shutdown. */
    private final AtomicReference<Stage> stage = new AtomicReference<>(Stage.ASKING);

    private enum Stage {
        /** Has no answer yet, or another one than a connection. */
        ASKING,
        /** Is being told that it has a connection, and so may know it already: a shutdown lets it open. */
        ACCEPTED,
        /** Its connection is open, and is what ends now. */
        OPEN,
        /** Its socket is closed. */
        CUT
    }

    private Guest(Socket socket, ServerContext server, Admission.@Nullable Limit refused) {
        this.socket = socket;
        this.server = server;
        this.thread = Thread.ofVirtual()
                .name("postern-handshake")
                .unstarted(refused == null ? this : () -> turnAway(refused));
        this.deadline = Deadline.after(server.options().handshakeTimeout());
    }

    /** Receives a socket that was just accepted, on a virtual thread of its own. Never blocks. */
    static void receive(Socket socket, ServerContext server) {
        var refused = server.admission().enter(socket.getInetAddress());
        var guest = new Guest(socket, server, refused);
        boolean started = false;
        try {
            if (server.registry().enter(guest)) {
                guest.thread.start();
                started = true;
            }
        } finally {
            if (!started) {
                server.registry().leave(guest);
                close(socket);
            }
            if (!started && refused == null) {
                server.admission().endHandshake();
                server.admission().leave(socket.getInetAddress());
            }
        }
    }

    @Override
    public void run() {
        boolean opened = false;
        try {
            var connection = shakeHands();
            if (connection != null) {
                connection.start();
                opened = true;
            }
        } catch (IOException e) {
            rejected(null, 0, why(e));
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "a handshake failed", e);
            rejected(null, 0, why(e));
        } finally {
            server.registry().leave(this);
            if (!opened) {
                depart();
            }
        }
    }

    private String why(Exception failure) {
        if (stage.get() != Stage.CUT) {
            return String.valueOf(failure.getMessage());
        }
        return server.registry().stopping() != null
                ? "The server was shut down."
                : "The handshake took longer than "
                        + server.options().handshakeTimeout().toMillis() + " ms.";
    }

    /** A request, what came of it, and what it arrived by. */
    private record Request(HttpExchange http, @Nullable HandshakeRequest head, Reception.Outcome outcome) {}

    /** The opened connection, or null if the request was answered in another way. */
    private @Nullable OpenConnection shakeHands() throws IOException {
        var request = countedRequest();
        return switch (request.outcome()) {
            case Reception.Outcome.Open open -> open(open, request.http());
            case Reception.Outcome.Plain plain -> {
                endQuietly(request.http(), plain.response());
                yield null;
            }
            case Reception.Outcome.Reject reject -> {
                rejected(request.head(), reject.response().status(), reject.why());
                endQuietly(request.http(), reject.response());
                yield null;
            }
        };
    }

    private Request countedRequest() throws IOException {
        try {
            return request();
        } finally {
            server.admission().endHandshake();
        }
    }

    private Request request() throws IOException {
        var tls = server.tls();
        Transport transport = SocketTransport.of(socket);
        Principal principal = null;
        if (tls != null) {
            var secured = tls.over(transport);
            transport = secured;
            principal = Tls.principal(secured);
        }
        var http = new HttpExchange(transport);
        var peer = new Peer(address(), tls != null, principal);
        return switch (http.read(server.options().head())) {
            case Head.Request head ->
                new Request(http, head.request(), server.reception().receive(head.request(), peer));
            case Head.Malformed malformed ->
                new Request(http, null, new Reception.Outcome.Reject(malformed.response(), malformed.detail()));
            case Head.Response response -> throw new AssertionError(response);
        };
    }

    private OpenConnection open(Reception.Outcome.Open open, HttpExchange http) throws IOException {
        if (!stage.compareAndSet(Stage.ASKING, Stage.ACCEPTED)) {
            throw cutOff();
        }
        http.write(open.response());
        var connection = WebSocketConnection.open(
                http.transport(), Role.SERVER, server.options().connection(), open.handshake(), http.leftover());
        var opened = new OpenConnection(server, socket.getInetAddress(), open.handler(), connection);
        server.registry().enter(opened); // first, so that a shutdown finds it in one place at least
        if (!stage.compareAndSet(Stage.ACCEPTED, Stage.OPEN)) {
            server.registry().leave(opened);
            connection.abort();
            throw cutOff();
        }
        return opened;
    }

    private static IOException cutOff() {
        return new IOException("the handshake was cut off");
    }

    /**
     * Says why, unless that would take a TLS handshake, or too many are being told already: whoever is not admitted may not cause much
     * work.
     */
    private void turnAway(Admission.Limit limit) {
        boolean told = server.tls() == null && server.admission().beginParting();
        try (socket) {
            rejected(null, told ? 503 : 0, limit.text());
            if (told) {
                var response = HandshakeResponse.of(503, limit.text()).withHeader("Retry-After", RETRY_AFTER_SECONDS);
                endQuietly(new HttpExchange(SocketTransport.of(socket)), response);
            }
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "a socket could not be turned away", e);
        } finally {
            server.registry().leave(this);
            if (told) {
                server.admission().endParting();
            }
        }
    }

    /** What became of the request is decided; that the peer did not wait to hear it is no rejection. */
    private static void endQuietly(HttpExchange http, HandshakeResponse response) {
        try {
            http.end(response);
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "a peer did not take its answer", e);
        }
    }

    private void rejected(@Nullable HandshakeRequest request, int status, String why) {
        server.events().rejected(new Rejection(address(), Optional.ofNullable(request), status, why));
    }

    private InetSocketAddress address() {
        return new InetSocketAddress(socket.getInetAddress(), socket.getPort()); // also when the socket is closed
    }

    private void depart() {
        close(socket);
        server.admission().leave(socket.getInetAddress());
    }

    Thread thread() {
        return thread;
    }

    boolean isOverdue(long now) {
        return Deadline.hasPassed(deadline, now);
    }

    /** Ends it at once, unless it is open. */
    void cut() {
        cutIf(Stage.ASKING);
        cutIf(Stage.ACCEPTED);
    }

    /** Ends it at once, unless it is accepted; whether it is, and so about to be open. */
    boolean cutUnlessAccepted() {
        cutIf(Stage.ASKING);
        return stage.get() != Stage.CUT;
    }

    private void cutIf(Stage last) {
        if (stage.compareAndSet(last, Stage.CUT)) {
            close(socket);
            thread.interrupt(); // an upgrade policy may wait for something else than the socket
        }
    }

    static void close(@Nullable Socket socket) {
        try {
            if (socket != null) {
                socket.close();
            }
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "a socket could not be closed", e); // its descriptor is released all the same
        }
    }
}
