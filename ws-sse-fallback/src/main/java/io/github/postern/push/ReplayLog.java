package io.github.postern.push;

import io.github.postern.ws.connection.Message;
import io.github.postern.ws.connection.SlowConsumer;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The messages of one direction that the other side has not acknowledged yet, by number. Pure but for the budget that it shares; guarded by its
 * owner.
 *
 * <p>A ring of a power of two that grows with what is in it: message <i>n</i> stands at <i>n</i> plus what was taken out, modulo the size. An empty log
 * holds no memory worth mentioning.
 */
final class ReplayLog {
    /**
     * A message and its number.
     *
     * @param number its number
     * @param item what was sent
     */
    record Entry(long number, Outgoing item) {
        Message message() {
            return item.message();
        }

        int bytes() {
            return item.bytes();
        }
    }

    private static final int SMALLEST = 4;

    private final int maxMessages;
    private final long maxBytes;
    private final ReplayBudget budget;
    private @Nullable Outgoing[] ring = new Outgoing[SMALLEST];
    private long acknowledged;
    private long acknowledgedBytes;

    /** How many messages were taken out before others, so that these stand further on. */
    private long shift;

    private long last;
    private long bytes;

    /** A log with limits of its own only. */
    ReplayLog(int maxMessages, long maxBytes) {
        this(maxMessages, maxBytes, ReplayBudget.unlimited());
    }

    /** A log that shares a budget of bytes with others. */
    ReplayLog(int maxMessages, long maxBytes, ReplayBudget budget) {
        this.maxMessages = maxMessages;
        this.maxBytes = maxBytes;
        this.budget = budget;
    }

    /** The number of the newest message, 0 if there was none. */
    long last() {
        return last;
    }

    /** The number up to which nothing is kept any more. */
    long acknowledged() {
        return acknowledged;
    }

    /** Bytes of all messages that were kept once and are no more because they were acknowledged. */
    long acknowledgedBytes() {
        return acknowledgedBytes;
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
        return fits(1, messageBytes);
    }

    /** Whether so many more messages and bytes could be kept now; either may be negative, as if some were dropped. */
    boolean fits(int messages, long moreBytes) {
        return isWithinLimits(messages, moreBytes) && budget.has(moreBytes);
    }

    /** As {@link #fits(int, long)}, whatever the others that share the budget keep at the moment. */
    private boolean isWithinLimits(int messages, long moreBytes) {
        return size() + messages <= maxMessages && bytes + moreBytes <= maxBytes;
    }

    /** Appends a message that {@link #fits} and returns its number. */
    long append(Message message, int messageBytes) {
        if (!offer(new SingleMessage(message, messageBytes))) {
            throw new IllegalStateException("replay log is full: " + size() + " messages, " + bytes + " bytes");
        }
        return last;
    }

    /** Appends a message; false if it does not fit. */
    boolean offer(Outgoing item) {
        if (!isWithinLimits(1, item.bytes()) || !budget.tryTake(item.bytes())) {
            return false;
        }
        if (size() == ring.length) {
            resize(2 * ring.length);
        }
        last++;
        ring[slot(last)] = item;
        bytes += item.bytes();
        return true;
    }

    /** The message with that number, which is above {@link #acknowledged} and at most {@link #last}. */
    Entry get(long number) {
        return new Entry(number, item(number));
    }

    /** As {@link #get}, without the number. */
    Outgoing item(long number) {
        Objects.checkIndex(number - acknowledged - 1, (long) size());
        return Objects.requireNonNull(ring[slot(number)]);
    }

    /**
     * Appends a message, or does what the policy says. Messages that no attachment was given can be dropped or replaced: nobody has seen their numbers,
     * which go to those behind them.
     *
     * @param given the highest number that was given to an attachment
     */
    Offer offer(Outgoing item, SlowConsumer policy, long given) {
        long former = item.key() == null ? 0 : find(item.key(), given);
        if ((former > 0 && replace(former, item)) || (former == 0 && offer(item))) {
            return Offer.TAKEN;
        }
        if (policy.equals(SlowConsumer.CLOSE)) {
            return Offer.OVERFLOWN;
        }
        boolean dropsOthers = !policy.equals(SlowConsumer.DROP_NEWEST);
        return dropsOthers && makeRoom(item, given, former) && offer(item) ? Offer.TAKEN : Offer.DROPPED;
    }

