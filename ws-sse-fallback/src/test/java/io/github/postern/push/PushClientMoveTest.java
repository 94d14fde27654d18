package io.github.postern.push;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.postern.push.SelectiveRelay.Treatment;
import io.github.postern.ws.connection.Connection;
import io.github.postern.ws.connection.Message;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The Java client on bad networks and on the move, with the real server: how long the application waits. PROTOCOL.md §5, §15. */
@Timeout(60)
class PushClientMoveTest {
    /** How many messages are sent between two moves, and after the last, each way. */
    private static final int LEG = 3_000;

    /** What a pause may be where nothing but a busy machine delays; a move that broke before it made, and waited for a timeout, would take seconds. */
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final AtomicInteger receivedByServer = new AtomicInteger();
    private final AtomicLong longestPauseOfServer = new AtomicLong();
    private volatile boolean talkative;
    private final AtomicInteger sentByServer = new AtomicInteger();
    private PushServer server;

    @BeforeEach
    void start() throws IOException {
        server = PushServer.builder()
                .path("/push", this::serve, PushOptions.defaults())
                .start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @AfterAll
    static void nothingIsLeft() throws Exception {
        ClientThreads.awaitNone();
    }

    /** Greets, takes numbered messages in, and sends numbered messages of its own while it is told to. */
    private void serve(Connection session) throws IOException, InterruptedException {
        session.send("hello");
        var talking = Thread.ofVirtual().start(() -> talk(session));
        long last = 0;
        for (var message : session) {
            assertEquals(new Message.Text("c" + receivedByServer.get()), message);
            long now = System.nanoTime();
            last = last == 0 ? now : last; // the first does not end a pause
            longestPauseOfServer.accumulateAndGet(now - last, Math::max);
            last = now;
            receivedByServer.incrementAndGet();
        }
        talking.join();
    }

    private void talk(Connection session) {
        try {
            while (talkative) {
                session.send("s" + sentByServer.getAndIncrement());
            }
            session.send("end");
        } catch (IOException e) {
            // the session has ended
        }
    }

    private PushClient.Builder client(URI uri) {
        return PushClient.builder(uri).memory(new TransportMemory());
    }

    private URI uri() {
        return URI.create("http://localhost:" + server.port() + "/push");
    }

    /** How long it takes from nothing to the first message, in milliseconds. */
    private long firstMessage(Treatment webSockets, Treatment streams, PushTransport expected) throws Exception {
        try (var relay = new SelectiveRelay(server.port(), webSockets, streams)) {
            long began = System.nanoTime();
            var push = client(relay.uri()).connect();
            assertEquals(new Message.Text("hello"), push.receive());
            long millis = Duration.ofNanos(System.nanoTime() - began).toMillis();
            assertEquals(expected, push.transport());
            push.abort();
            System.out.println(
                    "first message with WebSockets " + webSockets + " and streams " + streams + ": " + millis + " ms");
            return millis;
        }
    }

    @Test
    void where_websockets_are_refused_the_first_message_comes_at_once() throws Exception {
        // the goal is 300 ms; what is waited for nothing would be the head start of 1,500 ms
        long millis = firstMessage(Treatment.REFUSE, Treatment.PASS, PushTransport.SSE);
        assertTrue(millis < 1_400, millis + " ms");
    }

    @Test
    void where_websockets_vanish_the_first_message_comes_after_the_head_start() throws Exception {
        long millis = firstMessage(Treatment.SWALLOW, Treatment.PASS, PushTransport.SSE);
        assertTrue(millis >= 1_490 && millis <= 3_500, millis + " ms");
    }

    @Test
    void where_streams_are_held_back_as_well_the_first_message_comes_by_a_poll() throws Exception {
        long millis = firstMessage(Treatment.SWALLOW, Treatment.MUTE, PushTransport.LONG_POLLING);
        assertTrue(millis >= 4_490 && millis <= 7_000, millis + " ms");
    }

    @Test
    void a_session_moves_up_and_down_while_messages_are_in_flight() throws Exception {
        talkative = true;
        var push = client(uri()).connect();
        push.moveTo(PushTransport.SSE);
        assertEquals(new Message.Text("hello"), push.receive());
        var sender = Thread.ofVirtual().start(() -> send(push));
        var mover = Thread.ofVirtual().start(() -> move(push));
        long longest = 0;
        long last = System.nanoTime();
        int received = 0;
        var message = push.receive();
        while (!message.equals(new Message.Text("end"))) {
            assertEquals(new Message.Text("s" + received), message);
            received++;
            long now = System.nanoTime();
            longest = Math.max(longest, now - last);
            last = now;
            message = push.receive();
        }
        mover.join();
        sender.join();
        assertEquals(sentByServer.get(), received);
        assertEquals(PushTransport.WEBSOCKET, push.transport());
        push.close(); // behind everything that was sent
        long up = longestPauseOfServer.get() / 1_000_000;
        System.out.println("moved with " + received + " messages down and " + receivedByServer + " up; longest pause "
                + longest / 1_000_000 + " ms down, " + up + " ms up");
        assertEquals(sentByClient.get(), receivedByServer.get());
        assertEquals(0, push.unconfirmed());
        assertTrue(longest < PAUSE.toNanos(), "down: " + longest + " ns");
        assertTrue(up < PAUSE.toMillis(), "up: " + up + " ms");
    }

    private final AtomicInteger sentByClient = new AtomicInteger();

    private void send(ClientPushSession push) {
        try {
            while (talkative) {
                push.send("c" + sentByClient.getAndIncrement());
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void move(ClientPushSession push) {
        try {
            var ways = List.of(PushTransport.WEBSOCKET, PushTransport.LONG_POLLING, PushTransport.WEBSOCKET);
            awaitTraffic(push);
            for (var to : ways) {
                push.moveTo(to);
                awaitTraffic(push);
            }
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        } finally {
            talkative = false;
        }
    }

    /** Waits until so many more messages have gone each way, so that a thousand are under way all the time. */
    private void awaitTraffic(ClientPushSession push) throws InterruptedException {
        int down = sentByServer.get() + LEG;
        int up = receivedByServer.get() + LEG;
        while ((sentByServer.get() < down || receivedByServer.get() < up)
                && push.closeInfo().isEmpty()) {
            Thread.onSpinWait();
        }
    }

    @ParameterizedTest
    @EnumSource(value = Treatment.class, names = "PASS", mode = EnumSource.Mode.EXCLUDE)
    void an_abort_in_the_middle_of_a_race_leaves_nothing(Treatment treatment) throws Exception {
        try (var relay = new SelectiveRelay(server.port(), treatment, treatment)) {
            var quick = Duration.ofMillis(50);
            var options = PushClientOptions.defaults().withHeadStart(quick).withFirstByteTimeout(quick);
            var builder = client(relay.uri()).options(options);
            var push = builder.connect();
            push.networkChanged();
            push.abort();
            ClientThreads.awaitNone();
        }
    }
}
