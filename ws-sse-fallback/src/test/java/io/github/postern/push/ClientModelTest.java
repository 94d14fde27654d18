package io.github.postern.push;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.postern.ws.connection.Message;
import io.github.postern.ws.core.CloseStatus;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The client's {@link ClientState} against the server's {@link SessionState}, over a network that breaks connections, loses requests and answers
 * and delivers POSTs late or twice: both applications get every message once and in order, and both learn how it ended.
 */
class ClientModelTest {
    private static final int STEPS = 100_000;
    private static final int BYTES = 5;
    private static final PushLimits LIMITS =
            PushLimits.defaults().withUnacknowledged(20, 100).withUnreceived(20, 100);
    private static final SessionState.Timing TIMING = new SessionState.Timing(25, 25, Long.MAX_VALUE / 2);
    private static final Carrier NO_CARRIER = new Carrier() {
        @Override
        public void wake() {}

        @Override
        public void cut() {}
    };

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void every_message_arrives_once_and_in_order_and_so_does_the_end(long seed) {
        var world = new World(new Random(seed));
        for (int i = 0; i < STEPS; i++) {
            world.step();
        }
        world.settle();
        world.close();
        assertTrue(world.moves > 100, "moves: " + world.moves);
        assertTrue(world.sentByServer > 1_000, "server messages: " + world.sentByServer);
        assertTrue(world.sentByClient > 1_000, "client messages: " + world.sentByClient);
        assertTrue(
                world.client.epochs().issued() > 1_000,
                "epochs: " + world.client.epochs().issued());
    }

    /** One request to receive, or one WebSocket. */
    private static final class Line {
        final PushTransport transport;
        final Hello hello;
        final ArrayDeque<Batch> down = new ArrayDeque<>();
        final ArrayDeque<Frames> up = new ArrayDeque<>();

        @Nullable
        Attachment attachment;

        boolean greeted;

        Line(PushTransport transport, Hello hello, boolean greeted) {
            this.transport = transport;
            this.hello = hello;
            this.greeted = greeted;
        }
    }

    private static final class World {
        final Random random;
        final SessionState server = new SessionState(SessionKind.POSTERN, LIMITS, ReplayBudget.unlimited(), TIMING, 0);
        final ClientState client = new ClientState(
                new Submission(new ReplayLog(20, 100)), new Reception(new Inbox(20, 100)), PushTransport.WEBSOCKET);

        /** Requests to receive that the server has not seen yet, dead ones included. */
        final List<Line> arriving = new ArrayList<>();

        /** Lines that the server writes to, dead ones included. */
        final List<Line> served = new ArrayList<>();

        final List<Post> postsArriving = new ArrayList<>();

        /** The POST under way, as the client sees it. */
        @Nullable
        Post posted;

        /** Those that the client has not given up: what carries the session, and what may soon. */
        final List<Line> live = new ArrayList<>();

        /** How often the session went over to an attachment while the one before was alive. */
        int moves;

        boolean good;

        /** The client's acknowledgement of the server's close was lost; only the expiry ends the session on the server. */
        boolean lastWordLost;

        long now;
        int sentByServer;
        int sentByClient;
        int receivedByServer;
        int receivedByClient;

        World(Random random) {
            this.random = random;
        }

        boolean fails(int oneIn) {
            return !good && random.nextInt(oneIn) == 0;
        }

        void step() {
            now += random.nextInt(1_000_000_000);
            switch (random.nextInt(12)) {
                case 0 -> serverSends();
                case 1 -> clientSends();
                case 2 -> attachOrBreak();
                case 3 -> requestArrives();
                case 4, 5 -> serverWrites();
                case 6, 7 -> clientReads();
                case 8 -> clientWrites();
                case 9 -> postArrives();
                case 10 -> applicationsReceive();
                default -> assertNotEquals(SessionState.Tick.EXPIRED, server.tick(now));
            }
        }

        void serverSends() {
            var message = new SingleMessage(new Message.Text("s" + (sentByServer + 1)), BYTES);
            if (server.phase() == SessionEnd.Phase.OPEN && server.offer(message)) {
                sentByServer++;
            }
        }

        void clientSends() {
            if (client.phase() == ClientEnd.Phase.OPEN && client.submission().fits(BYTES)) {
                client.submission().append(new Message.Text("c" + ++sentByClient), BYTES);
            }
        }

