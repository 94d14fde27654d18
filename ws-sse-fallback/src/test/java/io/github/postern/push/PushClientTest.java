package io.github.postern.push;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.postern.ws.connection.CloseInfo.Initiator;
import io.github.postern.ws.connection.Connection;
import io.github.postern.ws.connection.ConnectionClosedException;
import io.github.postern.ws.connection.Message;
import io.github.postern.ws.connection.ReadyState;
import io.github.postern.ws.core.CloseStatus;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The Java client against the real server, over every transport. */
@Timeout(60)
class PushClientTest {
    private static final CloseStatus DONE = CloseStatus.of(4000, "done & dusted");

    private final BlockingQueue<PushSession> sessions = new LinkedBlockingQueue<>();
    private PushServer server;

    @BeforeEach
    void start() throws IOException {
        var options = PushOptions.defaults()
                .withHeartbeat(Duration.ofMillis(500))
                .withPollTimeout(Duration.ofMillis(300))
                .withCloseTimeout(Duration.ofSeconds(2));
        server = PushServer.builder().path("/push", this::serve, options).start();
    }

    @AfterEach
    void stop() {
        server.shutdown(Duration.ZERO, Duration.ZERO);
    }

    /** Echoes until the session ends; closes with a code for the text "close", without one for "close without a status". */
    private void serve(Connection session) throws IOException, InterruptedException {
        sessions.put((PushSession) session);
        for (var message : session) {
            if (message.equals(new Message.Text("close"))) {
                session.close(DONE);
                return;
            }
            if (message.equals(new Message.Text("close without a status"))) {
                session.close(CloseStatus.NO_STATUS);
                return;
            }
            session.send(message);
        }
    }

    private PushSession takeServerSession() throws InterruptedException {
        return Objects.requireNonNull(sessions.poll(10, TimeUnit.SECONDS));
    }

    private URI uri() {
        return URI.create("http://localhost:" + server.port() + "/push");
    }

    static PushClientOptions options() {
        return PushClientOptions.defaults()
                .withPollInterval(Duration.ofMillis(20))
                .withCloseTimeout(Duration.ofSeconds(3));
    }

    private PushSession connect(PushTransport transport) throws IOException {
        return PushClient.builder(uri()).transport(transport).options(options()).connect();
    }

    private static ConnectionClosedException receiveEnd(PushSession push) {
        return assertThrows(ConnectionClosedException.class, push::receive);
    }

    @ParameterizedTest
    @EnumSource
    void echoes_every_kind_of_message(PushTransport transport) throws Exception {
        var texts = List.of(
                "hello",
                "",
                "two\nlines",
                "\n",
                "\n\n",
                "ends\n",
                "cr\r",
                "cr\r\nlf",
                " space",
                ":colon",
                "data:x",
                "\uFEFFbom",
                "nul\0",
                "\uD83D\uDE80 \u6211\u662F",
                "x".repeat(65_536),
                "\n".repeat(65_536),
                "\u00e4".repeat(30_000));
        try (var push = connect(transport)) {
            for (var text : texts) {
                push.send(text);
                assertEquals(new Message.Text(text), push.receive());
            }
            for (int size : new int[] {0, 1, 2, 3, 255, 65_535, 65_536}) {
                var data = new byte[size];
                for (int i = 0; i < size; i++) {
                    data[i] = (byte) (i * 7);
                }
                push.send(ByteBuffer.wrap(data));
                assertEquals(new Message.Binary(ByteBuffer.wrap(data)), push.receive());
            }
        }
    }

    /** Far more waits than it keeps, so nothing was read any more: not the server's answer to the close either. */
    @ParameterizedTest
    @EnumSource
    void closes_in_good_order_though_the_application_has_not_received(PushTransport transport) throws Exception {
        var few = options().withUnreceived(1, 100).withCloseTimeout(Duration.ofSeconds(40));
        try (var push =
                PushClient.builder(uri()).transport(transport).options(few).connect()) {
            var onServer = takeServerSession();
            for (int n = 0; n < 10; n++) {
                onServer.send("m" + n);
            }
            while (push.receive(Duration.ZERO).isEmpty()) {
                Thread.onSpinWait();
            }
            push.close(DONE);
            assertEquals(DONE, push.closeInfo().orElseThrow().status());
        }
    }

