package io.github.postern.push;

import io.github.postern.ws.connection.Message;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** The messages that have arrived and that the application has not taken yet. Pure; guarded by its owner. */
final class Inbox {
    private record Item(Message message, int bytes) {}

    private final int maxMessages;
    private final long maxBytes;
    private final ArrayDeque<Item> items = new ArrayDeque<>(1);
    private long bytes;

    Inbox(int maxMessages, long maxBytes) {
        this.maxMessages = maxMessages;
        this.maxBytes = maxBytes;
    }

    /** Whether so much more stays within the limits. An empty inbox takes anything. */
    boolean fits(int messages, long moreBytes) {
        return items.isEmpty() || (items.size() + messages <= maxMessages && bytes + moreBytes <= maxBytes);
    }

    /** Whether the limits are reached or exceeded {@code times} over. */
    boolean isFull(int times) {
        return items.size() >= times * (long) maxMessages || bytes >= times * maxBytes;
    }

    void add(Message message, int messageBytes) {
        items.add(new Item(message, messageBytes));
        bytes += messageBytes;
    }

    /** The next message, or {@code null} if there is none. */
    @Nullable
    Message take() {
        var item = items.poll();
        if (item == null) {
            return null;
        }
        bytes -= item.bytes();
        return item.message();
    }
}
