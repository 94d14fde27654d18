package io.github.postern.ws.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.postern.ws.connection.Message;
import io.github.postern.ws.connection.Transport;
import io.github.postern.ws.connection.WebSocket;
import io.github.postern.ws.connection.WebSocketListener;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The client against a scripted server on a real socket. */
@Timeout(30)
class WebSocketClientTest {
    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    /** Answers one request with what a test makes of its accept key, and keeps the request. */
    private static final class Script implements AutoCloseable {
        private final ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        private final FutureTask<String> request;

        Script(UnaryOperator<String> answer) throws IOException {
            request = new FutureTask<>(() -> serve(answer));
            Thread.ofVirtual().start(request);
        }

        private String serve(UnaryOperator<String> answer) throws Exception {
            try (var socket = listener.accept()) {
                var in = socket.getInputStream();
                var head = new ByteArrayOutputStream();
                while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
                    int next = in.read();
                    if (next < 0) {
                        break;
                    }
                    head.write(next);
                }
                var text = head.toString(StandardCharsets.ISO_8859_1);
                var bytes = answer.apply(accept(text)).getBytes(StandardCharsets.ISO_8859_1);
                socket.getOutputStream().write(bytes);
                socket.shutdownOutput();
                while (in.read() >= 0) {
                    // until the client has gone
                }
                return text;
            }
        }

        private static String accept(String request) throws Exception {
            var marker = "Sec-WebSocket-Key: ";
            int from = request.indexOf(marker) + marker.length();
            var key = request.substring(from, request.indexOf("\r\n", from));
            var digest = MessageDigest.getInstance("SHA-1");
            return Base64.getEncoder().encodeToString(digest.digest((key + GUID).getBytes(StandardCharsets.US_ASCII)));
        }

        URI uri(String path) {
            return URI.create("ws://localhost:" + listener.getLocalPort() + path);
        }

        String request() throws Exception {
            return request.get(10, TimeUnit.SECONDS);
        }

