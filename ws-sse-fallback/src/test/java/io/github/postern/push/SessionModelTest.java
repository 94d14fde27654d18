package io.github.postern.push;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.postern.ws.connection.Message;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Drives a {@link SessionState} and a client that follows PROTOCOL.md to the letter over a network that loses, delays, repeats and reorders
 * requests and cuts responses, and checks that both applications get every message once and in order.
 */
class SessionModelTest {
    private static final int STEPS = 200_000;
    private static final PushLimits LIMITS =
            PushLimits.defaults().withUnacknowledged(20, 100).withUnreceived(20, 100);
    private static final SessionState.Timing TIMING = new SessionState.Timing(25, 25, 1_000_000);
    private static final Carrier NO_CARRIER = new Carrier() {
        @Override
        public void wake() {}

        @Override
        public void cut() {}
    };

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void every_message_arrives_once_and_in_order(long seed) {
        var world = new World(new Random(seed));
        for (int i = 0; i < STEPS; i++) {
            world.step();
        }
        world.settle();
        assertTrue(world.sentByServer > 1_000, "server messages: " + world.sentByServer);
        assertTrue(world.sentByClient > 1_000, "client messages: " + world.sentByClient);
        assertTrue(world.attaches > 1_000, "attaches: " + world.attaches);
    }

    /** A line to the client: batches on their way, and on a WebSocket what the client writes. */
    private static final class Line {
        final PushTransport transport;
        final long epoch;

        @Nullable
        Attachment attachment;

        boolean broken;
        boolean greeted;
        boolean ended;
        long nextUp;
        final ArrayDeque<Batch> down = new ArrayDeque<>();
        final ArrayDeque<Object> up = new ArrayDeque<>();

        Line(PushTransport transport, long epoch) {
            this.transport = transport;
            this.epoch = epoch;
        }
    }

    private static final class World {
        final Random random;
        final SessionState server = new SessionState(SessionKind.POSTERN, LIMITS, TIMING, 0);
        final List<Runnable> requests = new ArrayList<>();
        final List<Line> lines = new ArrayList<>();
        final ArrayDeque<Integer> unacknowledgedByClient = new ArrayDeque<>();
        long now;
        int sentByServer;
        int sentByClient;
        int receivedByServer;
        long receivedByClient;
        long clientAcknowledged;
        long epoch;
        int attaches;
        boolean postUnderWay;

        @Nullable
        Line current;

        World(Random random) {
            this.random = random;
        }

        void step() {
            now += random.nextInt(3);
            switch (random.nextInt(14)) {
                case 0, 1 -> serverSends();
                case 2, 3 -> clientSends();
                case 4 -> clientAttaches();
                case 5, 6 -> oneRequestArrives();
                case 7, 8 -> serverWrites();
                case 9, 10 -> clientReads();
                case 11 -> clientWrites();
                case 12 -> applicationReceives();
                default -> assertNotEquals(SessionState.Tick.EXPIRED, server.tick(now));
            }
            assertTrue(server.unwrittenBytes() >= 0);
        }

        void serverSends() {
            if (server.hasRoom(5)) {
                server.append(new Message.Text("s" + ++sentByServer), 5);
            }
        }

        void clientSends() {
            if (unacknowledgedByClient.size() < 20) {
                unacknowledgedByClient.add(++sentByClient);
            }
        }

        void clientAttaches() {
            var last = current;
            boolean nextPoll = last != null && last.transport.isSeries() && last.greeted && last.ended && !last.broken;
            if (!nextPoll && random.nextInt(4) > 0) {
                return; // changes are rarer than polls
            }
            var transports = PushTransport.values();
            var line = nextPoll && last != null
                    ? new Line(last.transport, last.epoch)
                    : new Line(transports[random.nextInt(transports.length)], ++epoch);
            line.greeted = nextPoll;
            long position = receivedByClient;
            current = line;
            lines.add(line);
            requests.add(() -> attach(line, position));
        }

        void attach(Line line, long position) {
            attaches++;
            switch (server.attach(line.epoch, line.transport, position, NO_CARRIER, now)) {
                case AttachResult.Taken taken -> line.attachment = taken.attachment();
                case AttachResult.Fenced f -> {
                    line.broken = true;
                    line.ended = true;
                }
                case AttachResult.BadPosition b -> {
                    // only a request that was overtaken by a later acknowledgement may be that late
                    assertTrue(position < receivedByClient || line.epoch < epoch, "position " + position);
                    line.broken = true;
                    line.ended = true;
                }
                case AttachResult.Over over -> throw new AssertionError(over);
            }
        }

        /** Any request may come next, be lost, or come twice. */
        void oneRequestArrives() {
            if (requests.isEmpty()) {
                return;
            }
            var request = requests.remove(random.nextInt(requests.size()));
            int fate = random.nextInt(10);
            if (fate == 0) {
                breakCurrent();
                postUnderWay = false;
            } else {
                request.run();
            }
        }

        void breakCurrent() {
            if (current != null) {
                current.broken = true;
            }
        }

