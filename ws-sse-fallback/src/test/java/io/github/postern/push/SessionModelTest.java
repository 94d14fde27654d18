package io.github.postern.push;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.postern.ws.connection.Message;
import io.github.postern.ws.connection.SlowConsumer;
import io.github.postern.ws.core.CloseStatus;
import io.github.postern.ws.core.PreparedMessage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Drives {@link SessionState}s and clients that follow PROTOCOL.md to the letter over a network that loses, delays, repeats and reorders requests and cuts
 * responses, and checks that both applications get every message once and in order, but for those that the {@link DeliveryModel} drops. Sessions end by
 * either side's close or expire, and others follow.
 *
 * <p>{@code -Dpostern.model.steps=N} takes so many steps with each seed, {@code -Dpostern.model.seed=N} one seed only.
 */
class SessionModelTest {
    private static final int STEPS = Integer.getInteger("postern.model.steps", 250_000);
    private static final int FIXED_SEEDS = 8;
    private static final int STEPS_PER_SESSION = 20_000;
    private static final PushLimits LIMITS = PushLimits.defaults()
            .withUnacknowledged(DeliveryModel.MESSAGES, DeliveryModel.BYTES)
            .withUnreceived(20, 100);
    private static final int EXPIRY = 1_000_000;
    private static final SessionState.Timing TIMING = new SessionState.Timing(25, 25, EXPIRY);
    private static final Carrier NO_CARRIER = new Carrier() {
        @Override
        public void wake() {}

        @Override
        public void cut() {}
    };

    /** The same ones, and one that nobody has tried before. */
    static LongStream seeds() {
        var asked = Long.getLong("postern.model.seed");
        return asked != null
                ? LongStream.of(asked)
                : LongStream.concat(LongStream.rangeClosed(1, FIXED_SEEDS), LongStream.of(new Random().nextInt()));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void every_message_arrives_once_and_in_order(long seed) {
        var random = new Random(seed);
        int serverMessages = 0;
        int clientMessages = 0;
        int attaches = 0;
        for (int steps = 0; steps < STEPS; ) {
            var world = new World(random);
            int length = Math.min(STEPS - steps, 1 + random.nextInt(STEPS_PER_SESSION));
            try {
                for (int i = 0; i < length; i++) {
                    world.step();
                }
                world.end();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed + ", session of steps " + steps + " to " + (steps + length), e);
            }
            steps += length;
            serverMessages += world.sentByServer;
            clientMessages += world.sentByClient;
            attaches += world.attaches;
        }
        assertTrue(serverMessages > STEPS / 200, "server messages: " + serverMessages);
        assertTrue(clientMessages > STEPS / 200, "client messages: " + clientMessages);
        assertTrue(attaches > STEPS / 200, "attaches: " + attaches);
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
        long lastGiven;
        final ArrayDeque<Batch> down = new ArrayDeque<>();
        final ArrayDeque<Object> up = new ArrayDeque<>();

        Line(PushTransport transport, long epoch) {
            this.transport = transport;
            this.epoch = epoch;
        }
    }

    private static final class World {
        final Random random;
        final ReplayBudget budget = new ReplayBudget(DeliveryModel.BYTES);
        final SessionState server = new SessionState(SessionKind.POSTERN, LIMITS, budget, TIMING, 0);
        final DeliveryModel model = new DeliveryModel();
        final List<Runnable> requests = new ArrayList<>();
        final List<Line> lines = new ArrayList<>();
        final ArrayDeque<Integer> unacknowledgedByClient = new ArrayDeque<>();

        /** The highest position that the client has told. */
        long claimed;

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
            assertEquals(model.keptBytes(), budget.used(), "bytes kept");
        }

        void serverSends() {
            var text = "s" + ++sentByServer;
            int bytes = text.length();
            switch (random.nextInt(6)) {
                case 0 -> trySend(text, bytes, SlowConsumer.DROP_NEWEST);
                case 1 -> trySend(text, bytes, SlowConsumer.DROP_OLDEST);
                case 2 -> trySend(text, bytes, SlowConsumer.CLOSE);
                case 3 -> {
                    var padded = text + ".".repeat(random.nextInt(30));
                    trySend(padded, padded.length(), SlowConsumer.conflate(random.nextInt(5)));
                }
                default -> {
                    var expected = model.offer(new DeliveryModel.Sent(text, bytes, null), null);
                    boolean taken = server.offer(new SingleMessage(new Message.Text(text), bytes));
                    assertEquals(expected == Offer.TAKEN, taken, "taken");
                }
            }
        }

