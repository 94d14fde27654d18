package io.github.postern.ws.server;

import io.github.postern.ws.connection.Handshake;
import io.github.postern.ws.connection.SocketTransport;
import io.github.postern.ws.connection.Transport;
import io.github.postern.ws.connection.WebSocket;
import io.github.postern.ws.connection.WebSocketConnection;
import io.github.postern.ws.core.Role;
import io.github.postern.ws.core.handshake.HandshakeResponse;
import io.github.postern.ws.core.handshake.Head;
import io.github.postern.ws.core.handshake.HttpHeadDecoder;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** One accepted socket from its first byte to its last: TLS, handshake, handler. Runs on the connection's virtual thread. */
final class Guest implements Runnable {
    private static final System.Logger LOG = System.getLogger(Guest.class.getName());
    private static final int HEAD_BUFFER = 1024;

    /** How long a peer that was turned away has to read why before its socket is closed. */
    private static final long PARTING_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Socket socket;
    private final AcceptLoop loop;
    private final @Nullable SSLContext sslContext;
    private final Reception reception;
    private final ServerOptions options;
    private final CountDownLatch ended = new CountDownLatch(1);

    private volatile @Nullable Thread thread;
    private volatile @Nullable WebSocket connection;

    Guest(Socket socket, AcceptLoop loop, @Nullable SSLContext sslContext, Reception reception, ServerOptions options) {
        this.socket = socket;
        this.loop = loop;
        this.sslContext = sslContext;
        this.reception = reception;
        this.options = options;
    }

    @Override
    public void run() {
        thread = Thread.currentThread();
        try (socket) {
            var opened = welcome();
            if (opened != null) {
                serve(opened); // with a shallow stack, for it is kept as long as the connection
            }
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "a handshake was not finished", e);
        } finally {
            loop.admission().leave(socket.getInetAddress());
            loop.leave(this);
            ended.countDown();
        }
    }

    /** A connection behind its handshake, and what handles it. */
    private record Opened(Route route, WebSocketConnection connection) {}

    /** A request's outcome, and what is needed to go on. */
    private record Request(Transport transport, Head head, Reception.Outcome outcome, ByteBuffer leftover) {}

    /** The opened connection, or null if the socket was turned away or the request answered in another way. */
    private @Nullable Opened welcome() throws IOException {
        var deadline = new CompletableFuture<Void>();
        var unused = deadline.completeOnTimeout(null, options.handshakeTimeout().toMillis(), TimeUnit.MILLISECONDS)
                .thenRun(this::closeSocket);
        var refusal = loop.admission().enter(socket.getInetAddress());
        try {
            if (refusal == null) {
                refusal = loop.admission().beginHandshake();
            }
            if (refusal != null) {
                turnAway(refusal);
                return null;
            }
            var request = countedRequest();
            switch (request.outcome()) {
                case Reception.Outcome.Answer answer -> {
                    answer(request.transport(), answer.response());
                    return null;
                }
                case Reception.Outcome.Open open -> {
                    request.transport()
                            .write(ByteBuffer.wrap(open.handshake().response().encode()));
                    return deadline.cancel(false) ? open(open, request) : null;
                }
            }
        } finally {
            deadline.cancel(false);
        }
    }

    /** Says why, unless that would take a TLS handshake: whoever is not admitted may not cause such work. */
    private void turnAway(String refusal) throws IOException {
        if (sslContext == null) {
            answer(transport(), HandshakeResponse.of(503, refusal).withHeader("Retry-After", "5"));
        }
    }

    private Request countedRequest() throws IOException {
        try {
            var transport = transport();
            var leftover = ByteBuffer.allocate(HEAD_BUFFER);
            var head = readHead(transport, leftover);
            return new Request(transport, head, outcome(transport, head), leftover);
        } finally {
            loop.admission().endHandshake();
        }
    }

    private Reception.Outcome outcome(Transport transport, Head head) {
        return switch (head) {
            case Head.Request request -> reception.receive(request.request());
            case Head.Malformed malformed -> {
                LOG.log(Level.DEBUG, "malformed request from {0}: {1}", transport, malformed.detail());
                yield new Reception.Outcome.Answer(malformed.response());
            }
            case Head.Response response -> throw new AssertionError(response);
        };
    }

    private Opened open(Reception.Outcome.Open open, Request from) {
        var request = ((Head.Request) from.head()).request();
        var opened = WebSocketConnection.open(
                from.transport(),
                Role.SERVER,
                options.connection(),
                Handshake.received(request, sslContext != null, open.handshake().negotiated()),
                from.leftover());
        return new Opened(open.route(), opened);
    }

    private void serve(Opened opened) {
        connection = opened.connection();
        var stopping = loop.open(opened.connection());
        try {
            if (stopping == null) {
                opened.route().handler().serve(opened.connection());
            } else {
                opened.connection().close(stopping);
            }
        } finally {
            loop.connections().remove(opened.connection());
        }
    }

    private Transport transport() throws IOException {
        if (sslContext == null) {
            return SocketTransport.of(socket);
        }
        var tls = (SSLSocket) sslContext.getSocketFactory().createSocket(socket, null, false);
        tls.setUseClientMode(false);
        tls.startHandshake();
        return SocketTransport.of(socket, tls);
    }

    private Head readHead(Transport transport, ByteBuffer input) throws IOException {
        var decoder = HttpHeadDecoder.forRequest(options.head());
        while (true) {
            input.clear();
            int read = transport.read(input, 0);
            input.flip();
            if (read < 0) {
                throw new IOException("the peer ended the stream within its request");
            }
            var head = decoder.next(input);
            if (head != null) {
                return head;
            }
        }
    }

    /** Answers, and lets the peer read the answer: a socket closed over unread input is reset, and the answer with it. */
    private static void answer(Transport transport, HandshakeResponse response) throws IOException {
        transport.write(ByteBuffer.wrap(response.encode()));
        transport.shutdownOutput();
        var rest = ByteBuffer.allocate(HEAD_BUFFER);
        long deadline = System.nanoTime() + PARTING_NANOS;
        for (long left = PARTING_NANOS; left > 0; left = deadline - System.nanoTime()) {
            if (transport.read(rest.clear(), left) <= 0) {
                return;
            }
        }
    }

    /** Waits until the handler has returned, at most for a time. */
    void awaitEnd(long nanos) throws InterruptedException {
        var unused = ended.await(nanos, TimeUnit.NANOSECONDS);
    }

    /** Ends the connection and interrupts its handler. */
    void abort() {
        var open = connection;
        if (open != null) {
            open.abort();
        }
        closeSocket();
        var running = thread;
        if (running != null) {
            running.interrupt();
        }
    }

    private void closeSocket() {
        try {
            socket.close();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "a socket could not be closed", e); // its descriptor is released all the same
        }
    }
}
