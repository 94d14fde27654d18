package io.github.postern.verify.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.postern.ws.core.Limits;
import io.github.postern.ws.core.Role;

/** Whatever one side sends, and wherever its buffers end, the other side reads back. */
class RoundTripFuzzTest {
    private static final Limits AMPLE = new Limits(1 << 20, 1 << 20, 10_000, Integer.MAX_VALUE);

    /** Input: role of the sender, what was agreed on, seed of the cuts, then commands. */
    @FuzzTest
    void what_is_sent_is_received(byte[] input) {
        var choices = new Choices(input);
        var from = choices.of(Role.values());
        var to = from == Role.CLIENT ? Role.SERVER : Role.CLIENT;
        var compression = choices.of(Compression.values());
        var seed = choices.below(256);
        var sender = new Sender(from, compression, choices);
        while (choices.hasMore() && !sender.isDone()) {
            sender.command();
        }
        sender.finish();
        for (var reading : Reading.values()) {
            for (var delivery : Delivery.all(seed)) {
                var reception = new Reception(to, AMPLE, compression, reading);
                assertEquals(
                        sender.expected(),
                        reception.of(sender.wire(), delivery, Reception.Watch.NONE),
                        () -> reading + ", " + delivery);
            }
        }
    }
}