    @ParameterizedTest
    @EnumSource
    void keeps_the_order_of_many_messages(PushTransport transport) throws Exception {
        try (var push = connect(transport)) {
            var sender = Thread.ofVirtual().start(() -> {
                try {
                    for (int i = 0; i < 3_000; i++) {
                        push.send(Integer.toString(i));
                    }
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            for (int i = 0; i < 3_000; i++) {
                assertEquals(new Message.Text(Integer.toString(i)), push.receive());
            }
            sender.join();
        }
    }

    @ParameterizedTest
    @EnumSource
    void tells_what_carries_it(PushTransport transport) throws Exception {
        try (var push = connect(transport)) {
            var serverSession = takeServerSession();
            assertEquals(transport, push.transport());
            assertEquals(transport, serverSession.transport());
            assertEquals(serverSession.id(), push.id());
            assertFalse(push.id().isEmpty());
            assertEquals(ReadyState.OPEN, push.readyState());
            assertEquals(Optional.empty(), push.closeInfo());
            assertFalse(push.toString().contains("Postern"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void lives_longer_than_heartbeats_and_polls(PushTransport transport) throws Exception {
        try (var push = connect(transport)) {
            assertEquals(Optional.empty(), push.receive(Duration.ofMillis(1_300)));
            push.send("still there");
            assertEquals(new Message.Text("still there"), push.receive());
            assertEquals(1, server.sessions().size());
        }
    }

    @ParameterizedTest
    @EnumSource
    void the_client_closes(PushTransport transport) throws Exception {
        var push = connect(transport);
        var serverSession = takeServerSession();
        push.send("last");
        push.close(DONE);
        assertEquals(ReadyState.CLOSED, push.readyState());
        var info = push.closeInfo().orElseThrow();
        assertTrue(info.clean(), info.toString());
        assertEquals(DONE, info.status());
        assertEquals(Initiator.LOCAL, info.initiator());
        awaitEnd(serverSession);
        var theirs = serverSession.closeInfo().orElseThrow();
        assertEquals(DONE, theirs.status());
        assertEquals(Initiator.REMOTE, theirs.initiator());
        assertThrows(ConnectionClosedException.class, () -> push.send("x"));
    }

    private static void awaitEnd(PushSession session) throws Exception {
        // nothing that waits for a session of somebody else's handler, so this looks now and then
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (session.closeInfo().isEmpty() && System.nanoTime() < deadline) {
            Thread.onSpinWait();
        }
        assertTrue(session.closeInfo().isPresent());
    }

    @ParameterizedTest
    @EnumSource
    void the_client_closes_without_a_status_or_as_a_failed_handler_does(PushTransport transport) throws Exception {
        for (var status : List.of(CloseStatus.NO_STATUS, CloseStatus.INTERNAL_ERROR)) {
            var push = connect(transport);
            var serverSession = takeServerSession();
            push.close(status);
            assertTrue(push.closeInfo().orElseThrow().clean(), push.closeInfo().toString());
            awaitEnd(serverSession);
            assertEquals(status, serverSession.closeInfo().orElseThrow().status());
        }
    }

    @ParameterizedTest
    @EnumSource
    void the_server_closes_behind_its_messages(PushTransport transport) throws Exception {
        try (var push = connect(transport)) {
            var serverSession = takeServerSession();
            push.send("a");
            push.send("close");
            assertEquals(new Message.Text("a"), push.receive());
            var info = receiveEnd(push).closeInfo();
            assertEquals(DONE, info.status());
            assertEquals(Initiator.REMOTE, info.initiator());
            assertTrue(info.clean());
            awaitEnd(serverSession);
            assertTrue(serverSession.closeInfo().orElseThrow().clean(), "the client has acknowledged the close");
        }
    }

    @ParameterizedTest
    @EnumSource
    void the_server_closes_without_a_status(PushTransport transport) throws Exception {
        try (var push = connect(transport)) {
            var serverSession = takeServerSession();
            push.send("close without a status");
            var info = receiveEnd(push).closeInfo();
            assertEquals(CloseStatus.NO_STATUS, info.status());
            assertEquals(Initiator.REMOTE, info.initiator());
            assertTrue(info.clean());
            awaitEnd(serverSession);
            assertEquals(
                    CloseStatus.NO_STATUS,
                    serverSession.closeInfo().orElseThrow().status());
        }
    }

    @ParameterizedTest
    @EnumSource
    void the_server_stops(PushTransport transport) throws Exception {
        try (var push = connect(transport)) {
            server.close();
            assertEquals(
                    CloseStatus.GOING_AWAY.code(),
                    receiveEnd(push).closeInfo().status().code());
        }
    }

    @ParameterizedTest
    @EnumSource
    void both_sides_close_at_once(PushTransport transport) throws Exception {
        var push = connect(transport);
        var serverSession = takeServerSession();
        var closing = Thread.ofVirtual().start(() -> serverSession.close(DONE));
        push.close(DONE);
        closing.join();
        assertEquals(ReadyState.CLOSED, push.readyState());
        assertEquals(DONE, push.closeInfo().orElseThrow().status());
        assertEquals(DONE, serverSession.closeInfo().orElseThrow().status());
    }

    @ParameterizedTest
    @EnumSource
    void an_abort_ends_it_at_once(PushTransport transport) throws Exception {
        var push = connect(transport);
        var receiver = new LinkedBlockingQueue<Throwable>();
        var receiving = Thread.ofVirtual().start(() -> receiver.add(assertThrows(IOException.class, push::receive)));
        push.abort();
        receiving.join();
        assertEquals(1, receiver.size(), "receivers that were freed by an IOException");
        assertEquals(ReadyState.CLOSED, push.readyState());
        assertEquals(CloseStatus.ABNORMAL, push.closeInfo().orElseThrow().status());
        push.close();
    }

    @ParameterizedTest
    @EnumSource
    void refuses_a_message_that_the_server_does_not_take(PushTransport transport) throws Exception {
        try (var push = connect(transport)) {
            push.send("x".repeat(65_536));
            assertThrows(IllegalArgumentException.class, () -> push.send("x".repeat(65_537)));
            assertThrows(IllegalArgumentException.class, () -> push.send("\uD800"));
            push.send("fine");
            assertEquals(65_536, ((Message.Text) push.receive()).text().length());
            assertEquals(new Message.Text("fine"), push.receive());
        }
    }

    @ParameterizedTest
    @EnumSource
    void ends_when_a_message_is_longer_than_it_takes(PushTransport transport) throws Exception {
        var small = options().withMaxMessageSize(10);
        var push = PushClient.builder(uri()).transport(transport).options(small).connect();
        push.send("0123456789");
        assertEquals(new Message.Text("0123456789"), push.receive());
        push.send("x".repeat(20_000));
        var info = receiveEnd(push).closeInfo();
        assertNotEquals(CloseStatus.NORMAL, info.status());
        assertFalse(info.clean());
        push.close();
    }

    @ParameterizedTest
    @EnumSource
    void an_interrupted_receive_loses_nothing(PushTransport transport) throws Exception {
        try (var push = connect(transport)) {
            var outcomes = new LinkedBlockingQueue<Throwable>();
            var receiving = Thread.ofVirtual().start(() -> outcomes.add(assertThrows(Throwable.class, push::receive)));
            receiving.interrupt();
            assertEquals(InterruptedException.class, outcomes.take().getClass());
            push.send("a");
            assertEquals(new Message.Text("a"), push.receive());
        }
    }

    @ParameterizedTest
    @EnumSource
    void leaves_no_thread_behind(PushTransport transport) throws Exception {
        try (var push = connect(transport)) {
            push.send("a");
            push.receive();
        }
        assertEquals(List.of(), ClientThreads.live());
        connect(transport).abort();
        ClientThreads.awaitNone();
    }
}
