package io.github.postern.ws.connection;

import io.github.postern.ws.core.PreparedMessage;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The messages that wait to be sent by somebody who may not wait, within limits. For any thread; never blocks. */
final class Outbox {
    /** What became of a message. */
    enum Outcome {
        /** It waits, and somebody will send it. */
        TAKEN,

        /** It waits, and whoever put it here has to see that it is {@linkplain Sending#sendWaiting sent}. */
        FIRST,

        /** It does not fit, and is dropped. */
        DROPPED,

        /** It does not fit, and the connection is to be closed. */
        OVERFLOWN
    }

    private static final class Waiting {
        private PreparedMessage message;
        private final @Nullable Object key;
        private @Nullable Waiting next;

        Waiting(PreparedMessage message, @Nullable Object key) {
            this.message = message;
            this.key = key;
        }
    }

    private final int maxBytes;
    private final int maxMessages;
    private final ReentrantLock lock = new ReentrantLock();

    /** Guarded by lock, as all that follows. */
    private @Nullable Waiting first;

    private @Nullable Waiting last;
    private int messages;
    private long bytes;

    /** Whether somebody is sending what waits, or about to. */
    private boolean served;

    private boolean closed;

    Outbox(ConnectionOptions options) {
        this.maxBytes = options.unsentBytes();
        this.maxMessages = options.unsentMessages();
    }

    /** Lets a message wait, or does what the policy says. */
    Outcome offer(PreparedMessage message, SlowConsumer policy) {
        lock.lock();
        try {
            if (closed) {
                return Outcome.DROPPED;
            }
            if (policy.keyOrNull() != null && replace(message, policy.keyOrNull())) {
                return Outcome.TAKEN;
            }
            while (!hasRoom(message)) {
                if (policy.equals(SlowConsumer.DROP_NEWEST)) {
                    return Outcome.DROPPED;
                }
                if (policy.equals(SlowConsumer.CLOSE)) {
                    return Outcome.OVERFLOWN;
                }
                remove();
            }
            add(new Waiting(message, policy.keyOrNull()));
            if (served) {
                return Outcome.TAKEN;
            }
            served = true;
            return Outcome.FIRST;
        } finally {
            lock.unlock();
        }
    }

    /** The message that has waited longest, which waits no more; null if there is none. */
    @Nullable
    PreparedMessage poll() {
        lock.lock();
        try {
            return first == null ? null : remove();
        } finally {
            lock.unlock();
        }
    }

    /** Said by whoever was sending what waits: whether nothing does, so that the next to {@link #offer} has to see to it. */
    boolean leaveIfEmpty() {
        lock.lock();
        try {
            served = first != null;
            return !served;
        } finally {
            lock.unlock();
        }
    }

    /** Drops everything, and all that is offered from now on. */
    void close() {
        lock.lock();
        try {
            closed = true;
            first = null;
            last = null;
            messages = 0;
            bytes = 0;
        } finally {
            lock.unlock();
        }
    }

    /** Whether nothing waits. */
    boolean isEmpty() {
        lock.lock();
        try {
            return first == null;
        } finally {
            lock.unlock();
        }
    }

    /** How many bytes wait. */
    long bytes() {
        lock.lock();
        try {
            return bytes;
        } finally {
            lock.unlock();
        }
    }

    private boolean hasRoom(PreparedMessage message) {
        return first == null || (messages < maxMessages && bytes + message.size() <= maxBytes);
    }

    private void add(Waiting waiting) {
        if (last == null) {
            first = waiting;
        } else {
            last.next = waiting;
        }
        last = waiting;
        messages++;
        bytes += waiting.message.size();
    }

    private PreparedMessage remove() {
        var removed = Objects.requireNonNull(first);
        first = removed.next;
        if (first == null) {
            last = null;
        }
        messages--;
        bytes -= removed.message.size();
        return removed.message;
    }

    private boolean replace(PreparedMessage message, Object key) {
        for (var waiting = first; waiting != null; waiting = waiting.next) {
            if (key.equals(waiting.key)) {
                bytes += message.size() - waiting.message.size();
                waiting.message = message;
                return true;
            }
        }
        return false;
    }
}
