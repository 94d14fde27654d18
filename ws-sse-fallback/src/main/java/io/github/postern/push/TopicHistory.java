package io.github.postern.push;

import java.util.ArrayDeque;
import java.util.List;

/** The last messages of a topic, for those who subscribe later. Pure; guarded by its owner. */
final class TopicHistory {
    private record Kept(SharedMessage message, long since) {}

    private final int maxMessages;
    private final long maxAge;
    private final ArrayDeque<Kept> kept = new ArrayDeque<>(1);

    /** A history of so many messages that are at most so many nanoseconds old. */
    TopicHistory(int maxMessages, long maxAge) {
        this.maxMessages = maxMessages;
        this.maxAge = maxAge;
    }

    /** Keeps a message; of those with equal keys only the last. */
    void add(SharedMessage message, long now) {
        if (maxMessages == 0) {
            return;
        }
        if (message.key() != null) {
            kept.removeIf(older -> message.key().equals(older.message().key()));
        }
        kept.add(new Kept(message, now));
        forget(now);
    }

    /** What is kept, the oldest first. */
    List<SharedMessage> messages(long now) {
        forget(now);
        return kept.stream().map(Kept::message).toList();
    }

    private void forget(long now) {
        while (!kept.isEmpty()
                && (kept.size() > maxMessages || now - kept.getFirst().since() >= maxAge)) {
            kept.removeFirst();
        }
    }
}
