package io.github.postern.push;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.postern.ws.connection.CloseInfo.Initiator;
import io.github.postern.ws.connection.Connection;
import io.github.postern.ws.connection.ConnectionClosedException;
import io.github.postern.ws.connection.Message;
import io.github.postern.ws.connection.ReadyState;
import io.github.postern.ws.core.CloseStatus;
import io.github.postern.ws.core.handshake.Headers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.CookieManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The guarantee, through a network that breaks: PROTOCOL.md §1, §4, §5. */
@Timeout(60)
class PushClientResumeTest {
    private static final Duration HEARTBEAT = Duration.ofMillis(500);
    private static final Duration GRACE = Duration.ofSeconds(1);

    /** Draws from a twentieth of what is usual, so that nobody waits for seconds. */
    private static final class ShortDelays extends Random {
        private static final long serialVersionUID = 1L;

        ShortDelays() {
            super(1);
        }

        @Override
        public long nextLong(long bound) {
            return super.nextLong(bound) / 20;
        }
    }

    private final BlockingQueue<PushSession> sessions = new LinkedBlockingQueue<>();
    private PushServer server;
    private CuttingRelay relay;

    @BeforeEach
    void start() throws IOException {
        var options = PushOptions.defaults()
                .withHeartbeat(HEARTBEAT)
                .withPollTimeout(Duration.ofMillis(300))
                .withExpiry(Duration.ofSeconds(20))
                .withCloseTimeout(Duration.ofSeconds(2));
        server = PushServer.builder().path("/push", this::serve, options).start();
        relay = new CuttingRelay(server.port());
    }

    @AfterEach
    void stop() throws IOException {
        relay.close();
        server.shutdown(Duration.ZERO, Duration.ZERO); // nobody polls any more who could be told
    }

    private void serve(Connection session) throws IOException, InterruptedException {
        sessions.put((PushSession) session);
        for (var message : session) {
            session.send(message);
        }
    }

    private PushSession takeServerSession() throws InterruptedException {
        return Objects.requireNonNull(sessions.poll(10, TimeUnit.SECONDS));
    }

    private PushSession connect(PushTransport transport) throws IOException {
        return PushClient.builder(relay.uri())
                .transport(transport)
                .options(PushClientTest.options().withHeartbeatGrace(GRACE))
                .random(new ShortDelays())
                .connect();
    }

