package io.github.postern.push;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.postern.ws.connection.Message;
import io.github.postern.ws.connection.SlowConsumer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link Delivery} must do, with plain lists: what was given to an attachment has its number for good; what waits can be dropped and replaced. The
 * limits are 20 messages and 100 bytes.
 */
final class DeliveryModel {
    static final int MESSAGES = 20;
    static final int BYTES = 100;

    /** A message of a test; its text is its own. */
    record Sent(String text, int bytes, @Nullable Object key) {}

    private final List<Sent> given = new ArrayList<>();
    private final List<Sent> waiting = new ArrayList<>();
    private int acknowledged;

    /** Number of the newest message. */
    int last() {
        return given.size() + waiting.size();
    }

    /** What must become of a message without a policy, or with one. */
    Offer offer(Sent sent, @Nullable SlowConsumer policy) {
        var former = sent.key() == null
                ? null
                : waiting.stream()
                        .filter(other -> sent.key().equals(other.key()))
                        .findFirst()
                        .orElse(null);
        if (former != null && keptBytes() - former.bytes() + sent.bytes() <= BYTES) {
            waiting.set(waiting.indexOf(former), sent);
            return Offer.TAKEN;
        }
        if (former == null && fits(sent)) {
            waiting.add(sent);
            return Offer.TAKEN;
        }
        if (policy == SlowConsumer.CLOSE) {
            return Offer.OVERFLOWN;
        }
        if (policy == null || policy == SlowConsumer.DROP_NEWEST || !wouldFitAlone(sent)) {
            return Offer.DROPPED;
        }
        waiting.remove(former);
        while (!fits(sent)) {
            waiting.removeFirst();
        }
        waiting.add(sent);
        return Offer.TAKEN;
    }

    private boolean fits(Sent sent) {
        return last() - acknowledged < MESSAGES && keptBytes() + sent.bytes() <= BYTES;
    }

    private boolean wouldFitAlone(Sent sent) {
        return given.size() - acknowledged < MESSAGES && keptBytes() - bytes(waiting) + sent.bytes() <= BYTES;
    }

    int keptBytes() {
        return bytes(given.subList(acknowledged, given.size())) + bytes(waiting);
    }

    private static int bytes(List<Sent> messages) {
        return messages.stream().mapToInt(Sent::bytes).sum();
    }

    void acknowledge(long position) {
        acknowledged = Math.max(acknowledged, (int) Math.min(position, given.size()));
    }

    /** The engine gives a message to an attachment: it must be the next that waits, or the one that has the number already. */
    void give(ReplayLog.Entry entry) {
        if (entry.number() > given.size()) {
            assertEquals(given.size() + 1, entry.number(), "number");
            given.add(waiting.removeFirst());
        }
        check(entry);
    }

    /** Whoever receives a number gets this message. */
    void check(ReplayLog.Entry entry) {
        assertEquals(new Message.Text(given.get((int) entry.number() - 1).text()), entry.message());
    }
}
