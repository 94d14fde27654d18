package io.github.postern.push;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.postern.push.TestWebSocket.Closed;
import io.github.postern.ws.client.WebSocketClient;
import io.github.postern.ws.connection.CloseInfo.Initiator;
import io.github.postern.ws.connection.ConnectionClosedException;
import io.github.postern.ws.connection.Message;
import io.github.postern.ws.core.CloseStatus;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** PROTOCOL.md §8, §9, and §13 for bare WebSockets, with the JDK's client as the other side. */
@Timeout(60)
class WebSocketTransportTest {
    private final Holding application = Holding.receiving();
    private PushServer server;
    private TestClient client;

    @BeforeEach
    void start() throws IOException {
        var options = PushOptions.defaults()
                .withLimits(PushLimits.defaults().withMaxMessageSize(2_000))
                .withHeartbeat(Duration.ofMillis(300))
                .withAttachTimeout(Duration.ofMillis(500))
                .withCloseTimeout(Duration.ofSeconds(2));
        server = PushServer.builder().path("/push", application, options).start();
        client = new TestClient(server.port());
    }

    @AfterEach
    void stop() {
        client.close();
        server.shutdown(Duration.ZERO, Duration.ZERO);
    }

    private TestWebSocket connect() {
        return TestWebSocket.open(client.http(), server.port(), "postern.v1");
    }

    /** Opens a session and returns its secret. */
    private static String open(TestWebSocket socket) throws InterruptedException {
        socket.control("event:attach\ndata:epoch=1\n\n");
        var attached = socket.nextControl("attached");
        assertEquals(0, attached.number());
        var parameters = attached.parameters();
        assertNotNull(parameters);
        return parameters.text("session").orElseThrow();
    }

    private static void attach(TestWebSocket socket, String secret, long epoch, long position) {
        socket.control("event:attach\nid:" + position + "\ndata:epoch=" + epoch + "&session=" + secret + "\n\n");
    }

    @Test
    void text_is_a_text_frame_and_binary_costs_one_byte() throws Exception {
        var socket = connect();
        var secret = open(socket);
        assertTrue(secret.length() >= 22);
        var pushed = application.sessions.take();
        assertEquals(PushTransport.WEBSOCKET, pushed.transport());
        pushed.send("one");
        pushed.send(ByteBuffer.wrap(new byte[] {7, 8}));
        assertEquals("one", socket.next());
        assertEquals(ByteBuffer.wrap(new byte[] {1, 7, 8}), socket.next());
        socket.text("up");
        socket.binary(1, 9);
        assertEquals(new Message.Text("up"), application.received.take());
        assertEquals(new Message.Binary(ByteBuffer.wrap(new byte[] {9})), application.received.take());
    }

    @Test
    void acknowledges_once_a_second_and_only_something_new() throws Exception {
        var socket = connect();
        var unused = open(socket);
        socket.text("a");
        socket.text("b");
        assertEquals(2, socket.nextControl("ack").number());
        assertNull(socket.poll(Duration.ofMillis(1_500)), "nothing new, nothing to acknowledge");
    }

    @Test
    void acknowledges_at_once_after_many_messages() throws Exception {
        var socket = connect();
        var unused = open(socket);
        for (int i = 0; i < 250; i++) {
            socket.text("x");
        }
        long position = socket.nextControl("ack").number();
        assertTrue(position == 250, "acknowledged " + position);
    }

    @Test
    void resumes_what_was_not_received_and_tells_what_was() throws Exception {
        var first = connect();
        var secret = open(first);
        var pushed = application.sessions.take();
        first.text("up 1");
        assertEquals(new Message.Text("up 1"), application.received.take());
        pushed.send("1");
        pushed.send("2");
        assertEquals("1", first.next());
        first.abort();
        pushed.send("3");
        var second = connect();
        attach(second, secret, 2, 1);
        var attached = second.nextControl("attached");
        var parameters = attached.parameters();
        assertNotNull(parameters);
        assertEquals(1, attached.number());
        assertEquals(1, parameters.number("received"));
        assertTrue(parameters.text("session").isEmpty(), "the secret is told only once");
        assertEquals("2", second.next());
        assertEquals("3", second.next());
        second.text("up 2");
        assertEquals(new Message.Text("up 2"), application.received.take());
    }

