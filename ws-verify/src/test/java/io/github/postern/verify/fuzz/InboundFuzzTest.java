package io.github.postern.verify.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Whatever a peer sends, and however it arrives, an {@link Inbound} gives lawful events, the same ones, within its limits. */
class InboundFuzzTest {
    private static final Limits[] LIMITS = {
        Limits.defaults(),
        new Limits(16, 40, 3),
        new Limits(1, 1, 1),
        new Limits(70_000, 70_000, 2),
        new Limits(200, 150, 1024),
        new Limits(125, 1 << 20, 1024),
    };

    /** §7.4.1: what a peer can be told that it did wrong. */
    private static final Set<Integer> FAULTS = Set.of(1002, 1007, 1008, 1009);

    /** What the first piece of a message and the largest control frame may reserve beyond what has arrived. */
    private static final int GRAIN = 4096 + 125 + 16;

    /** Input: role, limits, seed of the cuts, then what the peer sends. */
    @FuzzTest
    void whatever_arrives_is_read_alike(byte[] input) {
        var choices = new Choices(input);
        var role = choices.of(Role.values());
        var limits = choices.of(LIMITS);
        var deliveries = Delivery.all(choices.below(256));
        var wire = choices.rest();
        var expected = new Receiver(role, limits).receive(wire, deliveries.getFirst());
        for (var delivery : deliveries.subList(1, deliveries.size())) {
            assertEquals(expected, new Receiver(role, limits).receive(wire, delivery), delivery::toString);
        }
        limits(expected, Excess.over(limits, wire));
    }

    /** What is over a limit ends the connection, and what is within them is not called over. */
    private static void limits(List<String> events, Excess excess) {
        var end = events.isEmpty() ? "" : events.getLast();
        assertTrue(!excess.ofBytes() && !excess.ofFragments() || end.startsWith("failed"), "over a limit");
        assertTrue(excess.ofBytes() || !end.startsWith("failed 1009"), "within the limits of size");
        assertTrue(excess.ofFragments() || !end.startsWith("failed 1008"), "within the limit of fragments");
    }

    /** An inbound side that is watched while it receives. */
    private static final class Receiver {
        private final Limits limits;
        private final Inbound inbound;
        private final List<String> events = new ArrayList<>();
        private long received;
        private boolean ended;

        Receiver(Role role, Limits limits) {
            this.limits = limits;
            this.inbound = new Inbound(role, limits);
        }

        List<String> receive(byte[] wire, Delivery delivery) {
            for (var piece : delivery.pieces(wire)) {
                received += piece.remaining();
                for (var event = inbound.next(piece); event != null; event = inbound.next(piece)) {
                    assertFalse(ended, "an event after the last");
                    examine(event);
                    events.add(Words.of(event));
                    assertEquals(ended, inbound.isClosed());
                }
                assertFalse(piece.hasRemaining(), "input is left");
                assertWithinLimits();
            }
            assertEquals(ended, inbound.isClosed());
            assertFalse(ended && inbound.inMessage());
            return events;
        }

        /** Memory follows what has arrived, and ends at the limit, whatever the headers promise. */
        private void assertWithinLimits() {
            var reserved = Reserved.bytes(inbound);
            var most = Math.min(2 * received + GRAIN, limits.maxMessageSize() + GRAIN);
            assertTrue(reserved <= most, () -> reserved + " bytes reserved after " + received);
        }

        private void examine(Event event) {
            switch (event) {
                case Event.Text text -> {
                    assertTrue(text.text().length() <= limits.maxMessageSize(), "text over the limit");
                    assertNull(event.reply());
                }
                case Event.Binary binary -> {
                    assertTrue(binary.data().remaining() <= limits.maxMessageSize(), "binary over the limit");
                    assertNull(event.reply());
                }
                case Event.Ping ping -> {
                    assertControl(ping.payload());
                    assertEquals(ping.payload(), ping.reply().payload());
                }
                case Event.Pong pong -> {
                    assertControl(pong.payload());
                    assertNull(event.reply());
                }
                case Event.Closed closed -> closed(closed.status(), closed.reply());
                case Event.Failed failed -> failed(failed.status(), failed.reply());
            }
        }

        private static void assertControl(ByteBuffer payload) {
            assertTrue(payload.remaining() <= 125, "control frame over the limit of §5.5");
        }

        private void closed(CloseStatus status, Reply reply) {
            ended = true;
            assertTrue(status.equals(CloseStatus.NO_STATUS) || status.isSendable(), "a code that cannot be received");
            assertEquals(
                    CloseStatus.of(status.code()),
                    assertInstanceOf(Reply.Close.class, reply).status());
        }

        private void failed(CloseStatus status, Reply reply) {
            ended = true;
            assertTrue(FAULTS.contains(status.code()), () -> "not a fault of the peer: " + status.code());
            assertEquals(new Reply.Close(status), reply);
        }
    }
}
