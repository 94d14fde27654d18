package io.github.postern.push;

import java.util.function.Consumer;

/**
 * How much a push endpoint takes and keeps (PROTOCOL.md §11).
 *
 * @param maxMessageSize bytes of UTF-8 or binary data in one message from a client; 64 KiB by default; at least 1
 * @param maxBodySize bytes in the body of one POST; 256 KiB by default; at least 1. The largest message is always let through, with its Base64 form.
 * @param unacknowledgedMessages messages to a client that are kept until it acknowledges them; 1,000 by default; at least 1. A sender
 *     waits beyond that.
 * @param unacknowledgedBytes bytes of such messages; 256 KiB by default; at least 1. A longer message cannot be sent.
 * @param totalUnacknowledgedBytes bytes of such messages over all sessions of the endpoint; by default a fifth of the largest heap of this process ({@link
 *     Runtime#maxMemory}); at least 1. A sender beyond that is treated as one whose own session is full, and a longer message cannot be sent. A message that
 *     was published to many sessions counts for each.
 * @param unreceivedMessages messages from a client that are kept for an application that is not receiving; 1,000 by default; at least 1. Over a WebSocket up to
 *     twice as many may arrive.
 * @param unreceivedBytes bytes of such messages; 256 KiB by default; at least 1. One message or POST may exceed it, and over a WebSocket up to twice as
 *     many may arrive.
 * @param maxSessions sessions of one endpoint, those waiting for their client to come back included; 10,000 by default; at least 1
 * @param maxSessionsPerAddress of them opened from one network address, an IPv6 /64 counting as one; 1,000 by default; at least 1. Behind a reverse proxy that does not pass the
 *     client's address on, all clients share the proxy's.
 * @param waitingListenerCalls calls that wait for {@link PushListener}s that do not keep up; 10,000 by default; at least 1. Further ones are left out, which is
 *     logged.
 */