    @Test
    void a_live_session_moves_from_sse_to_websocket_and_on_to_long_polling() throws Exception {
        var session = client.open(PushTransport.SSE);
        var pushed = application.sessions.take();
        pushed.send("1");
        HttpTransportsTest.expect(session.stream, 1, "1");
        var socket = connect();
        attach(socket, session.secret, 2, 1);
        assertEquals(1, socket.nextControl("attached").number());
        assertEquals("detach", session.stream.next().event());
        pushed.send("2");
        assertEquals("2", socket.next());
        assertEquals(PushTransport.WEBSOCKET, pushed.transport());
        session.epoch = 2;
        var poll = session.attach(PushTransport.LONG_POLLING, 1);
        assertEquals("attached", poll.next().event());
        HttpTransportsTest.expect(poll, 2, "2");
        assertEquals(new Closed(4403, "superseded"), socket.nextOfKind(Closed.class));
        assertEquals(PushTransport.LONG_POLLING, pushed.transport());
    }

    @Test
    void the_first_frame_must_attach_in_time() throws Exception {
        assertEquals(4408, connect().nextOfKind(Closed.class).code());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "event:attach\n\n",
                "event:attach\ndata:epoch=0\n\n",
                "event:attach\nid:x\ndata:epoch=1\n\n",
                "event:attach\nid:1\ndata:epoch=1\n\n",
                "event:ack\nid:0\n\n",
                "event:attach\ndata:epoch=%zz\n\n"
            })
    void a_malformed_attach_is_refused(String record) throws Exception {
        var socket = connect();
        socket.control(record);
        assertEquals(4400, socket.nextOfKind(Closed.class).code());
    }

    @Test
    void a_message_before_the_attach_is_refused() throws Exception {
        var socket = connect();
        socket.text("too early");
        assertEquals(4400, socket.nextOfKind(Closed.class).code());
    }

    @Test
    void an_unknown_session_is_refused_with_a_close_record() throws Exception {
        var socket = connect();
        attach(socket, "nobody", 2, 0);
        var parameters = socket.nextControl("close").parameters();
        assertNotNull(parameters);
        assertEquals(4410, parameters.number("code"));
        assertEquals(4410, socket.nextOfKind(Closed.class).code());
    }

    @Test
    void a_stale_epoch_is_fenced() throws Exception {
        var first = connect();
        var secret = open(first);
        var second = connect();
        attach(second, secret, 1, 0);
        assertEquals(new Closed(4403, "fenced"), second.nextOfKind(Closed.class));
    }

    @ParameterizedTest
    @ValueSource(bytes = {2, 77})
    void an_unknown_type_byte_ends_the_attachment_but_not_the_session(byte type) throws Exception {
        var socket = connect();
        var secret = open(socket);
        socket.binary(type);
        assertEquals(4400, socket.nextOfKind(Closed.class).code());
        var again = connect();
        attach(again, secret, 2, 0);
        assertEquals("attached", again.nextControl("attached").event());
    }

    @Test
    void an_impossible_acknowledgement_ends_the_attachment() throws Exception {
        var socket = connect();
        var unused = open(socket);
        socket.control("event:ack\nid:1\n\n");
        assertEquals(new Closed(4400, "position"), socket.nextOfKind(Closed.class));
    }

    @Test
    void unknown_records_are_ignored_and_pings_answered() throws Exception {
        var socket = connect();
        var unused = open(socket);
        socket.control("event:novelty\ndata:x\n\n");
        socket.binary(0);
        socket.control("event:ping\ndata:n=1\n\n");
        assertEquals("n=1", socket.nextControl("pong").data());
        socket.control("event:ping\ndata:  led by a space\n\n");
        assertEquals(" led by a space", socket.nextControl("pong").data());
    }

    @Test
    void a_silent_websocket_gets_a_heartbeat() throws Exception {
        var socket = connect();
        var unused = open(socket);
        assertEquals(ByteBuffer.wrap(new byte[] {0}), socket.next());
        assertEquals(ByteBuffer.wrap(new byte[] {0}), socket.next());
    }

    @Test
    void the_server_closes_and_the_client_acknowledges() throws Exception {
        var socket = connect();
        var unused = open(socket);
        var pushed = application.sessions.take();
        pushed.send("last");
        socket.text("bye");
        assertEquals("last", socket.next());
        var close = socket.nextControl("close");
        assertEquals(2, close.number());
        assertEquals("code=1000&reason=&received=1", close.data());
        socket.control("event:ack\nid:2\n\n");
        assertEquals(1000, socket.nextOfKind(Closed.class).code());
        assertTrue(pushed.closeInfo().orElseThrow().clean());
    }

    @Test
    void the_client_closes_and_the_server_answers() throws Exception {
        var socket = connect();
        var unused = open(socket);
        var pushed = application.sessions.take();
        socket.text("last");
        socket.control("event:close\nid:2\ndata:code=3000&reason=done\n\n");
        assertEquals(
                "code=3000&reason=done&received=2", socket.nextControl("close").data());
        assertEquals(new Closed(3000, "done"), socket.nextOfKind(Closed.class));
        assertEquals(new Message.Text("last"), application.received.take());
        var info = pushed.closeInfo().orElseThrow();
        assertEquals(CloseStatus.of(3000, "done"), info.status());
        assertEquals(Initiator.REMOTE, info.initiator());
    }

    @Test
    void a_close_frame_alone_ends_the_attachment_only() throws Exception {
        var socket = connect();
        var secret = open(socket);
        socket.close(1000);
        assertInstanceOf(Closed.class, socket.nextOfKind(Closed.class));
        var pushed = application.sessions.take();
        pushed.send("still here");
        var again = connect();
        attach(again, secret, 2, 0);
        assertEquals("attached", again.nextControl("attached").event());
        assertEquals("still here", again.next());
    }

    @ParameterizedTest
    @ValueSource(ints = {2_001, 20_000})
    void a_message_too_big_ends_the_session(int size) throws Exception {
        var socket = connect();
        var secret = open(socket);
        var pushed = application.sessions.take();
        socket.text("x".repeat(1_999));
        socket.text("x".repeat(2_000));
        socket.text("x".repeat(size));
        assertEquals(1009, socket.nextOfKind(Closed.class).code());
        assertEquals(1_999, ((Message.Text) application.received.take()).text().length());
        assertEquals(2_000, ((Message.Text) application.received.take()).text().length());
        HttpTransportsTest.await(() -> pushed.closeInfo().isPresent());
        assertEquals(1009, pushed.closeInfo().orElseThrow().status().code());
        var again = connect();
        attach(again, secret, 2, 0);
        var close = again.nextControl("close");
        assertEquals("code=1009&reason=&received=2", close.data());
        assertEquals(4410, again.nextOfKind(Closed.class).code());
    }

    @Test
    void a_bare_websocket_gets_and_sends_messages_as_they_are() throws Exception {
        var socket = TestWebSocket.open(client.http(), server.port(), "");
        var pushed = application.sessions.take();
        pushed.send("one");
        pushed.send(ByteBuffer.wrap(new byte[] {0, 1}));
        assertEquals("one", socket.next());
        assertEquals(ByteBuffer.wrap(new byte[] {0, 1}), socket.next());
        socket.text("up");
        socket.binary(0, 5);
        assertEquals(new Message.Text("up"), application.received.take());
        assertEquals(new Message.Binary(ByteBuffer.wrap(new byte[] {0, 5})), application.received.take());
        assertNull(socket.poll(Duration.ofMillis(1_200)), "no heartbeats, no acknowledgements");
        socket.close(3001);
        assertEquals(3001, socket.nextOfKind(Closed.class).code());
        HttpTransportsTest.await(() -> pushed.closeInfo().isPresent());
        assertEquals(3001, pushed.closeInfo().orElseThrow().status().code());
    }

    @Test
    void the_end_of_a_handler_closes_a_bare_websocket() throws Exception {
        var socket = TestWebSocket.open(client.http(), server.port(), "");
        var pushed = application.sessions.take();
        pushed.send("last");
        socket.text("bye");
        assertEquals("last", socket.next());
        assertEquals(1000, socket.nextOfKind(Closed.class).code());
        HttpTransportsTest.await(() -> pushed.closeInfo().isPresent());
        assertTrue(pushed.closeInfo().orElseThrow().clean());
    }

    @Test
    void a_bare_websocket_gets_an_empty_close_frame_where_there_is_no_status() throws Exception {
        var uri = URI.create("ws://localhost:" + server.port() + "/push");
        try (var socket = WebSocketClient.builder().build().connect(uri)) { // the JDK's says 1000 of such a frame
            var pushed = application.sessions.take();
            pushed.close(CloseStatus.NO_STATUS);
            var end = assertThrows(ConnectionClosedException.class, socket::receive)
                    .closeInfo();
            assertEquals(CloseStatus.NO_STATUS, end.received());
            assertEquals(CloseStatus.NO_STATUS, pushed.closeInfo().orElseThrow().status());
        }
    }

    @Test
    void a_vanished_bare_websocket_ends_its_session() throws Exception {
        var socket = TestWebSocket.open(client.http(), server.port(), "");
        var pushed = application.sessions.take();
        socket.abort();
        HttpTransportsTest.await(() -> pushed.closeInfo().isPresent());
        assertEquals(1006, pushed.closeInfo().orElseThrow().status().code());
        assertTrue(server.sessions().isEmpty());
    }
}
