package io.github.postern.ws.connection;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** What was read and not received: whole messages, and how much those and parts of another count for. Guarded by the lock of the receiving side. */
final class Inbox {
    /** What each message, or part of one, counts for besides its contents. */
    static final int OVERHEAD = 16;

    /** Null while there never were any. */
    private @Nullable ArrayDeque<Message> messages;

    private int size;

    void add(Message message) {
        if (messages == null) {
            messages = new ArrayDeque<>();
        }
        messages.add(message);
        kept(size(message));
    }

    @Nullable
    Message poll() {
        var message = messages == null ? null : messages.poll();
        if (message != null) {
            taken(size(message));
        }
        return message;
    }

    /** Counts a part that is kept elsewhere. */
    void kept(int part) {
        size += part;
    }

    void taken(int part) {
        size -= part;
    }

    int size() {
        return size;
    }

    private static int size(Message message) {
        return OVERHEAD
                + switch (message) {
                    case Message.Text text -> text.text().length();
                    case Message.Binary binary -> binary.data().remaining();
                };
    }
}
