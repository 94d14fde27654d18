package io.github.postern.samples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.postern.ws.client.WebSocketClient;
import io.github.postern.ws.connection.ConnectionClosedException;
import io.github.postern.ws.connection.Message;
import io.github.postern.ws.connection.ReadyState;
import io.github.postern.ws.connection.WebSocket;
import io.github.postern.ws.core.handshake.PerMessageDeflate;
import io.github.postern.ws.server.WebSocketServer;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class EchoTest {
    private static final int MAX_MESSAGE = 1000;

    /** Much less than the queue of one who receives holds. */
    private static final int AT_ONCE = 100;

    private WebSocketServer server;

    @BeforeEach
    void start() throws IOException {
        server = Echo.start(0, MAX_MESSAGE, false);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void text_comes_back() throws Exception {
        try (var ws = connect("/echo")) {
            ws.send("hällo");
            assertEquals(new Message.Text("hällo"), ws.receive());
        }
    }

    @Test
    void binary_comes_back() throws Exception {
        try (var ws = connect("/")) {
            ws.send(ByteBuffer.wrap(new byte[] {0, 1, 2}));
            assertEquals(new Message.Binary(ByteBuffer.wrap(new byte[] {0, 1, 2})), ws.receive());
        }
    }

    @Test
    void a_message_of_the_largest_size_comes_back() throws Exception {
        try (var ws = connect("/echo")) {
            ws.send("x".repeat(MAX_MESSAGE));
            assertEquals(new Message.Text("x".repeat(MAX_MESSAGE)), ws.receive());
        }
    }

    @Test
    void a_larger_message_ends_the_connection_with_1009() throws Exception {
        try (var ws = connect("/echo")) {
            ws.send("x".repeat(MAX_MESSAGE + 1));
            var closed = assertThrows(ConnectionClosedException.class, ws::receive);
            assertEquals(1009, closed.closeInfo().status().code());
        }
    }

    @Test
    void compresses_for_those_who_offer_it_if_it_is_told_to() throws Exception {
        var client =
                WebSocketClient.builder().deflate(PerMessageDeflate.defaults()).build();
        try (var compressing = Echo.start(0, 10_000, true);
                var ws = client.connect(URI.create("ws://localhost:" + compressing.port() + "/echo"));
                var plain = client.connect(URI.create("ws://localhost:" + server.port() + "/echo"))) {
            ws.send("hello ".repeat(1000));
            assertEquals(new Message.Text("hello ".repeat(1000)), ws.receive());
            assertEquals("permessage-deflate", ws.extensions().getFirst().name());
            assertEquals(List.of(), plain.extensions());
        }
    }

    @Test
    void broadcast_reaches_everybody_there_and_the_sender() throws Exception {
        try (var one = connect("/broadcast");
                var two = connect("/broadcast")) {
            one.send("I am here"); // until both have an answer, one of them might not have joined
            one.receive();
            two.send("so am I");
            assertEquals(new Message.Text("so am I"), last(two, "so am I"));
            assertEquals(new Message.Text("so am I"), one.receive());
        }
    }

    @Test
    void one_who_does_not_receive_delays_nobody_and_is_closed() throws Exception {
        try (var slow = connect("/broadcast");
                var quick = connect("/broadcast")) {
            slow.send("joined");
            slow.receive();
            var text = "x".repeat(MAX_MESSAGE);
            // more than any socket buffers: it goes on until the slow one's queue is full and it is closed
            while (server.connections().stream().allMatch(one -> one.readyState() == ReadyState.OPEN)) {
                for (int i = 0; i < AT_ONCE; i++) {
                    quick.send(text);
                }
                for (int i = 0; i < AT_ONCE; i++) {
                    last(quick, text);
                }
            }
            quick.send("still here");
            assertEquals(new Message.Text("still here"), last(quick, "still here"));
            var closed = assertThrows(ConnectionClosedException.class, () -> last(slow, "still here"));
            assertEquals(1013, closed.closeInfo().status().code());
            while (server.connections().size() == 2) {
                Thread.onSpinWait(); // the class has a timeout
            }
            assertEquals(1, server.connections().size());
        }
    }

    @Test
    void a_plain_request_gets_the_page() throws Exception {
        try (var page =
                URI.create("http://localhost:" + server.port() + "/").toURL().openStream()) {
            var html = new String(page.readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(html.contains("<html"), html);
        }
    }

    private WebSocket connect(String path) throws IOException {
        return WebSocketClient.create().connect(URI.create("ws://localhost:" + server.port() + path));
    }

    /** Receives until a text arrives. */
    private static Message last(WebSocket ws, String text) throws Exception {
        while (true) {
            var message = ws.receive();
            if (message.equals(new Message.Text(text))) {
                return message;
            }
        }
    }
}