        @Override
        public void close() throws IOException {
            listener.close();
        }
    }

    private static String accepted(String accept, String... extra) {
        return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n"
                + "Sec-WebSocket-Accept: " + accept + "\r\n" + String.join("", extra) + "\r\n";
    }

    @ParameterizedTest
    @CsvSource({"'', /", "/, /", "/a/b?c=d%20e, /a/b?c=d%20e", "?q, /?q"})
    void path_and_query_are_sent_as_they_are_and_an_empty_path_is_a_slash(String path, String target) throws Exception {
        try (var server = new Script(WebSocketClientTest::accepted)) {
            WebSocketClient.create().connect(server.uri(path)).abort();
            var request = server.request();
            assertTrue(request.startsWith("GET " + target + " HTTP/1.1\r\n"), request);
            assertTrue(request.contains("\r\nHost: " + server.uri("").getAuthority() + "\r\n"), request);
        }
    }

    @Test
    void two_attempts_never_share_a_key() throws Exception {
        var keys = new LinkedBlockingQueue<String>();
        for (int i = 0; i < 2; i++) {
            try (var server = new Script(WebSocketClientTest::accepted)) {
                WebSocketClient.create().connect(server.uri("/")).abort();
                keys.add(server.request()
                        .lines()
                        .filter(l -> l.startsWith("Sec-WebSocket-Key"))
                        .findFirst()
                        .orElseThrow());
            }
        }
        assertFalse(keys.take().equals(keys.take()));
    }

    @Test
    void frames_behind_the_response_in_the_same_segment_are_not_lost() throws Exception {
        try (var server = new Script(accept -> accepted(accept) + "\u0081\u0002Hi");
                var ws = WebSocketClient.create().connect(server.uri("/"))) {
            assertEquals(new Message.Text("Hi"), ws.receive());
        }
    }

    @Test
    void what_is_put_between_sees_the_handshake_and_the_frames_both_ways() throws Exception {
        var sent = new ByteArrayOutputStream();
        var received = new ByteArrayOutputStream();
        var client = WebSocketClient.builder()
                .transport(transport -> new Watched(transport, sent, received))
                .build();
        try (var server = new Script(accept -> accepted(accept) + "\u0081\u0002Hi");
                var ws = client.connect(server.uri("/"))) {
            assertEquals(new Message.Text("Hi"), ws.receive());
            ws.send("you");
            ws.abort();
        }
        var request = sent.toString(StandardCharsets.ISO_8859_1);
        assertTrue(request.startsWith("GET / HTTP/1.1\r\n"), request);
        assertTrue(request.contains("\r\n\r\n\u0081\u0083"), "the frame behind the head");
        var response = received.toString(StandardCharsets.ISO_8859_1);
        assertTrue(response.startsWith("HTTP/1.1 101 ") && response.endsWith("\r\n\r\n\u0081\u0002Hi"), response);
    }

    /** Keeps a copy of what passes. */
    private record Watched(Transport transport, OutputStream sent, OutputStream received) implements Transport {
        @Override
        public int read(ByteBuffer dst, long timeoutNanos) throws IOException {
            int from = dst.position();
            int count = transport.read(dst, timeoutNanos);
            received.write(dst.array(), dst.arrayOffset() + from, Math.max(0, count));
            return count;
        }

        @Override
        public void write(ByteBuffer src) throws IOException {
            sent.write(src.array(), src.arrayOffset() + src.position(), src.remaining());
            transport.write(src);
        }

        @Override
        public void shutdownOutput() throws IOException {
            transport.shutdownOutput();
        }

        @Override
        public void close() {
            transport.close();
        }
    }

    @Test
    void interim_responses_are_read_over() throws Exception {
        try (var server =
                        new Script(accept -> "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n"
                                + accepted(accept) + "\u0081\u0002Hi");
                var ws = WebSocketClient.create().connect(server.uri("/"))) {
            assertEquals(new Message.Text("Hi"), ws.receive());
        }
    }

    @Test
    void a_wrong_accept_key_is_rejected_before_a_byte_is_taken_as_a_frame() throws Exception {
        try (var server = new Script(accept -> accepted("AAAA") + "\u0081\u0002Hi")) {
            var thrown = assertThrows(
                    HandshakeRejectedException.class,
                    () -> WebSocketClient.create().connect(server.uri("/")));
            assertEquals(101, thrown.response().status());
            assertTrue(server.request().startsWith("GET "), "the client has closed the socket");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 301, 401, 403, 404, 503})
    void any_other_status_is_rejected_with_its_response(int status) throws Exception {
        try (var server =
                new Script(accept -> "HTTP/1.1 " + status + " Whatever\r\nLocation: ws://evil.example/\r\n\r\n")) {
            var thrown = assertThrows(
                    HandshakeRejectedException.class,
                    () -> WebSocketClient.create().connect(server.uri("/")));
            assertEquals(status, thrown.response().status());
        }
    }

    @Test
    void a_server_that_speaks_something_else_is_an_io_exception() throws Exception {
        try (var server = new Script(accept -> "220 mail.example ESMTP\r\n\r\n")) {
            assertThrows(IOException.class, () -> WebSocketClient.create().connect(server.uri("/")));
        }
    }

    @Test
    void a_server_that_hangs_up_is_an_io_exception() throws Exception {
        try (var server = new Script(accept -> "HTTP/1.1 101 Swi")) {
            assertThrows(IOException.class, () -> WebSocketClient.create().connect(server.uri("/")));
        }
    }

    @Test
    void a_port_where_nobody_listens_is_a_connect_exception() throws Exception {
        var listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        var uri = URI.create("ws://localhost:" + listener.getLocalPort() + "/");
        listener.close();
        assertThrows(ConnectException.class, () -> WebSocketClient.create().connect(uri));
    }

    @Test
    void the_connect_timeout_bounds_a_handshake_that_drips() throws Exception {
        try (var listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var client = WebSocketClient.builder()
                    .connectTimeout(Duration.ofMillis(100))
                    .build();
            var uri = URI.create("ws://localhost:" + listener.getLocalPort() + "/");
            Thread.ofVirtual().start(() -> {
                try (var socket = listener.accept()) {
                    socket.getOutputStream().write("HTTP/1.1 101 ".getBytes(StandardCharsets.US_ASCII));
                    while (true) { // so that no single read takes as long as the timeout
                        socket.getOutputStream().write('a');
                        LockSupport.parkNanos(10_000_000);
                    }
                } catch (IOException e) {
                    // the client went, as it should
                }
            });
            var thrown = assertThrows(SocketTimeoutException.class, () -> client.connect(uri));
            assertEquals("no WebSocket within 100 ms: " + uri, thrown.getMessage());
        }
    }

    @Test
    void a_listener_is_served_on_a_thread_of_its_own() throws Exception {
        var texts = new LinkedBlockingQueue<String>();
        try (var server = new Script(accept -> accepted(accept) + "\u0081\u0002Hi")) {
            WebSocketClient.create().connect(server.uri("/"), new WebSocketListener() {
                @Override
                public void onText(WebSocket ws, String text) {
                    texts.add(text);
                }
            });
            assertEquals("Hi", texts.poll(10, TimeUnit.SECONDS));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://localhost/", "ws:///path", "ws://localhost/#fragment", "/relative", "ws:opaque"})
    void what_is_not_a_web_socket_uri_is_refused(String uri) {
        assertThrows(
                IllegalArgumentException.class, () -> WebSocketClient.create().connect(URI.create(uri)));
    }

    @Test
    void wrong_descriptions_are_refused() {
        assertThrows(
                IllegalArgumentException.class, () -> WebSocketClient.builder().header("a b", "c"));
        assertThrows(
                IllegalArgumentException.class, () -> WebSocketClient.builder().header("a", "b\r\nc: d"));
        assertThrows(
                IllegalArgumentException.class,
                () -> WebSocketClient.builder().header("Sec-WebSocket-Key", "x").build());
        assertThrows(
                IllegalArgumentException.class,
                () -> WebSocketClient.builder().subprotocols("a", "a").build());
    }

    @ParameterizedTest
    @CsvSource({"0, false", "1, true", "3600000, true", "3600001, false"})
    void the_connect_timeout_is_between_1_ms_and_1_h(long millis, boolean allowed) {
        var builder = WebSocketClient.builder();
        if (allowed) {
            builder.connectTimeout(Duration.ofMillis(millis));
        } else {
            assertThrows(IllegalArgumentException.class, () -> builder.connectTimeout(Duration.ofMillis(millis)));
        }
    }
}
