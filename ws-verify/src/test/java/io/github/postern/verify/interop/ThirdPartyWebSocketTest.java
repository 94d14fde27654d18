package io.github.postern.verify.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.postern.ws.connection.ConnectionHandler;
import io.github.postern.ws.connection.ConnectionOptions;
import io.github.postern.ws.connection.WebSocket;
import io.github.postern.ws.core.DeflateOptions;
import io.github.postern.ws.core.handshake.PerMessageDeflate;
import io.github.postern.ws.server.ServerOptions;
import io.github.postern.ws.server.WebSocketServer;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Unmodified WebSocket clients of other projects against our server. */
@Timeout(180)
class ThirdPartyWebSocketTest {
    private static final ConnectionHandler<WebSocket> ECHO = ws -> {
        for (var message : ws) {
            ws.send(message);
        }
    };

    private static WebSocketServer server() throws Exception {
        return WebSocketServer.builder()
                .host(InetAddress.getLoopbackAddress())
                .path("/echo", ECHO, "echo")
                .start();
    }

    private static URI uri(WebSocketServer server) {
        return URI.create("ws://127.0.0.1:" + server.port() + "/echo");
    }

    /** Hands on whole messages. */
    private static final class Listener implements java.net.http.WebSocket.Listener {
        final LinkedBlockingQueue<Object> received = new LinkedBlockingQueue<>();
        private final StringBuilder text = new StringBuilder();
        private final ByteArrayOutputStream binary = new ByteArrayOutputStream();

        @Override
        public CompletionStage<?> onText(java.net.http.WebSocket ws, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                received.add(text.toString());
                text.setLength(0);
            }
            ws.request(1);
            return CompletableFuture.completedStage(null);
        }

        @Override
        public CompletionStage<?> onBinary(java.net.http.WebSocket ws, ByteBuffer data, boolean last) {
            var bytes = new byte[data.remaining()];
            data.get(bytes);
            binary.writeBytes(bytes);
            if (last) {
                received.add(ByteBuffer.wrap(binary.toByteArray()));
                binary.reset();
            }
            ws.request(1);
            return CompletableFuture.completedStage(null);
        }

        @Override
        public CompletionStage<?> onPong(java.net.http.WebSocket ws, ByteBuffer message) {
            received.add("pong " + message.remaining());
            ws.request(1);
            return CompletableFuture.completedStage(null);
        }

        @Override
        public CompletionStage<?> onClose(java.net.http.WebSocket ws, int code, String reason) {
            received.add("close " + code);
            return CompletableFuture.completedStage(null);
        }
    }

    @Test
    void the_jdk_s_client_is_served() throws Exception {
        var listener = new Listener();
        try (var server = server();
                var client = HttpClient.newHttpClient()) {
            var ws = client.newWebSocketBuilder()
                    .subprotocols("echo")
                    .buildAsync(uri(server), listener)
                    .get(30, TimeUnit.SECONDS);
            assertEquals("echo", ws.getSubprotocol());
            ws.sendText("hel", false).join();
            ws.sendText("lo 😀", true).join();
            assertEquals("hello 😀", listener.received.poll(30, TimeUnit.SECONDS));
            var large = ByteBuffer.allocate(1_000_000);
            ws.sendBinary(large.duplicate(), true).join();
            assertEquals(large, listener.received.poll(30, TimeUnit.SECONDS));
            ws.sendPing(ByteBuffer.allocate(3)).join();
            assertEquals("pong 3", listener.received.poll(30, TimeUnit.SECONDS));
            ws.sendClose(3000, "done").join();
            assertEquals("close 3000", listener.received.poll(30, TimeUnit.SECONDS));
        }
    }

    @Test
    void the_npm_package_ws_is_served() throws Exception {
        Npm.install("ws@8.23.0");
        try (var server = server()) {
            var output = Npm.node("ws-echo.mjs", uri(server).toString());
            assertTrue(output.contains("closed 3000"), output);
        }
    }

    /** Its decompressor is zlib with the window that was agreed on. */
    @Test
    void the_npm_package_ws_is_served_compressed_with_every_size_of_window() throws Exception {
        Npm.install("ws@8.23.0");
        var builder = WebSocketServer.builder()
                .host(InetAddress.getLoopbackAddress())
                .options(ServerOptions.defaults()
                        .withConnection(ConnectionOptions.defaults()
                                .withDeflate(DeflateOptions.defaults().withThreshold(0))))
                .deflate(new PerMessageDeflate(false, false, 15, 15))
                .path("/echo", ECHO);
        try (var server = builder.start()) {
            var output = Npm.node("ws-deflate.mjs", uri(server).toString());
            assertTrue(
                    output.contains("permessage-deflate; server_max_window_bits=9; client_max_window_bits=9"), output);
            assertTrue(output.contains("all came back"), output);
        }
    }
}
