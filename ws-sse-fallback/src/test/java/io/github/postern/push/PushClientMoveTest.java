package io.github.postern.push;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.postern.ws.connection.Message;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The Java client on the move, with the real server at a known distance: how long the applications wait. PROTOCOL.md §5. */
@Timeout(60)
class PushClientMoveTest {
    private static final int IN_FLIGHT = 1_000;

    /** What may be in flight; senders wait beyond that. */
    private static final int WINDOW = 2_000;

    private static final int WINDOW_BYTES = 1 << 20;
    private static final Duration ROUND_TRIP = Duration.ofMillis(40);

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration LOOK = Duration.ofMillis(1);
    private static final Duration WORTH_A_LOOK = Duration.ofMillis(10);

    /** No pause of a move is longer than three round trips, as long as they take at that moment, and this. */
    private static final Duration BEYOND = Duration.ofMillis(50);

    private static final int TRIPS = 3;

    /** What they take at least. */
    private static final Duration BOUND = ROUND_TRIP.multipliedBy(TRIPS).plus(BEYOND);

    /** A machine that does something else for a while looks like a pause, but not each time. */
    private static final int ATTEMPTS = 6;

    private PushServer server;

    /** A time without a message from the other side. */
    private record Pause(long begin, long end) {
        long length() {
            return end - begin;
        }

        /** By how much it is longer than it may be; in nanoseconds, negative if it is not. */
        long excess(RoundTrips network) {
            return length() - Math.max(BOUND.toNanos(), network.longest(TRIPS, begin, end) + BEYOND.toNanos());
        }
    }

    @BeforeEach
    void start() throws IOException {
        var options = PushOptions.defaults().withLimits(PushLimits.defaults().withUnacknowledged(WINDOW, WINDOW_BYTES));
        server = PushServer.builder().path("/push", this::serve, options).start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @AfterAll
    static void nothingIsLeft() throws Exception {
        ClientThreads.awaitNone();
    }

    private void serve(PushSession session) throws InterruptedException {
        new Talker(session).talk();
    }

    private volatile boolean talkative = true;

    /** One side, which sends numbered messages as fast as it may, while it is told to, and takes numbered messages in. */
    private final class Talker {
        private final PushSession session;
        private final AtomicInteger sent = new AtomicInteger();
        private final AtomicInteger received = new AtomicInteger();
        private final Queue<Pause> pauses = new ConcurrentLinkedQueue<>();

        Talker(PushSession session) {
            this.session = session;
            talkers.add(this);
        }

        /** Talks until the other side has said that it says no more, and returns when it has said so itself. */
        void talk() throws InterruptedException {
            var sender = new FutureTask<>(this::send, true);
            Thread.ofVirtual().start(sender);
            try {
                long last = System.nanoTime();
                for (var message = session.receive();
                        !message.equals(new Message.Text("end"));
                        message = session.receive()) {
                    assertEquals(new Message.Text(Integer.toString(received.getAndIncrement())), message);
                    long now = System.nanoTime();
                    if (now - last >= WORTH_A_LOOK.toNanos()) {
                        pauses.add(new Pause(last, now));
                    }
                    last = now;
                }
                sender.get();
            } catch (IOException | ExecutionException e) {
                throw new AssertionError(e);
            }
        }

        private void send() {
            try {
                while (talkative) {
                    session.send(Integer.toString(sent.get()));
                    sent.incrementAndGet();
                }
                session.send("end");
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }

        boolean hasManyInFlight() {
            return session.unconfirmed() >= IN_FLIGHT;
        }

        void awaitMore(int count) {
            int goal = received.get() + count;
            await(() -> received.get() >= goal);
        }

        List<Pause> takePauses() {
            var taken = new ArrayList<Pause>();
            for (var pause = pauses.poll(); pause != null; pause = pauses.poll()) {
                taken.add(pause);
            }
            return taken;
        }
    }

    private final LinkedBlockingQueue<Talker> talkers = new LinkedBlockingQueue<>();

    @Test
    void a_session_with_a_thousand_messages_in_flight_each_way_moves_without_a_pause() throws Exception {
        try (var relay = new DistantRelay(server.port(), ROUND_TRIP);
                var network = new RoundTrips(ROUND_TRIP);
                var push = PushClient.builder(relay.uri())
                        .memory(new TransportMemory())
                        .transport(PushTransport.SSE)
                        .options(PushClientTest.options().withUnacknowledged(WINDOW, WINDOW_BYTES))
                        .connect()) {
            var ofServer = talkers.take();
            var ofClient = new Talker(push);
            var talking = new FutureTask<>(() -> {
                ofClient.talk();
                return true;
            });
            Thread.ofVirtual().start(talking);
            long excess = Long.MAX_VALUE;
            for (int i = 0; i < ATTEMPTS && excess > 0; i++) {
                excess = Math.min(excess, excessOfMoves(push, ofClient, ofServer, network));
            }
            talkative = false;
            talking.get();
            await(() -> ofServer.received.get() == ofClient.sent.get());
            assertEquals(ofServer.sent.get(), ofClient.received.get());
            assertTrue(excess <= 0, excess + " ns longer than a pause may be");
        }
    }

    /** Moves up, down and up, and back; returns by how much the worst pause in either direction is too long, in nanoseconds. */
    private static long excessOfMoves(ClientPushSession push, Talker ofClient, Talker ofServer, RoundTrips network)
            throws IOException, InterruptedException {
        var ways = List.of(
                PushTransport.WEBSOCKET, PushTransport.LONG_POLLING, PushTransport.WEBSOCKET, PushTransport.SSE);
        settle(ofClient, ofServer);
        ofClient.takePauses();
        ofServer.takePauses();
        for (var to : ways) {
            push.moveTo(to);
            assertEquals(to, push.transport());
            settle(ofClient, ofServer);
        }
        var down = ofClient.takePauses();
        var up = ofServer.takePauses();
        System.out.println("moved with " + ofClient.received + " messages down and " + ofServer.received
                + " up until now; longest pause " + longestMillis(down) + " ms down, " + longestMillis(up) + " ms up");
        return Stream.concat(down.stream(), up.stream())
                .mapToLong(pause -> pause.excess(network))
                .max()
                .orElse(-BOUND.toNanos());
    }

    private static long longestMillis(List<Pause> pauses) {
        return pauses.stream().mapToLong(Pause::length).max().orElse(0) / 1_000_000;
    }

    private static void settle(Talker ofClient, Talker ofServer) {
        ofClient.awaitMore(WINDOW);
        ofServer.awaitMore(WINDOW);
        await(() -> ofClient.hasManyInFlight() && ofServer.hasManyInFlight());
    }

    /** Without keeping a processor busy, which would be a pause of its own. */
    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline, "waited in vain");
            LockSupport.parkNanos(LOOK.toNanos());
        }
    }
}