        void serverWrites() {
            if (lines.isEmpty()) {
                return;
            }
            var line = lines.get(random.nextInt(lines.size()));
            var attachment = line.attachment;
            if (attachment == null) {
                return;
            }
            if (random.nextInt(40) == 0) {
                server.detach(attachment, now);
                line.broken = true;
                return;
            }
            var batch = server.take(attachment);
            if (batch != null) {
                server.written(attachment, batch, now);
                line.down.add(batch);
            }
            arriveOnWebSocket(line, attachment);
        }

        void arriveOnWebSocket(Line line, Attachment attachment) {
            switch (line.up.poll()) {
                case Integer n -> {
                    boolean taken = server.deliver(attachment, new Message.Text("c" + n), 5, now);
                    assertTrue(taken || server.current() != attachment);
                }
                case Long position -> {
                    if (server.current() == attachment) {
                        assertTrue(server.acknowledge(position, now));
                    }
                }
                case null, default -> {
                    // nothing on its way
                }
            }
        }

        void clientReads() {
            if (lines.isEmpty()) {
                return;
            }
            var line = lines.get(random.nextInt(lines.size()));
            var batch = line.down.poll();
            if (batch == null) {
                if (line.broken || line.ended) {
                    lines.remove(line);
                }
                return;
            }
            if (batch.greets()) {
                var attachment = line.attachment;
                line.greeted = true;
                if (attachment != null) {
                    acknowledgedByServer(attachment.received());
                    line.nextUp = attachment.received() + 1;
                }
            }
            if (batch.ack() != Batch.NO_ACK) {
                acknowledgedByServer(batch.ack());
            }
            for (var entry : batch.entries()) {
                receive(entry);
            }
            line.ended = batch.end();
        }

        void receive(ReplayLog.Entry entry) {
            if (entry.number() <= receivedByClient) {
                return;
            }
            assertEquals(receivedByClient + 1, entry.number(), "gap");
            receivedByClient++;
            assertEquals(new Message.Text("s" + receivedByClient), entry.message());
        }

        void acknowledgedByServer(long position) {
            while (!unacknowledgedByClient.isEmpty() && unacknowledgedByClient.peek() <= position) {
                unacknowledgedByClient.poll();
            }
            clientAcknowledged = Math.max(clientAcknowledged, position);
        }

        void clientWrites() {
            var line = current;
            if (line == null) {
                return;
            }
            if (line.transport == PushTransport.WEBSOCKET) {
                writeToWebSocket(line);
            } else if (!postUnderWay && epoch > 0) {
                post(line.epoch);
            }
        }

        void writeToWebSocket(Line line) {
            if (!line.greeted || line.broken) {
                return;
            }
            if (random.nextBoolean()) {
                line.up.add(receivedByClient);
            } else if (line.nextUp <= sentByClient && line.nextUp > clientAcknowledged) {
                line.up.add((int) line.nextUp++);
            }
        }

        void post(long postEpoch) {
            var items = unacknowledgedByClient.stream()
                    .limit(5)
                    .map(n -> new Upstream.Item(new Message.Text("c" + n), 5))
                    .toList();
            long sequence = items.isEmpty() ? 1 : unacknowledgedByClient.getFirst();
            var upstream = new Upstream(postEpoch, sequence, receivedByClient, items, null);
            postUnderWay = true;
            requests.add(() -> arrive(upstream));
            if (random.nextInt(5) == 0) {
                requests.add(() -> arrive(upstream));
            }
        }

        void arrive(Upstream upstream) {
            boolean stale = upstream.epoch() < server.epoch();
            var result = server.post(upstream, now);
            assertEquals(stale, result == Upstream.Result.FENCED);
            assertNotEquals(Upstream.Result.GAP, result);
            assertNotEquals(Upstream.Result.BAD_POSITION, result);
            postUnderWay = false;
            if (random.nextInt(5) > 0 && result != Upstream.Result.FENCED) {
                acknowledgedByServer(server.received()); // otherwise the answer is lost
            }
        }

        void applicationReceives() {
            for (var m = server.nextReceived(); m != null; m = server.nextReceived()) {
                assertEquals(new Message.Text("c" + ++receivedByServer), m);
            }
        }

        /** The network becomes good, and everything must arrive. */
        void settle() {
            requests.clear();
            lines.clear();
            for (int round = 0; round < 20 && !done(); round++) {
                var line = new Line(PushTransport.POLLING, ++epoch);
                attach(line, receivedByClient);
                var batch = line.attachment == null ? null : server.take(line.attachment);
                if (batch != null) {
                    acknowledgedByServer(server.received());
                    batch.entries().forEach(this::receive);
                }
                post(epoch);
                requests.forEach(Runnable::run);
                requests.clear();
                acknowledgedByServer(server.received());
                applicationReceives();
            }
            assertEquals(sentByServer, receivedByClient);
            assertEquals(sentByClient, receivedByServer);
        }

        boolean done() {
            return receivedByClient == sentByServer && receivedByServer == sentByClient;
        }
    }
}
