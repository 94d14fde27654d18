package io.github.postern.push;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.github.postern.ws.connection.ConnectionOptions;
import io.github.postern.ws.connection.Handshake;
import io.github.postern.ws.connection.SocketTransport;
import io.github.postern.ws.connection.Transport;
import io.github.postern.ws.connection.WebSocket;
import io.github.postern.ws.connection.WebSocketConnection;
import io.github.postern.ws.core.Role;
import io.github.postern.ws.core.handshake.HandshakeRequest;
import io.github.postern.ws.core.handshake.HandshakeResult;
import io.github.postern.ws.core.handshake.Head;
import io.github.postern.ws.core.handshake.HeadLimits;
import io.github.postern.ws.core.handshake.HttpHeadDecoder;
import io.github.postern.ws.core.handshake.ServerHandshake;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** An HTTP server whose answers the test gives, one request after the other: {@code takeGet().answer(410, "")}. */
final class ScriptedServer implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 15;

    private final ServerSocket listener;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final BlockingQueue<Exchange> gets = new LinkedBlockingQueue<>();
    private final BlockingQueue<Exchange> posts = new LinkedBlockingQueue<>();

    ScriptedServer() throws IOException {
        listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    URI uri() {
        return URI.create("http://localhost:" + listener.getLocalPort() + "/push?a=b");
    }

    Exchange takeGet() throws InterruptedException {
        return take(gets);
    }

    Exchange takePost() throws InterruptedException {
        return take(posts);
    }

    private static Exchange take(BlockingQueue<Exchange> requests) throws InterruptedException {
        var exchange = requests.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertNotNull(exchange, "no request came");
        return exchange;
    }

    /** Whether another GET comes within so many milliseconds. */
    boolean getComes(long millis) throws InterruptedException {
        return gets.poll(millis, TimeUnit.MILLISECONDS) != null;
    }

    /** Whether another POST comes within so many milliseconds. */
    boolean postComes(long millis) throws InterruptedException {
        return posts.poll(millis, TimeUnit.MILLISECONDS) != null;
    }

    private void accept() {
        try {
            while (true) {
                var socket = listener.accept();
                open.add(socket);
                Thread.ofVirtual().start(() -> serve(socket));
            }
        } catch (IOException e) {
            // closed, at the end of the test
        }
    }

    private void serve(Socket socket) {
        try {
            var transport = SocketTransport.of(socket);
            var input = ByteBuffer.allocate(64 * 1024).limit(0);
            while (true) {
                var request = readHead(transport, input);
                if (request == null) {
                    return;
                }
                int length = Integer.parseInt(
                        request.headers().first("Content-Length").orElse("0"));
                var exchange = new Exchange(request, readBody(transport, input, length), transport, input);
                (request.method().equals("GET") ? gets : posts).add(exchange);
                if (!exchange.answered.take()) {
                    return;
                }
            }
        } catch (IOException | InterruptedException e) {
            // the client is gone
        }
    }

    private static @Nullable HandshakeRequest readHead(Transport transport, ByteBuffer input) throws IOException {
        var decoder = HttpHeadDecoder.forRequest(HeadLimits.defaults());
        while (true) {
            var head = decoder.next(input);
            if (head instanceof Head.Request request) {
                return request.request();
            }
            assertNull(head);
            if (!fill(transport, input)) {
                return null;
            }
        }
    }

    private static boolean fill(Transport transport, ByteBuffer input) throws IOException {
        input.clear();
        int read = transport.read(input, 0);
        input.flip();
        return read > 0;
    }

    private static String readBody(Transport transport, ByteBuffer input, int length) throws IOException {
        var body = new ByteArrayOutputStream();
        while (body.size() < length && (input.hasRemaining() || fill(transport, input))) {
            body.write(input.get());
        }
        return body.toString(StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (var socket : open) {
            socket.close();
        }
    }

    /** A request and the way to answer it. */
    static final class Exchange {
        private final HandshakeRequest request;
        private final String body;
        private final Transport transport;
        private final ByteBuffer rest;

        /** Whether the connection goes on with another request. */
        private final BlockingQueue<Boolean> answered = new LinkedBlockingQueue<>();

        private Exchange(HandshakeRequest request, String body, Transport transport, ByteBuffer rest) {
            this.request = request;
            this.body = body;
            this.transport = transport;
            this.rest = rest;
        }

        String target() {
            return request.target();
        }

        String body() {
            return body;
        }

        /** The value of a header, "" if there is none. */
        String header(String name) {
            return request.headers().first(name).orElse("");
        }

        /** Answers completely; headers as {@code Name: value}. */
        void answer(int status, String content, String... headers) throws IOException {
            var bytes = content.getBytes(StandardCharsets.UTF_8);
            var length = status == 204 ? "" : "Content-Length: " + bytes.length + "\r\n";
            write("HTTP/1.1 " + status + " Status\r\n" + length + lines(headers) + "\r\n");
            transport.write(ByteBuffer.wrap(bytes));
            answered.add(true);
        }

        /** Begins an event stream that ends with the connection. */
        void stream(String... headers) throws IOException {
            write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream;charset=utf-8\r\nConnection: close\r\n"
                    + lines(headers) + "\r\n");
        }

        private static String lines(String... headers) {
            return String.join(
                    "", List.of(headers).stream().map(h -> h + "\r\n").toList());
        }

        void write(String text) throws IOException {
            transport.write(StandardCharsets.UTF_8.encode(text));
        }

        /** Ends the connection, whatever was answered. */
        void cut() {
            transport.close();
            answered.add(false);
        }

        /** Answers a handshake, with the subprotocol postern.v1. */
        WebSocket upgrade() throws IOException {
            var handshake = new ServerHandshake(List.of(ClientWebSocket.SUBPROTOCOL), List.of());
            var accepted = assertInstanceOf(HandshakeResult.Accepted.class, handshake.respond(request));
            transport.write(ByteBuffer.wrap(accepted.response().encode()));
            var options = ConnectionOptions.defaults();
            var uri = URI.create("ws://localhost/push");
            var opened = Handshake.of(uri, request, accepted.negotiated());
            return WebSocketConnection.open(transport, Role.SERVER, options, opened, rest);
        }
    }
}
