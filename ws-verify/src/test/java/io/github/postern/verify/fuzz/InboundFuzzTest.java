package io.github.postern.verify.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.postern.ws.core.CloseStatus;
import io.github.postern.ws.core.Event;
import io.github.postern.ws.core.Inbound;
import io.github.postern.ws.core.Limits;
import io.github.postern.ws.core.Reply;
import io.github.postern.ws.core.Role;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;

/** Whatever a peer sends, and however it arrives, an {@link Inbound} gives lawful events, the same ones, within its limits. */
class InboundFuzzTest {
    private static final Limits[] LIMITS = {
        Limits.defaults(),
        new Limits(16, 40, 3, 200),
        new Limits(1, 1, 1, 1),
        new Limits(70_000, 70_000, 2, 200),
        new Limits(200, 150, 1024, 200),
        new Limits(125, 1 << 20, 1024, 5),
    };

    /** §7.4.1: what a peer can be told that it did wrong. */
    private static final Set<Integer> FAULTS = Set.of(1002, 1007, 1008, 1009);

    /** What the first piece of a message and the largest control frame may reserve beyond what has arrived. */
    private static final int GRAIN = 4096 + 125 + 16;

    /** How much is decompressed at a time, and from where on it matters how much it has grown. */
    private static final int INFLATION_STEP = 8 * 1024;

    private static final int SMALL_MESSAGE = 64 * 1024;

    /** Input: role, limits, what was agreed on, seed of the cuts, then what the peer sends. */
    @FuzzTest
    void whatever_arrives_is_read_alike(byte[] input) {
        var choices = new Choices(input);
        var role = choices.of(Role.values());
        var limits = choices.of(LIMITS);
        var compression = choices.of(Compression.values());
        var deliveries = Delivery.all(choices.below(256));
        var wire = choices.rest();
        var watch = new Watch(limits, compression);
        var excess = Excess.over(limits, wire, compression);
        var expected = new Reception(role, limits, compression, Reading.WHOLE).of(wire, Delivery.whole(), watch);
        for (var reading : Reading.values()) {
            for (var delivery : deliveries) {
                var reception = new Reception(role, limits, compression, reading);
                var events = reception.of(wire, delivery, watch);
                assertAlike(blurred(expected, excess), blurred(events, excess), reading + ", " + delivery);
            }
        }
        limits(expected, excess);
    }

    /**
     * How much a message grows is looked at with each piece and each step of the inflater, not with each byte that comes out: one
     * that is over {@link Limits#maxInflationRatio} for a moment only may get through or not.
     */
    private static void assertAlike(List<String> expected, List<String> events, String way) {
        var alike = Math.min(beforeRatio(expected), beforeRatio(events));
        assertEquals(
                expected.subList(0, Math.min(alike, expected.size())),
                events.subList(0, Math.min(alike, events.size())),
                way);
    }

    /** A piece of a compressed message may be wrong in several ways, and how long it is decides which one is seen first. */
    private static List<String> blurred(List<String> events, Excess excess) {
        return excess.hidden()
                ? events.stream()
                        .map(event ->
                                event.replaceFirst("^failed (1007|1008|1009) (?!.* times as long as ).*", "failed"))
                        .toList()
                : events;
    }

    /** How many events there are before the end, if that is for the ratio. */
    private static int beforeRatio(List<String> events) {
        var over = !events.isEmpty() && events.getLast().contains(" times as long as ");
        return over ? events.size() - 1 : Integer.MAX_VALUE;
    }

    /** What is over a limit ends the connection, and what is within them is not called over. */
    private static void limits(List<String> events, Excess excess) {
        var end = events.isEmpty() ? "" : events.getLast();
        assertTrue(!excess.ofBytes() && !excess.ofFragments() || end.startsWith("failed"), "over a limit");
        assertTrue(excess.hidden() || excess.ofBytes() || !end.startsWith("failed 1009"), "within the limits of size");
        assertTrue(excess.hidden() || excess.ofFragments() || !end.startsWith("failed 1008"), "within the limit");
    }

    private record Watch(Limits limits, Compression compression) implements Reception.Watch {
        @Override
        public void event(Event event) {
            switch (event) {
                case Event.Text text -> data(event, text.text().length());
                case Event.TextPart part -> data(event, part.text().length());
                case Event.Binary binary -> data(event, binary.data().remaining());
                case Event.BinaryPart part -> data(event, part.data().remaining());
                case Event.Ping ping -> {
                    control(ping.payload());
                    assertEquals(ping.payload(), ping.reply().payload());
                }
                case Event.Pong pong -> {
                    control(pong.payload());
                    assertNull(event.reply());
                }
                case Event.Closed closed -> closed(closed.status(), closed.reply());
                case Event.Failed failed -> failed(failed.status(), failed.reply());
            }
        }

        private void data(Event event, long length) {
            assertTrue(length <= limits.maxMessageSize(), "message over the limit");
            assertNull(event.reply());
        }

        private static void control(ByteBuffer payload) {
            assertTrue(payload.remaining() <= 125, "control frame over the limit of §5.5");
        }

        private static void closed(CloseStatus status, Reply.Close reply) {
            assertTrue(status.equals(CloseStatus.NO_STATUS) || status.isSendable(), "a code that cannot be received");
            assertEquals(CloseStatus.of(status.code()), reply.status());
        }

        private static void failed(CloseStatus status, Reply.Close reply) {
            assertTrue(FAULTS.contains(status.code()), () -> "not a fault of the peer: " + status.code());
            assertEquals(new Reply.Close(status), reply);
        }

        /** Memory follows what has arrived, and ends at the limit, whatever the headers promise. */
        @Override
        public void piece(Inbound inbound, long received) {
            var reserved = Reserved.bytes(inbound);
            var arrived = compression == Compression.NONE ? received : inflated(received);
            var most = Math.min(2 * arrived, limits.maxMessageSize() + 1) + GRAIN;
            assertTrue(reserved <= most, () -> reserved + " bytes reserved after " + received);
        }

        /** At most. */
        private long inflated(long received) {
            return SMALL_MESSAGE + limits.maxInflationRatio() * received + INFLATION_STEP;
        }
    }
}