        void trySend(String text, int bytes, SlowConsumer policy) {
            var key = policy.key().orElse(null);
            var expected = model.offer(new DeliveryModel.Sent(text, bytes, key), policy);
            assertEquals(expected, server.offer(new SharedMessage(PreparedMessage.text(text), key), policy));
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
                case AttachResult.Taken taken -> {
                    line.attachment = taken.attachment();
                    line.lastGiven = position;
                    claimed = Math.max(claimed, position);
                    model.acknowledge(position);
                }
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
            taken(line, batch);
            if (batch != null) {
                batch.entries().forEach(model::give);
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
                        acknowledged(position);
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
            model.check(entry);
        }

        /** The client has said so; but nothing is forgotten that the attachment was not given, since its client counts. */
        void acknowledged(long position) {
            claimed = Math.max(claimed, position);
            var attachment = server.current();
            model.acknowledge(attachment == null ? position : Math.min(position, attachment.cursor));
            forget();
        }

        /** What waited for the cursor may be forgotten now, and no more. */
        void forget() {
            assertTrue(server.forgotten() <= claimed);
            model.acknowledge(server.forgotten());
        }

        void taken(Line line, @Nullable Batch batch) {
            forget();
            if (batch != null && !line.transport.isSeries()) {
                for (var entry : batch.entries()) {
                    assertEquals(++line.lastGiven, entry.number(), "counted");
                }
            }
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
            if (result != Upstream.Result.FENCED) {
                acknowledged(upstream.position());
            }
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
                var attachment = line.attachment;
                var batch = attachment == null ? null : server.take(attachment);
                if (attachment != null && batch != null) {
                    server.written(attachment, batch, now);
                    acknowledgedByServer(server.received());
                    batch.entries().forEach(model::give);
                    batch.entries().forEach(this::receive);
                }
                post(epoch);
                requests.forEach(Runnable::run);
                requests.clear();
                acknowledgedByServer(server.received());
                applicationReceives();
            }
            assertEquals(model.last(), receivedByClient);
            assertEquals(sentByClient, receivedByServer);
        }

        /** The session ends in one of the three ways; what was sent before arrives in each. */
        void end() {
            settle();
            switch (random.nextInt(3)) {
                case 0 -> serverCloses();
                case 1 -> clientCloses();
                default -> expires();
            }
            assertEquals(0, budget.used(), "bytes kept of an ended session");
            assertEquals(SessionEnd.Phase.OVER, server.phase());
            assertInstanceOf(AttachResult.Over.class, attachAnew(receivedByClient));
            assertEquals(SessionState.Tick.NOTHING, server.tick(now));
            assertEquals(SessionState.Tick.NOTHING, server.tick(now + EXPIRY - 1));
            assertEquals(SessionState.Tick.FORGOTTEN, server.tick(now + EXPIRY));
        }

        AttachResult attachAnew(long position) {
            return server.attach(++epoch, PushTransport.POLLING, position, NO_CARRIER, now);
        }

        void serverCloses() {
            serverSends(); // goes before the close
            server.close(CloseStatus.NORMAL);
            assertEquals(
                    Offer.DROPPED,
                    server.offer(new SharedMessage(PreparedMessage.text("late"), null), SlowConsumer.DROP_OLDEST));
            long number = model.last() + 1L;
            assertInstanceOf(AttachResult.BadPosition.class, attachAnew(number), "nobody was told of the close");
            var taken = assertInstanceOf(AttachResult.Taken.class, attachAnew(receivedByClient));
            model.acknowledge(receivedByClient);
            var batch = server.take(taken.attachment());
            assertNotNull(batch);
            batch.entries().forEach(model::give);
            batch.entries().forEach(this::receive);
            var close = batch.close();
            assertNotNull(close);
            assertEquals(number, close.number());
            server.written(taken.attachment(), batch, now);
            assertEquals(SessionEnd.Phase.CLOSING, server.phase());
            assertInstanceOf(AttachResult.Over.class, attachAnew(number));
        }

        void clientCloses() {
            var close = new Upstream(epoch, sentByClient + 1, receivedByClient, List.of(), CloseStatus.NORMAL);
            var fenced = new Upstream(epoch - 1, sentByClient + 1, receivedByClient, List.of(), CloseStatus.NORMAL);
            assertEquals(Upstream.Result.FENCED, server.post(fenced, now));
            assertEquals(Upstream.Result.TAKEN, server.post(close, now));
            assertEquals(Upstream.Result.NOTHING_NEW, server.post(close, now), "the answer was lost");
        }

        void expires() {
            var taken = assertInstanceOf(AttachResult.Taken.class, attachAnew(receivedByClient));
            server.detach(taken.attachment(), now);
            assertNotEquals(SessionState.Tick.EXPIRED, server.tick(now + EXPIRY - 1), "too early");
            now += EXPIRY;
            assertEquals(SessionState.Tick.EXPIRED, server.tick(now));
        }

        boolean done() {
            return receivedByClient == model.last() && receivedByServer == sentByClient;
        }
    }
}