        void attachOrBreak() {
            if (live.size() < 2
                    && client.phase() != ClientEnd.Phase.OVER
                    && (live.isEmpty() || random.nextInt(4) == 0)) {
                var transports = PushTransport.values();
                var transport = transports[random.nextInt(transports.length)];
                var line = new Line(transport, client.hello(transport, now), false);
                live.add(line);
                arriving.add(line);
            } else if (!live.isEmpty() && fails(3)) {
                drop(live.get(random.nextInt(live.size()))); // the server may notice, later or never
            }
        }

        void drop(Line line) {
            if (live.remove(line)) {
                client.left(line.hello);
            }
        }

        void requestArrives() {
            if (arriving.isEmpty()) {
                return;
            }
            var request = arriving.remove(random.nextInt(arriving.size()));
            if (fails(10)) {
                drop(request);
                return;
            }
            var hello = request.hello;
            switch (server.attach(hello.epoch(), request.transport, hello.position(), NO_CARRIER, now)) {
                case AttachResult.Taken taken -> {
                    request.attachment = taken.attachment();
                    served.add(request);
                }
                case AttachResult.Fenced f -> {
                    assertTrue(!live.contains(request) || isSucceeded(request), "fenced by nobody");
                    drop(request);
                }
                case AttachResult.BadPosition b -> {
                    assertTrue(!live.contains(request) || client.isOvertaken(hello), "bad position");
                    drop(request);
                }
                case AttachResult.Over over -> {
                    if (live.contains(request)) {
                        client.gone(over.close().status());
                        live.clear();
                    }
                }
            }
        }

        boolean isSucceeded(Line line) {
            return client.epochs().issued() > line.hello.epoch();
        }

        void serverWrites() {
            if (served.isEmpty()) {
                return;
            }
            var target = served.get(random.nextInt(served.size()));
            var attachment = target.attachment;
            assertNotNull(attachment);
            if (!live.contains(target) && random.nextInt(3) == 0) {
                lastWordLost |= client.phase() == ClientEnd.Phase.OVER && !target.up.isEmpty();
                server.detach(attachment, now);
                served.remove(target);
                return;
            }
            arriveOnWebSocket(target, attachment);
            var batch = server.take(attachment);
            if (batch != null) {
                server.written(attachment, batch, now);
                target.down.add(batch);
            }
        }

        void arriveOnWebSocket(Line target, Attachment attachment) {
            var frames = target.up.poll();
            if (frames == null || server.current() != attachment) {
                return;
            }
            if (frames.ack() != Batch.NO_ACK) {
                assertTrue(server.acknowledge(frames.ack(), now));
            }
            if (frames.entry() != null) {
                assertTrue(server.deliver(attachment, frames.entry().message(), BYTES, now)
                        || server.phase() == SessionEnd.Phase.OVER);
            }
            if (frames.close() != null) {
                server.peerClosed(attachment, frames.close().status(), now);
            }
        }

        void clientReads() {
            var current = live.isEmpty() ? null : live.get(random.nextInt(live.size()));
            var batch = current == null ? null : current.down.poll();
            if (current == null || batch == null) {
                return;
            }
            if (batch.greets() && !greet(current)) {
                return;
            }
            if (batch.ack() != Batch.NO_ACK) {
                assertTrue(client.acknowledged(batch.ack()));
            }
            for (var entry : batch.entries()) {
                assertNotEquals(
                        ClientState.Taken.GAP, client.take(entry.number(), entry.message(), entry.bytes(), now));
            }
            if (batch.close() != null) {
                var close = batch.close();
                assertNotEquals(
                        ClientState.Taken.GAP, client.peerClosed(close.number(), close.received(), close.status()));
                acknowledgeClose(current);
                return;
            }
            if (batch.detach() != null) {
                assertTrue(isSucceeded(current), "superseded by nobody");
                drop(current);
            } else if (batch.end()) {
                live.remove(current);
                var poll = new Line(current.transport, client.nextPoll(current.hello, now), true);
                live.add(poll);
                arriving.add(poll);
            }
        }

        /** Returns false if a newer attachment was faster. */
        boolean greet(Line current) {
            var attachment = current.attachment;
            assertNotNull(attachment);
            var parameters = new Parameters()
                    .with("session", "S")
                    .with("public", "p")
                    .with("epoch", attachment.epoch())
                    .with("received", attachment.received())
                    .with("heartbeat", 25)
                    .with("expiry", 25)
                    .with("max", 100)
                    .with("body", 1_000);
            var greeting =
                    new StreamRecord(StreamRecord.ATTACHED, Long.toString(attachment.start()), parameters.encode());
            var answer = client.attached(current.hello, greeting);
            if (answer instanceof AttachAnswer.Late) {
                drop(current);
                return false;
            }
            assertEquals(new AttachAnswer.Current(), answer);
            current.greeted = true;
            for (var other : List.copyOf(live)) {
                if (other != current && other.hello.epoch() < current.hello.epoch()) {
                    moves += other.greeted ? 1 : 0;
                    drop(other);
                }
            }
            return true;
        }