    /** The number of the message above {@code given} that is a value of the same, or 0. */
    private long find(Object key, long given) {
        for (long n = given + 1; n <= last; n++) {
            if (key.equals(item(n).key())) {
                return n;
            }
        }
        return 0;
    }

    private boolean replace(long number, Outgoing item) {
        long more = (long) item.bytes() - item(number).bytes();
        if (!isWithinLimits(0, more) || !budget.tryTake(Math.max(0, more))) {
            return false;
        }
        budget.release(Math.max(0, -more));
        bytes += more;
        ring[slot(number)] = item;
        return true;
    }

    /**
     * Drops the oldest above {@code given}, as few as are enough; drops nothing and returns false if all of them would not be.
     *
     * @param former one that goes first, being out of date, or 0
     */
    private boolean makeRoom(Outgoing item, long given, long former) {
        int messages = former == 0 ? 0 : 1;
        long freed = former == 0 ? 0 : item(former).bytes();
        long end = given;
        while (!fits(1 - messages, item.bytes() - freed)) {
            if (end == last) {
                return false;
            }
            end++;
            if (end != former) {
                messages++;
                freed += item(end).bytes();
            }
        }
        if (former > end) {
            remove(former, 1);
        }
        remove(given + 1, (int) (end - given));
        return true;
    }

    /** Takes out messages from a number on, whose numbers go to those behind them. */
    private void remove(long number, int count) {
        long before = bytes;
        for (long n = number; n < number + count; n++) {
            bytes -= item(n).bytes();
        }
        if (number - 1 - acknowledged < last + 1 - number - count) {
            closeFromBelow(number, count);
        } else {
            closeFromAbove(number, count);
        }
        last -= count;
        budget.release(before - bytes);
    }

    /** Closes a gap by moving the messages before it, of which there are few: where each stands changes against its number. */
    private void closeFromBelow(long number, int count) {
        for (long n = number - 1; n > acknowledged; n--) {
            ring[slot(n + count)] = ring[slot(n)];
        }
        for (long n = acknowledged + 1; n <= acknowledged + count; n++) {
            ring[slot(n)] = null;
        }
        shift += count;
    }

    /** Closes a gap by moving the messages behind it. */
    private void closeFromAbove(long number, int count) {
        for (long n = number; n <= last - count; n++) {
            ring[slot(n)] = ring[slot(n + count)];
        }
        for (long n = last - count + 1; n <= last; n++) {
            ring[slot(n)] = null;
        }
    }

    /** Forgets everything up to a position; does nothing if that is forgotten already. */
    void acknowledge(long position) {
        if (position > last) {
            throw new IllegalArgumentException("position above the last number " + last + ": " + position);
        }
        long before = bytes;
        while (acknowledged < position) {
            acknowledged++;
            int slot = slot(acknowledged);
            bytes -= Objects.requireNonNull(ring[slot]).bytes();
            ring[slot] = null;
        }
        acknowledgedBytes += before - bytes;
        budget.release(before - bytes);
        if (acknowledged == last && ring.length > SMALLEST) {
            ring = new Outgoing[SMALLEST];
        }
    }

    private int slot(long number) {
        return (int) (number + shift) & (ring.length - 1);
    }

    private void resize(int length) {
        var old = ring;
        int oldMask = old.length - 1;
        ring = new Outgoing[length];
        for (long n = acknowledged + 1; n <= last; n++) {
            ring[slot(n)] = old[(int) (n + shift) & oldMask];
        }
    }

    @Override
    public String toString() {
        return "ReplayLog[" + (acknowledged + 1) + ".." + last + ", " + bytes + " bytes, ring "
                + Arrays.asList(ring).size() + "]";
    }
}
