package io.github.postern.ws.server;

import io.github.postern.ws.connection.SocketTransport;
import io.github.postern.ws.connection.Transport;
import io.github.postern.ws.connection.WebSocket;
import io.github.postern.ws.connection.WebSocketConnection;
import io.github.postern.ws.core.Role;
import io.github.postern.ws.core.handshake.HandshakeRequest;
import io.github.postern.ws.core.handshake.HandshakeResponse;
import io.github.postern.ws.core.handshake.Head;
import io.github.postern.ws.core.handshake.HttpHeadDecoder;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.URISyntaxException;
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

    Guest(
            Socket socket,
            AcceptLoop loop,
            @Nullable SSLContext sslContext,
            Reception reception,
            ServerOptions options) {
        this.socket = socket;
        this.loop = loop;
        this.sslContext = sslContext;
        this.reception = reception;
        this.options = options;
    }

    @Override
    public void run() {
        thread = Thread.currentThread();
        var address = socket.getInetAddress();
        try (socket) {
            admitted(address);
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "a handshake was not finished", e);
        } finally {
            loop.admission().leave(address);
            loop.leave(this);
            ended.countDown();
        }
    }

    private void admitted(InetAddress address) throws IOException {
        var refusal = loop.admission().enter(address);
        Opened opened;
        try {
            var busy = loop.admission().beginHandshake();
            opened = handshake(refusal != null ? refusal : busy);
        } finally {
            loop.admission().endHandshake();
        }
        if (opened != null) {
            serve(opened);
        }
    }

    /** A connection behind its handshake, and what handles it. */
    private record Opened(Route route, WebSocketConnection connection) {}

    private void serve(Opened opened) {
        connection = opened.connection();
        if (!loop.open(opened.connection())) {
            opened.connection().abort();
            return;
        }
        try {
            opened.route().handler().serve(opened.connection());
        } finally {
            loop.connections().remove(opened.connection());
        }
    }

    /** The opened connection, or null if the request was answered in another way. */
    private @Nullable Opened handshake(@Nullable String refusal) throws IOException {
        var deadline = new CompletableFuture<Void>();
        deadline.completeOnTimeout(null, options.handshakeTimeout().toMillis(), TimeUnit.MILLISECONDS)
                .thenRun(this::closeSocket);
        try {
            var transport = transport();
            if (refusal != null) {
                answer(transport, HandshakeResponse.of(503, refusal).withHeader("Retry-After", "5"));
                return null;
            }
            return handshake(transport);
        } finally {
            deadline.cancel(false);
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

    private @Nullable Opened handshake(Transport transport) throws IOException {
        var input = ByteBuffer.allocate(HEAD_BUFFER).limit(0);
        var head = readHead(transport, input);
        var outcome =
                switch (head) {
                    case Head.Request request -> reception.receive(request.request());
                    case Head.Malformed malformed -> {
                        LOG.log(Level.DEBUG, "malformed request from {0}: {1}", transport, malformed.detail());
                        yield new Reception.Outcome.Answer(malformed.response());
                    }
                    case Head.Response response -> throw new AssertionError(response);
                };
        switch (outcome) {
            case Reception.Outcome.Answer answer -> {
                answer(transport, answer.response());
                return null;
            }
            case Reception.Outcome.Open open -> {
                var request = ((Head.Request) head).request();
                var url = url(request);
                if (url == null) {
                    answer(transport, HandshakeResponse.of(400, "The request target is malformed."));
                    return null;
                }
                transport.write(ByteBuffer.wrap(open.handshake().response().encode()));
                var negotiated = open.handshake().negotiated();
                var opened = WebSocketConnection.open(
                        transport, Role.SERVER, options.connection(), url, request, negotiated, input);
                return new Opened(open.route(), opened);
            }
        }
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

    private @Nullable URI url(HandshakeRequest request) {
        var host = request.headers().first("Host").orElse("");
        try {
            return new URI((sslContext == null ? "ws://" : "wss://") + host + request.target());
        } catch (URISyntaxException e) {
            return null;
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
