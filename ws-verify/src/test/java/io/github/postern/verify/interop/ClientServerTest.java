package io.github.postern.verify.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.postern.verify.tls.LocalCertificate;
import io.github.postern.ws.client.HandshakeRejectedException;
import io.github.postern.ws.client.WebSocketClient;
import io.github.postern.ws.connection.CloseInfo.Initiator;
import io.github.postern.ws.connection.ConnectionClosedException;
import io.github.postern.ws.connection.ConnectionHandler;
import io.github.postern.ws.connection.ConnectionOptions;
import io.github.postern.ws.connection.Message;
import io.github.postern.ws.connection.WebSocket;
import io.github.postern.ws.core.CloseStatus;
import io.github.postern.ws.server.ServerOptions;
import io.github.postern.ws.server.WebSocketServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Our client and our server over real sockets, plain and TLS. */
@Timeout(120)
class ClientServerTest {
    private static final ConnectionHandler<WebSocket> ECHO = ws -> {
        for (var message : ws) {
            ws.send(message);
        }
    };

    private static SSLContext tls;

    @BeforeAll
    static void make_a_certificate() throws Exception {
        tls = LocalCertificate.contextFor("dns:localhost");
    }

    private static WebSocketServer.Builder loopback() {
        return WebSocketServer.builder().host(InetAddress.getLoopbackAddress());
    }

    private static URI uri(String scheme, WebSocketServer server, String path) {
        return URI.create(scheme + "://localhost:" + server.port() + path);
    }

    @Test
    void messages_of_all_sizes_come_back_over_tcp() throws Exception {
        try (var server = loopback().path("/echo", ECHO).start()) {
            checkEcho(WebSocketClient.create(), uri("ws", server, "/echo"));
        }
    }

    @Test
    void messages_of_all_sizes_come_back_over_tls() throws Exception {
        var client = WebSocketClient.builder().sslContext(tls).build();
        try (var server = loopback().path("/echo", ECHO).tls(tls).start()) {
            checkEcho(client, uri("wss", server, "/echo"));
        }
    }

    private static void checkEcho(WebSocketClient client, URI uri) throws Exception {
        var random = new Random(42);
        try (var ws = client.connect(uri)) {
            for (int size : new int[] {0, 1, 125, 126, 127, 4096, 65_535, 65_536, 1 << 20}) {
                var bytes = new byte[size];
                random.nextBytes(bytes);
                ws.send(ByteBuffer.wrap(bytes));
                assertEquals(new Message.Binary(ByteBuffer.wrap(bytes)), ws.receive(), "size " + size);
                ws.send("é".repeat(size / 2));
                assertEquals(new Message.Text("é".repeat(size / 2)), ws.receive(), "size " + size);
            }
            ws.close(CloseStatus.of(3000, "done"));
            assertTrue(ws.closeInfo().orElseThrow().clean());
        }
    }

    @Test
    void a_client_verifies_the_certificate() throws Exception {
        try (var server = loopback().path("/echo", ECHO).tls(tls).start()) {
            var uri = uri("wss", server, "/echo");
            assertThrows(
                    SSLHandshakeException.class, () -> WebSocketClient.create().connect(uri));
        }
    }

    @Test
    void a_client_verifies_the_host_name() throws Exception {
        var client = WebSocketClient.builder().sslContext(tls).build();
        try (var server = loopback().path("/echo", ECHO).tls(tls).start()) {
            var other = URI.create("wss://127.0.0.1:" + server.port() + "/echo");
            assertThrows(SSLHandshakeException.class, () -> client.connect(other));
        }
    }

    @Test
    void a_rejected_handshake_carries_the_response() throws Exception {
        try (var server = loopback().path("/echo", ECHO).start()) {
            var thrown = assertThrows(
                    HandshakeRejectedException.class,
                    () -> WebSocketClient.create().connect(uri("ws", server, "/nowhere")));
            assertEquals(404, thrown.response().status());
        }
    }

    @Test
    void subprotocol_headers_and_query_arrive() throws Exception {
        var seen = new LinkedBlockingQueue<WebSocket>();
        try (var server = loopback().path("/a", seen::add, "v2", "v1").start()) {
            var client = WebSocketClient.builder()
                    .subprotocols("v1", "v2")
                    .header("Authorization", "Bearer x")
                    .build();
            try (var ws = client.connect(uri("ws", server, "/a?q=1"))) {
                assertEquals("v2", ws.protocol(), "the server's preference counts");
                var request = seen.take().request();
                assertEquals(
                        "Bearer x", request.headers().first("Authorization").orElseThrow());
                assertEquals("/a?q=1", request.target());
            }
        }
    }

    @Test
    void a_server_that_does_not_answer_is_given_up_after_the_connect_timeout() throws Exception {
        try (var mute = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var client = WebSocketClient.builder()
                    .connectTimeout(Duration.ofMillis(100))
                    .build();
            var uri = URI.create("ws://localhost:" + mute.getLocalPort() + "/");
            assertThrows(SocketTimeoutException.class, () -> client.connect(uri));
        }
    }

    @Test
    void a_client_that_is_reset_is_noticed() throws Exception {
        var ended = new LinkedBlockingQueue<ConnectionClosedException>();
        try (var server = loopback()
                .path("/wait", ws -> {
                    ended.add(assertThrows(ConnectionClosedException.class, ws::receive));
                })
                .start()) {
            WebSocketClient.create().connect(uri("ws", server, "/wait")).abort();
            assertEquals(CloseStatus.ABNORMAL, ended.take().closeInfo().status());
        }
    }

    @Test
    void a_stalled_tls_peer_is_cut_off_after_the_write_timeout() throws Exception {
        var ended = new LinkedBlockingQueue<Throwable>();
        var connection = ConnectionOptions.defaults().withWriteTimeout(Duration.ofMillis(200));
        var release = new CountDownLatch(1);
        try (var server = loopback()
                .path("/flood", ws -> {
                    var data = ByteBuffer.allocate(1 << 20);
                    ended.add(assertThrows(IOException.class, () -> {
                        while (true) {
                            ws.send(data.duplicate());
                        }
                    }));
                })
                .tls(tls)
                .options(ServerOptions.defaults().withConnection(connection))
                .start()) {
            var client = WebSocketClient.builder()
                    .sslContext(tls)
                    .options(ConnectionOptions.defaults().withUnreceivedBytes(1))
                    .build();
            var ws = client.connect(uri("wss", server, "/flood"), it -> release.await());
            var thrown = assertInstanceOf(ConnectionClosedException.class, ended.take());
            assertInstanceOf(SocketTimeoutException.class, thrown.closeInfo().cause());
            release.countDown();
            ws.abort();
        }
    }

    @Test
    void a_server_that_shuts_down_tells_its_clients_1001() throws Exception {
        var server = loopback().path("/echo", ECHO).start();
        var ws = WebSocketClient.create().connect(uri("ws", server, "/echo"));
        var receiving = new FutureTask<>(() -> assertThrows(ConnectionClosedException.class, ws::receive));
        Thread.ofVirtual().start(receiving);
        server.close();
        var info = receiving.get().closeInfo();
        assertEquals(1001, info.status().code());
        assertEquals(Initiator.REMOTE, info.initiator());
    }
}