public record PushLimits(
        int maxMessageSize,
        int maxBodySize,
        int unacknowledgedMessages,
        int unacknowledgedBytes,
        long totalUnacknowledgedBytes,
        int unreceivedMessages,
        int unreceivedBytes,
        int maxSessions,
        int maxSessionsPerAddress,
        int waitingListenerCalls) {

    private static final int KIB = 1024;
    private static final int PARTS_OF_HEAP = 5;
    private static final PushLimits DEFAULTS = new PushLimits(
            64 * KIB,
            256 * KIB,
            1_000,
            256 * KIB,
            Runtime.getRuntime().maxMemory() / PARTS_OF_HEAP,
            1_000,
            256 * KIB,
            10_000,
            1_000,
            10_000);

    /** What the headers and field names of one message may add to its Base64 form in the body of a POST. */
    private static final int RECORD_OVERHEAD = KIB;

    /** Small enough that no sum of two limits overflows an {@code int}. */
    private static final int LARGEST = 1 << 30;

    /**
     * Checks every value.
     *
     * @throws IllegalArgumentException if a value is below 1, or one but {@code totalUnacknowledgedBytes} above 2<sup>30</sup>
     */
    public PushLimits {
        check("maxMessageSize", maxMessageSize);
        check("maxBodySize", maxBodySize);
        check("unacknowledgedMessages", unacknowledgedMessages);
        check("unacknowledgedBytes", unacknowledgedBytes);
        if (totalUnacknowledgedBytes < 1) {
            throw new IllegalArgumentException("totalUnacknowledgedBytes out of range: " + totalUnacknowledgedBytes);
        }
        check("unreceivedMessages", unreceivedMessages);
        check("unreceivedBytes", unreceivedBytes);
        check("maxSessions", maxSessions);
        check("maxSessionsPerAddress", maxSessionsPerAddress);
        check("waitingListenerCalls", waitingListenerCalls);
    }

    private static void check(String name, int value) {
        if (value < 1 || value > LARGEST) {
            throw new IllegalArgumentException(name + " out of range: " + value);
        }
    }

    /** {@return the documented defaults} */
    public static PushLimits defaults() {
        return DEFAULTS;
    }

    /** The longest message that can be sent to a client. */
    int longestMessage() {
        return (int) Math.min(unacknowledgedBytes, totalUnacknowledgedBytes);
    }

    /** The limit of a body as clients are told it: never less than the largest message needs. */
    int largestBody() {
        long message = (maxMessageSize + 2L) / 3 * 4 + RECORD_OVERHEAD;
        return (int) Math.min(LARGEST, Math.max(maxBodySize, message));
    }

    /**
     * {@return these limits with another {@link #maxMessageSize}}
     *
     * @param value the new value, of the unit and range of {@link #maxMessageSize}
     * @throws IllegalArgumentException if it is out of range
     */
    public PushLimits withMaxMessageSize(int value) {
        return with(draft -> draft.maxMessageSize = value);
    }

    /**
     * {@return these limits with another {@link #maxBodySize}}
     *
     * @param value the new value, of the unit and range of {@link #maxBodySize}
     * @throws IllegalArgumentException if it is out of range
     */
    public PushLimits withMaxBodySize(int value) {
        return with(draft -> draft.maxBodySize = value);
    }

    /**
     * {@return these limits with other {@link #unacknowledgedMessages} and {@link #unacknowledgedBytes}}
     *
     * @param messages the new value, of the unit and range of {@link #unacknowledgedMessages}
     * @param bytes the new value, of the unit and range of {@link #unacknowledgedBytes}
     * @throws IllegalArgumentException if one is out of range
     */
    public PushLimits withUnacknowledged(int messages, int bytes) {
        return with(draft -> {
            draft.unacknowledgedMessages = messages;
            draft.unacknowledgedBytes = bytes;
        });
    }

    /**
     * {@return these limits with another {@link #totalUnacknowledgedBytes}}
     *
     * @param value the new value, of the unit and range of {@link #totalUnacknowledgedBytes}
     * @throws IllegalArgumentException if it is out of range
     */
    public PushLimits withTotalUnacknowledgedBytes(long value) {
        return with(draft -> draft.totalUnacknowledgedBytes = value);
    }

    /**
     * {@return these limits with other {@link #unreceivedMessages} and {@link #unreceivedBytes}}
     *
     * @param messages the new value, of the unit and range of {@link #unreceivedMessages}
     * @param bytes the new value, of the unit and range of {@link #unreceivedBytes}
     * @throws IllegalArgumentException if one is out of range
     */
    public PushLimits withUnreceived(int messages, int bytes) {
        return with(draft -> {
            draft.unreceivedMessages = messages;
            draft.unreceivedBytes = bytes;
        });
    }

    /**
     * {@return these limits with other {@link #maxSessions} and {@link #maxSessionsPerAddress}}
     *
     * @param total the new value, of the unit and range of {@link #maxSessions}
     * @param perAddress the new value, of the unit and range of {@link #maxSessionsPerAddress}
     * @throws IllegalArgumentException if one is out of range
     */
    public PushLimits withSessions(int total, int perAddress) {
        return with(draft -> {
            draft.maxSessions = total;
            draft.maxSessionsPerAddress = perAddress;
        });
    }

    /**
     * {@return these limits with another {@link #waitingListenerCalls}}
     *
     * @param value the new value, of the unit and range of {@link #waitingListenerCalls}
     * @throws IllegalArgumentException if it is out of range
     */
    public PushLimits withWaitingListenerCalls(int value) {
        return with(draft -> draft.waitingListenerCalls = value);
    }

    private PushLimits with(Consumer<Draft> change) {
        var draft = new Draft(this);
        change.accept(draft);
        return draft.limits();
    }

    /** Limits being changed. */
    private static final class Draft {
        private int maxMessageSize;
        private int maxBodySize;
        private int unacknowledgedMessages;
        private int unacknowledgedBytes;
        private long totalUnacknowledgedBytes;
        private int unreceivedMessages;
        private int unreceivedBytes;
        private int maxSessions;
        private int maxSessionsPerAddress;
        private int waitingListenerCalls;

        Draft(PushLimits from) {
            maxMessageSize = from.maxMessageSize;
            maxBodySize = from.maxBodySize;
            unacknowledgedMessages = from.unacknowledgedMessages;
            unacknowledgedBytes = from.unacknowledgedBytes;
            totalUnacknowledgedBytes = from.totalUnacknowledgedBytes;
            unreceivedMessages = from.unreceivedMessages;
            unreceivedBytes = from.unreceivedBytes;
            maxSessions = from.maxSessions;
            maxSessionsPerAddress = from.maxSessionsPerAddress;
            waitingListenerCalls = from.waitingListenerCalls;
        }

        PushLimits limits() {
            return new PushLimits(
                    maxMessageSize,
                    maxBodySize,
                    unacknowledgedMessages,
                    unacknowledgedBytes,
                    totalUnacknowledgedBytes,
                    unreceivedMessages,
                    unreceivedBytes,
                    maxSessions,
                    maxSessionsPerAddress,
                    waitingListenerCalls);
        }
    }
}
