package io.github.postern.verify.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.postern.ws.core.Inbound;
import io.github.postern.ws.core.Limits;
import io.github.postern.ws.core.Role;
import java.util.ArrayList;
import java.util.List;

/** Whatever one side sends, and wherever its buffers end, the other side reads back. */
class RoundTripFuzzTest {
    private static final Limits AMPLE = new Limits(1 << 20, 1 << 20, 10_000);

    /** Input: role of the sender, seed of the cuts, then commands. */
    @FuzzTest
    void what_is_sent_is_received(byte[] input) {
        var choices = new Choices(input);
        var from = choices.of(Role.values());
        var to = from == Role.CLIENT ? Role.SERVER : Role.CLIENT;
        var seed = choices.below(256);
        var sender = new Sender(from, choices);
        while (choices.hasMore() && !sender.isDone()) {
            sender.command();
        }
        sender.finish();
        for (var delivery : Delivery.all(seed)) {
            assertEquals(
                    sender.expected(), receive(new Inbound(to, AMPLE), sender.wire(), delivery), delivery::toString);
        }
    }

    private static List<String> receive(Inbound inbound, byte[] wire, Delivery delivery) {
        var events = new ArrayList<String>();
        for (var piece : delivery.pieces(wire)) {
            for (var event = inbound.next(piece); event != null; event = inbound.next(piece)) {
                events.add(Words.of(event));
            }
            assertFalse(piece.hasRemaining(), "input is left");
        }
        return events;
    }
}
