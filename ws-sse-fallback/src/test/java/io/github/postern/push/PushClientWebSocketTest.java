package io.github.postern.push;

import static io.github.postern.push.Script.attached;
import static io.github.postern.push.Script.connecting;
import static io.github.postern.push.Script.control;
import static io.github.postern.push.Script.end;
import static io.github.postern.push.Script.send;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.postern.ws.connection.CloseInfo.Initiator;
import io.github.postern.ws.connection.ConnectionClosedException;
import io.github.postern.ws.connection.Message;
import io.github.postern.ws.connection.WebSocket;
import io.github.postern.ws.core.CloseStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The Java client's WebSocket, frame by frame: PROTOCOL.md §8 and §9. */
@Timeout(60)
class PushClientWebSocketTest {
    private ScriptedServer server;

    @BeforeEach
    void start() throws IOException {
        server = new ScriptedServer();
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    private record Opened(ClientPushSession push, WebSocket socket) {}

    private PushClient.Builder client(PushClientOptions options) {
        return PushClient.builder(server.uri())
                .transport(PushTransport.WEBSOCKET)
                .options(options);
    }

    private Opened open() throws Exception {
        var connecting = connecting(client(PushClientTest.options()));
        var socket = server.takeGet().upgrade();
        assertEquals("event:attach\nid:0\ndata:epoch=1\n\n", control(socket.receive()));
        send(socket, attached(1, 0, 0, "S3cret"));
        return new Opened(connecting.get(), socket);
    }

    /** The client attaches again. */
    private WebSocket attach(String expected, String answer) throws Exception {
        var socket = server.takeGet().upgrade();
        assertEquals(expected, control(socket.receive()));
        send(socket, answer);
        return socket;
    }

    private static ByteBuffer bytes(int... values) {
        var buffer = ByteBuffer.allocate(values.length);
        for (int value : values) {
            buffer.put((byte) value);
        }
        return buffer.flip();
    }

    @Test
    void messages_are_frames_without_numbers() throws Exception {
        var opened = open();
        opened.push().send("text");
        opened.push().send(bytes(7, 8));
        assertEquals(new Message.Text("text"), opened.socket().receive());
        assertEquals(new Message.Binary(bytes(1, 7, 8)), opened.socket().receive());
        opened.socket().send("text");
        opened.socket().send(bytes(1, 7, 8));
        opened.socket().send(bytes(1));
        assertEquals(new Message.Text("text"), opened.push().receive());
        assertEquals(new Message.Binary(bytes(7, 8)), opened.push().receive());
        assertEquals(new Message.Binary(bytes()), opened.push().receive());
        opened.push().abort();
    }

    @Test
    void acknowledges_a_second_after_the_oldest_message() throws Exception {
        var opened = open();
        long sent = System.nanoTime();
        opened.socket().send("a");
        opened.socket().send("b");
        assertEquals("event:ack\nid:2\n\n", control(opened.socket().receive()));
        assertTrue(System.nanoTime() - sent >= Duration.ofMillis(990).toNanos());
        opened.push().abort();
    }

    @Test
    void acknowledges_the_250th_message_at_once() throws Exception {
        var opened = open();
        for (int i = 0; i < 250; i++) {
            opened.socket().send("x");
        }
        assertEquals("event:ack\nid:250\n\n", control(opened.socket().receive()));
        opened.push().abort();
    }

    @Test
    void keeps_within_the_window() throws Exception {
        var options = PushClientTest.options().withUnacknowledged(2_000, 1_000_000);
        var connecting = connecting(client(options));
        var socket = server.takeGet().upgrade();
        control(socket.receive());
        send(socket, attached(1, 0, 0, "S3cret"));
        var push = connecting.get();
        for (int i = 0; i < 1_100; i++) {
            push.send("x");
        }
        for (int i = 0; i < 1_000; i++) {
            socket.receive();
        }
        assertTrue(socket.receive(Duration.ofMillis(50)).isEmpty());
        assertEquals(100, push.bufferedAmount());
        send(socket, "event:ack\nid:60\n\n");
        for (int i = 0; i < 60; i++) {
            socket.receive();
        }
        assertTrue(socket.receive(Duration.ofMillis(50)).isEmpty());
        push.abort();
    }

    @Test
    void repeats_what_was_not_acknowledged_on_the_next_websocket() throws Exception {
        var opened = open();
        for (var text : new String[] {"a", "b", "c"}) {
            opened.push().send(text);
            assertEquals(new Message.Text(text), opened.socket().receive());
        }
        opened.socket().send("m1");
        assertEquals(new Message.Text("m1"), opened.push().receive());
        opened.socket().abort();
        var again = attach("event:attach\nid:1\ndata:epoch=2&session=S3cret\n\n", attached(2, 1, 1, ""));
        assertEquals(new Message.Text("b"), again.receive());
        assertEquals(new Message.Text("c"), again.receive());
        opened.push().abort();
    }

    @Test
    void answers_pings_with_their_data() throws Exception {
        var opened = open();
        send(opened.socket(), "event:ping\ndata: a=b\ndata:  second line\n\n");
        assertEquals(
                "event:pong\ndata:a=b\ndata:  second line\n\n",
                control(opened.socket().receive()));
        opened.push().abort();
    }

    @Test
    void ignores_heartbeats_and_what_it_does_not_know() throws Exception {
        var opened = open();
        opened.socket().send(bytes(0));
        send(opened.socket(), "event:later\ndata:x=y\n\n");
        opened.socket().send("a");
        assertEquals(new Message.Text("a"), opened.push().receive());
        opened.push().abort();
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "02",
                "",
                "00 garbage without a record",
                "event:ack\nid:1\n\n",
                "event:close\nid:5\ndata:code=4000\n\n"
            })
    void ends_with_a_server_that_breaks_the_protocol(String frame) throws Exception {
        var opened = open();
        switch (frame) {
            case "02" -> opened.socket().send(bytes(2));
            case "" -> opened.socket().send(bytes());
            default -> send(opened.socket(), frame);
        }
        var peer = assertThrows(
                ConnectionClosedException.class, () -> opened.socket().receive());
        assertEquals(4400, peer.closeInfo().status().code());
        assertEquals(CloseStatus.PROTOCOL_ERROR, end(opened.push()).status());
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"4403, 4403", "4400, 4400", "4410, 4410", "4451, 4451", "1009, 1009"})
    void does_not_attach_again_after(int code, int reported) throws Exception {
        var opened = open();
        opened.socket().close(CloseStatus.of(code, "why"));
        assertEquals(reported, end(opened.push()).status().code());
        assertFalse(server.getComes(600));
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(ints = {1000, 1001, 1011, 1012, 1013, 4408, 4429, 4503})
    void attaches_again_after(int code) throws Exception {
        var opened = open();
        opened.socket().close(CloseStatus.of(code));
        attach("event:attach\nid:0\ndata:epoch=2&session=S3cret\n\n", attached(2, 0, 0, ""));
        opened.push().abort();
    }

    @Test
    void is_told_how_a_session_ended_while_it_was_away() throws Exception {
        var opened = open();
        opened.socket().abort();
        var again = attach(
                "event:attach\nid:0\ndata:epoch=2&session=S3cret\n\n",
                "event:close\nid:9\ndata:code=4001&reason=x\n\n");
        var info = end(opened.push());
        assertEquals(CloseStatus.of(4001, "x"), info.status());
        assertEquals(Initiator.REMOTE, info.initiator());
        again.abort();
    }

    @Test
    void does_not_speak_without_the_subprotocol() throws Exception {
        var connecting = connecting(client(PushClientTest.options()));
        server.takeGet()
                .answer(
                        200,
                        "",
                        "Upgrade: websocket"); // no WebSocket at all; one without the subprotocol fails the handshake
        // alike
        assertInstanceOf(
                UncheckedIOException.class,
                assertThrows(ExecutionException.class, connecting::get).getCause());
    }

    @Test
    void closes_by_a_record_and_then_the_websocket() throws Exception {
        var opened = open();
        opened.push().send("a");
        var closing = Thread.ofVirtual().start(() -> opened.push().close(CloseStatus.of(4000, "bye")));
        assertEquals(new Message.Text("a"), opened.socket().receive());
        assertEquals(
                "event:close\nid:2\ndata:code=4000&reason=bye\n\n",
                control(opened.socket().receive()));
        send(opened.socket(), "event:close\nid:1\ndata:code=4000&reason=bye\n\n");
        opened.socket().close();
        closing.join();
        assertTrue(opened.push().closeInfo().orElseThrow().clean());
        ClientThreads.awaitNone();
    }

    @Test
    void acknowledges_the_servers_close_and_then_closes_the_websocket() throws Exception {
        var opened = open();
        opened.socket().send("a");
        send(opened.socket(), "event:close\nid:2\ndata:code=4000&reason=bye\n\n");
        assertEquals("event:ack\nid:2\n\n", control(opened.socket().receive()));
        var peer = assertThrows(
                ConnectionClosedException.class, () -> opened.socket().receive());
        assertEquals(CloseStatus.NORMAL, peer.closeInfo().status());
        assertEquals(new Message.Text("a"), opened.push().receive());
        assertEquals(CloseStatus.of(4000, "bye"), end(opened.push()).status());
        opened.push().close();
        ClientThreads.awaitNone();
    }
}