        void acknowledgeClose(Line current) {
            live.clear();
            if (current.transport == PushTransport.WEBSOCKET) {
                long owed = client.takeOwedAck();
                current.up.add(new Frames(List.of(), owed, null, null, null));
            } else {
                var post = client.finalPost();
                if (post != null) {
                    postsArriving.add(post);
                }
            }
        }

        void clientWrites() {
            for (var line : live) {
                if (client.epochs().carries(line.hello.epoch()) && line.transport == PushTransport.WEBSOCKET) {
                    var frames = client.nextFrames(now);
                    if (frames != null) {
                        line.up.add(frames);
                    }
                }
            }
            if (posted == null) {
                posted = client.nextPost(now);
                if (posted != null) {
                    postsArriving.add(posted);
                    if (fails(5)) {
                        postsArriving.add(posted); // twice
                    }
                }
            } else if (fails(5)) {
                posted = null; // the client gives the answer up; the POST may still arrive
            }
        }

        void postArrives() {
            if (postsArriving.isEmpty()) {
                return;
            }
            var post = postsArriving.remove(random.nextInt(postsArriving.size()));
            var items = post.entries().stream()
                    .map(entry -> new Upstream.Item(entry.message(), entry.bytes()))
                    .toList();
            var close = post.close() == null ? null : post.close().status();
            long sequence = Math.max(1, post.sequence());
            var result = server.post(new Upstream(post.epoch(), sequence, post.position(), items, close), now);
            assertNotEquals(Upstream.Result.GAP, result);
            assertNotEquals(Upstream.Result.BAD_POSITION, result);
            if (post != posted) {
                return;
            }
            posted = null;
            switch (result) {
                case TAKEN, NOTHING_NEW -> {
                    if (!fails(5)) {
                        assertTrue(client.answered(post, server.received()));
                    }
                }
                case FENCED -> assertTrue(client.epochs().fence(post.epoch()), "fenced by nobody");
                case OVER ->
                    client.gone(assertInstanceOf(Batch.Close.class, server.farewell())
                            .status());
                case FULL, GAP, BAD_POSITION -> {
                    // to be repeated
                }
            }
        }

        void applicationsReceive() {
            for (var m = server.nextReceived(); m != null; m = server.nextReceived()) {
                assertEquals(new Message.Text("c" + ++receivedByServer), m);
            }
            for (var m = client.reception().next();
                    m != null;
                    m = client.reception().next()) {
                assertEquals(new Message.Text("s" + ++receivedByClient), m);
            }
        }

        /** The network becomes good, and everything must arrive. */
        void settle() {
            good = true;
            for (int i = 0; i < STEPS; i++) {
                step();
            }
            int quiet = 0;
            while (receivedByClient < sentByServer || receivedByServer < sentByClient) {
                step();
                assertTrue(quiet++ < STEPS, "nothing moves any more");
            }
        }

        /** One side, or both, close over a network that is bad again for a while. */
        void close() {
            good = false;
            int who = random.nextInt(3);
            if (who != 0) {
                client.close(CloseStatus.of(4000));
            }
            if (who != 1) {
                server.close(CloseStatus.of(4000));
            }
            for (int i = 0; client.phase() != ClientEnd.Phase.OVER || !serverIsOver(); i++) {
                good = i > 2_000;
                step();
                assertTrue(i < STEPS, client.phase() + " and " + server.phase() + ", closed by " + who);
            }
            applicationsReceive();
            // what the other side had sent meanwhile may be lost, as the close tells it
            assertTrue(who != 1 || receivedByServer == sentByClient, "the client's messages come before its close");
            assertTrue(who != 0 || receivedByClient == sentByServer, "the server's messages come before its close");
            assertNotNull(client.ending());
            assertEquals(4000, client.ending().status().code());
            if (!lastWordLost) {
                assertNotNull(server.ending());
                assertEquals(4000, server.ending().status().code());
            }
        }

        boolean serverIsOver() {
            return server.phase() == SessionEnd.Phase.OVER || lastWordLost;
        }
    }
}