    private static Thread sendAll(PushSession push, List<String> messages) {
        return Thread.ofVirtual().start(() -> {
            try {
                for (var message : messages) {
                    push.send(message);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private static List<String> numbered(int count) {
        var messages = new ArrayList<String>();
        for (int i = 0; i < count; i++) {
            messages.add(i + " " + "x".repeat(i % 97));
        }
        return messages;
    }

    private static void receiveAll(PushSession push, List<String> messages) throws Exception {
        for (var message : messages) {
            assertEquals(new Message.Text(message), push.receive());
        }
    }

    static Stream<Arguments> cuts() {
        return Stream.of(PushTransport.values())
                .flatMap(transport -> Stream.of(11L, 12L).map(seed -> Arguments.of(transport, seed)));
    }

    @ParameterizedTest(name = "{0}, seed {1}")
    @MethodSource("cuts")
    void delivers_everything_once_and_in_order_through_cuts_in_mid_stream(PushTransport transport, long seed)
            throws Exception {
        var random = new Random(seed);
        try (var push = connect(transport)) {
            for (int round = 0; round < 4; round++) {
                var messages = numbered(400);
                relay.cutDownAfter(1 + random.nextInt(12_000));
                relay.cutUpAfter(1 + random.nextInt(12_000));
                var sender = sendAll(push, messages);
                receiveAll(push, messages);
                sender.join();
            }
            assertTrue(relay.cuts() >= 4, "cuts: " + relay.cuts());
            assertEquals(1, server.sessions().size(), "it was one session all the time");
        }
    }

    @ParameterizedTest
    @EnumSource
    void resumes_without_having_received_anything(PushTransport transport) throws Exception {
        try (var push = connect(transport)) {
            var serverSession = takeServerSession();
            relay.refuse(true);
            relay.cutAll();
            serverSession.send("while away");
            relay.refuse(false);
            assertEquals(new Message.Text("while away"), push.receive());
            assertEquals(ReadyState.OPEN, push.readyState());
        }
    }

    @ParameterizedTest
    @EnumSource
    void loses_nothing_of_what_was_written_into_the_void(PushTransport transport) throws Exception {
        try (var push = connect(transport)) {
            var serverSession = takeServerSession();
            relay.mute();
            serverSession.send("into the void");
            relay.cutAll();
            assertEquals(new Message.Text("into the void"), push.receive());
        }
    }

    @Test
    void gives_up_an_attachment_that_is_silent() throws Exception {
        var pushes = new ArrayList<PushSession>();
        for (var transport : PushTransport.values()) {
            pushes.add(connect(transport));
        }
        for (var push : pushes) {
            var echo = push.transport().name();
            push.send(echo);
            assertEquals(new Message.Text(echo), push.receive());
        }
        relay.mute(); // only the silence tells that these connections are dead
        long silent = System.nanoTime();
        for (var push : pushes) {
            push.send("the server hears this");
        }
        for (var push : pushes) {
            assertEquals(new Message.Text("the server hears this"), push.receive());
            assertTrue(
                    System.nanoTime() - silent >= GRACE.toNanos(),
                    "the last sign of life may be as old as a heartbeat");
            push.close();
        }
    }

    @ParameterizedTest
    @EnumSource
    void leaves_the_session_to_another_holder_of_its_secret(PushTransport transport) throws Exception {
        var push = connect(transport);
        var serverSession = takeServerSession();
        try (var thief = new HttpLink(
                Endpoint.of(relay.uri(), Headers.of(), new CookieManager(), null),
                new TokenSource(null),
                Duration.ofSeconds(5))) {
            var hello = new Hello(1_000, relay.overheardSecret(), 0);
            thief.get(hello, PushTransport.SSE, TimeUnit.SECONDS.toNanos(5));
            var info =
                    assertThrows(ConnectionClosedException.class, push::receive).closeInfo();
            assertEquals(4403, info.status().code());
            assertEquals(Initiator.REMOTE, info.initiator());
            serverSession.send("for the thief");
            push.close();
        }
    }

    @ParameterizedTest
    @EnumSource
    void makes_the_server_wait_for_an_application_that_does_not_receive(PushTransport transport) throws Exception {
        try (var push = connect(transport)) {
            var serverSession = takeServerSession();
            var flood = sendAll(serverSession, numbered(5_000));
            assertFalse(flood.join(Duration.ofMillis(500)), "the server's sender waits");
            push.send("echo"); // the other direction still flows
            var received = new ArrayList<Message>();
            for (int i = 0; i < 5_001; i++) {
                received.add(push.receive());
            }
            assertTrue(received.remove(new Message.Text("echo")));
            assertEquals(
                    numbered(5_000),
                    received.stream().map(m -> ((Message.Text) m).text()).toList());
            flood.join();
        }
    }

    @ParameterizedTest
    @EnumSource
    void buffers_what_is_sent_while_away(PushTransport transport) throws Exception {
        try (var push = connect(transport)) {
            relay.refuse(true);
            relay.cutAll();
            for (int i = 0; i < 100; i++) {
                push.send("m" + i);
            }
            relay.refuse(false);
            for (int i = 0; i < 100; i++) {
                assertEquals(new Message.Text("m" + i), push.receive());
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void closes_through_a_cut(PushTransport transport) throws Exception {
        var push = connect(transport);
        var serverSession = takeServerSession();
        relay.cutAll();
        push.send("last words");
        push.close(CloseStatus.of(4000, "bye"));
        assertTrue(push.closeInfo().orElseThrow().clean(), push.closeInfo().toString());
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
        while (serverSession.closeInfo().isEmpty() && System.nanoTime() < deadline) {
            Thread.onSpinWait();
        }
        assertEquals(4000, serverSession.closeInfo().orElseThrow().status().code());
    }

    @ParameterizedTest
    @EnumSource
    void gives_up_a_close_that_nobody_answers(PushTransport transport) throws Exception {
        var push = PushClient.builder(relay.uri())
                .transport(transport)
                .options(PushClientTest.options().withCloseTimeout(Duration.ofMillis(500)))
                .random(new ShortDelays())
                .connect();
        relay.refuse(true);
        relay.cutAll();
        push.close();
        var info = push.closeInfo().orElseThrow();
        assertEquals(CloseStatus.ABNORMAL, info.status());
        assertEquals(Initiator.LOCAL, info.initiator());
        assertEquals(CloseStatus.NORMAL, info.sent());
        ClientThreads.awaitNone();
    }

    @ParameterizedTest
    @EnumSource
    void reports_a_server_that_does_not_come_back(PushTransport transport) throws Exception {
        var brief = PushOptions.defaults().withExpiry(Duration.ofSeconds(1));
        try (var other = PushServer.builder().path("/push", this::serve, brief).start()) {
            reportsExpiry(transport, other.port());
        }
    }

    private void reportsExpiry(PushTransport transport, int port) throws Exception {
        relay.close();
        relay = new CuttingRelay(port);
        var push = connect(transport);
        relay.refuse(true);
        relay.cutAll();
        var info = assertThrows(ConnectionClosedException.class, push::receive).closeInfo();
        assertEquals(SessionCodes.EXPIRED, info.status());
        assertEquals(Initiator.NETWORK, info.initiator());
        push.close();
        ClientThreads.awaitNone();
    }

    @ParameterizedTest
    @EnumSource
    void reports_a_session_that_the_server_has_given_up(PushTransport transport) throws Exception {
        var push = connect(transport);
        takeServerSession().abort();
        var info = assertThrows(ConnectionClosedException.class, push::receive).closeInfo();
        assertEquals(Initiator.REMOTE, info.initiator());
        assertEquals(SessionCodes.UNKNOWN.code(), info.status().code()); // an abort has no code that could be sent
        push.close();
    }
}
