package io.github.postern.push;

import io.github.postern.ws.connection.Message;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The messages of one direction that the other side has not acknowledged yet, by number. Pure; guarded by its owner.
 *
 * <p>A ring of a power of two that grows with what is in it: message <i>n</i> stands at <i>n</i> modulo the size. An empty log
 * holds no memory worth mentioning.
 */
final class ReplayLog {
    /**
     * A message and its number.
     *
     * @param number its number
     * @param message what was sent
     * @param bytes its size in UTF-8 or binary data
     */
    record Entry(long number, Message message, int bytes) {}

    private static final int SMALLEST = 4;

    private final int maxMessages;
    private final long maxBytes;
    private @Nullable Entry[] ring = new Entry[SMALLEST];
    private long acknowledged;
    private long last;
    private long bytes;

    ReplayLog(int maxMessages, long maxBytes) {
        this.maxMessages = maxMessages;
        this.maxBytes = maxBytes;
    }

    /** The number of the newest message, 0 if there was none. */
    long last() {
        return last;
    }

    /** The number up to which nothing is kept any more. */
    long acknowledged() {
        return acknowledged;
    }

    /** How many messages are kept. */
    int size() {
        return (int) (last - acknowledged);
    }

    /** How many bytes of messages are kept. */
    long bytes() {
        return bytes;
    }

    /** Whether a message of so many bytes can be appended now. */
    boolean fits(int messageBytes) {
        return size() < maxMessages && bytes + messageBytes <= maxBytes;
    }

    /** Appends a message that {@link #fits} and returns its number. */
    long append(Message message, int messageBytes) {
        if (!fits(messageBytes)) {
            throw new IllegalStateException("replay log is full: " + size() + " messages, " + bytes + " bytes");
        }
        if (size() == ring.length) {
            resize(2 * ring.length);
        }
        last++;
        ring[slot(last)] = new Entry(last, message, messageBytes);
        bytes += messageBytes;
        return last;
    }

    /** The message with that number, which is above {@link #acknowledged} and at most {@link #last}. */
    Entry get(long number) {
        Objects.checkIndex(number - acknowledged - 1, (long) size());
        return Objects.requireNonNull(ring[slot(number)]);
    }

    /** Forgets everything up to a position; does nothing if that is forgotten already. */
    void acknowledge(long position) {
        if (position > last) {
            throw new IllegalArgumentException("position above the last number " + last + ": " + position);
        }
        while (acknowledged < position) {
            acknowledged++;
            int slot = slot(acknowledged);
            bytes -= Objects.requireNonNull(ring[slot]).bytes();
            ring[slot] = null;
        }
        if (acknowledged == last && ring.length > SMALLEST) {
            ring = new Entry[SMALLEST];
        }
    }

    private int slot(long number) {
        return (int) number & (ring.length - 1);
    }

    private void resize(int length) {
        var old = ring;
        int oldMask = old.length - 1;
        ring = new Entry[length];
        for (long n = acknowledged + 1; n <= last; n++) {
            ring[slot(n)] = old[(int) n & oldMask];
        }
    }

    @Override
    public String toString() {
        return "ReplayLog[" + (acknowledged + 1) + ".." + last + ", " + bytes + " bytes, ring "
                + Arrays.asList(ring).size() + "]";
    }
}
