package io.github.postern.ws.client;

import io.github.postern.ws.connection.ConnectionOptions;
import io.github.postern.ws.connection.Handshake;
import io.github.postern.ws.connection.SocketTransport;
import io.github.postern.ws.connection.Transport;
import io.github.postern.ws.connection.WebSocket;
import io.github.postern.ws.connection.WebSocketConnection;
import io.github.postern.ws.core.Role;
import io.github.postern.ws.core.handshake.ClientHandshake;
import io.github.postern.ws.core.handshake.ExtensionOffer;
import io.github.postern.ws.core.handshake.HandshakeResponse;
import io.github.postern.ws.core.handshake.HandshakeResult;
import io.github.postern.ws.core.handshake.Head;
import io.github.postern.ws.core.handshake.HeadLimits;
import io.github.postern.ws.core.handshake.Headers;
import io.github.postern.ws.core.handshake.HttpHeadDecoder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** One attempt to open a connection: TCP, TLS, handshake. */
final class Opening {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int NONCE_SIZE = 16;
    private static final int HEAD_BUFFER = 1024;

    private final URI uri;
    private final boolean secure;
    private final int port;
    private final ConnectionOptions options;
    private final @Nullable SSLContext sslContext;
    private final ClientHandshake handshake;

    Opening(
            URI uri,
            Headers headers,
            List<String> subprotocols,
            List<ExtensionOffer> extensions,
            ConnectionOptions options,
            @Nullable SSLContext sslContext) {
        this.uri = uri;
        this.secure = isSecure(uri);
        this.options = options;
        this.sslContext = sslContext;
        this.port = uri.getPort() != -1 ? uri.getPort() : secure ? 443 : 80;
        var nonce = new byte[NONCE_SIZE];
        RANDOM.nextBytes(nonce);
        var host = ClientHandshake.hostField(uri.getHost(), port, secure);
        var target = uri.getRawPath() + (uri.getRawQuery() == null ? "" : '?' + uri.getRawQuery());
        this.handshake = new ClientHandshake(host, target, nonce, subprotocols, extensions, headers);
    }

    /** Finds now what would be wrong with every attempt. */
    static void check(Headers headers, List<String> subprotocols) {
        new ClientHandshake("localhost", "/", new byte[NONCE_SIZE], subprotocols, List.of(), headers).request();
    }

    private static boolean isSecure(URI uri) {
        var scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        if (!scheme.equals("ws") && !scheme.equals("wss")) {
            throw new IllegalArgumentException("neither ws nor wss: " + uri);
        }
        if (uri.getHost() == null) {
            throw new IllegalArgumentException("no host: " + uri);
        }
        if (uri.getRawFragment() != null) {
            throw new IllegalArgumentException("a WebSocket URI has no fragment: " + uri);
        }
        return scheme.equals("wss");
    }

    WebSocket run(Duration timeout) throws IOException {
        var raw = new Socket();
        var deadline = new CompletableFuture<Void>();
        var unused = deadline.completeOnTimeout(null, timeout.toMillis(), TimeUnit.MILLISECONDS)
                .thenRun(() -> closeQuietly(raw));
        boolean opened = false;
        try {
            var connection = shakeHands(connect(raw));
            opened = deadline.cancel(false);
            if (!opened) {
                throw new IOException("the deadline passed as the handshake ended");
            }
            return connection;
        } catch (IOException e) {
            if (deadline.isDone() && !deadline.isCancelled()) {
                var late = new SocketTimeoutException("no WebSocket within " + timeout.toMillis() + " ms: " + uri);
                late.initCause(e);
                throw late;
            }
            throw e;
        } finally {
            deadline.cancel(false);
            if (!opened) {
                closeQuietly(raw);
            }
        }
    }

    private Transport connect(Socket raw) throws IOException {
        var host = uri.getHost();
        var name = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        raw.connect(new InetSocketAddress(InetAddress.getByName(name), port));
        return secure ? tls(raw, name) : SocketTransport.of(raw);
    }

    /** TLS on a plain socket that is kept, so that closing never waits for TLS. */
    private Transport tls(Socket raw, String host) throws IOException {
        var tls = (SSLSocket) context().getSocketFactory().createSocket(raw, host, port, false);
        var parameters = tls.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS"); // verifies the host name; the JDK does not unless told
        tls.setSSLParameters(parameters);
        tls.startHandshake();
        return SocketTransport.of(raw, tls);
    }

    private SSLContext context() throws IOException {
        try {
            return sslContext != null ? sslContext : SSLContext.getDefault();
        } catch (NoSuchAlgorithmException e) {
            throw new IOException("no default TLS context", e);
        }
    }

    private WebSocket shakeHands(Transport transport) throws IOException {
        transport.write(ByteBuffer.wrap(handshake.request().encode()));
        var input = ByteBuffer.allocate(HEAD_BUFFER).limit(0);
        var response = readResponse(transport, input);
        return switch (handshake.check(response)) {
            case HandshakeResult.Accepted accepted ->
                WebSocketConnection.open(
                        transport,
                        Role.CLIENT,
                        options,
                        Handshake.of(uri, handshake.request(), accepted.negotiated()),
                        input);
            case HandshakeResult.Rejected rejected -> throw new HandshakeRejectedException(rejected.why(), response);
        };
    }

    /** The final response; bytes behind it are left in {@code input}. */
    private static HandshakeResponse readResponse(Transport transport, ByteBuffer input) throws IOException {
        var decoder = HttpHeadDecoder.forResponse(HeadLimits.defaults());
        while (true) {
            switch (decoder.next(input)) {
                case Head.Response response
                when response.response().isInterim() -> // 100, 103: more is to come
                    decoder = HttpHeadDecoder.forResponse(HeadLimits.defaults());
                case Head.Response response -> {
                    return response.response();
                }
                case Head.Malformed malformed ->
                    throw new IOException("the server does not speak HTTP: " + malformed.detail());
                case Head.Request request -> throw new AssertionError(request);
                case null -> read(transport, input);
            }
        }
    }

    private static void read(Transport transport, ByteBuffer input) throws IOException {
        input.clear();
        int read = transport.read(input, 0);
        input.flip();
        if (read < 0) {
            throw new IOException("the server ended the stream within its handshake");
        }
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // the descriptor is released whatever close() says
        }
    }
}
