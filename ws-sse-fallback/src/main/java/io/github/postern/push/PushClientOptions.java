package io.github.postern.push;

import java.time.Duration;
import java.util.function.Consumer;

/**
 * Limits and timeouts of a push client's session. Timeouts are positive and at most 365 days.
 *
 * @param connectTimeout how long one attempt to attach may take, from resolving the name to the server's first record; 10 s by default
 * @param pollInterval how long {@link PushTransport#POLLING} waits between two polls; 1 s by default
 * @param sendTimeout how long {@code send} waits for room before the session is given up with 4507; 10 s by default
 * @param closeTimeout how long {@code close} waits for the server; 5 s by default. It then gives the session up, whose threads have 3 s to end.
 * @param headStart the least time that WebSocket is given before an HTTP transport is tried beside it; 1.5 s by default. It is four round trips where those
 *     are known and longer, but at most twice this.
 * @param firstByteTimeout how long SSE may take to deliver its first record before it counts as held back by a proxy; 3 s by default. Not where SSE is the only
 *     transport.
 * @param fallbackMemory how long the clients of a process avoid a transport that did not get through to an endpoint; 30 min by default
 * @param heartbeatGrace how much longer than the server's heartbeat nothing may come before an attachment is given up; 10 s by default, which is also the most
 * @param probeTimeout how long an attachment may take to prove that it lives when the network has changed; 3 s by default
 * @param maxMessageSize bytes of UTF-8 or binary data in one message from the server, above which the session ends; 1 MiB by default; at least 1
 * @param unacknowledgedMessages messages to the server that are kept until it acknowledges them; 1,000 by default; at least 1. A sender
 *     waits beyond that.
 * @param unacknowledgedBytes bytes of such messages; 256 KiB by default; at least 1. A longer message cannot be sent.
 * @param unreceivedMessages messages from the server that are kept for an application that is not receiving before acknowledgements are withheld, which
 *     makes the server stop; 1,000 by default; at least 1. Up to twice as many may arrive.
 * @param unreceivedBytes bytes of such messages; 256 KiB by default; at least 1. One message may exceed it.
 */
public record PushClientOptions(
        Duration connectTimeout,
        Duration pollInterval,
        Duration sendTimeout,
        Duration closeTimeout,
        Duration headStart,
        Duration firstByteTimeout,
        Duration fallbackMemory,
        Duration heartbeatGrace,
        Duration probeTimeout,
        int maxMessageSize,
        int unacknowledgedMessages,
        int unacknowledgedBytes,
        int unreceivedMessages,
        int unreceivedBytes) {

    private static final int KIB = 1024;
    private static final Duration LONGEST = Duration.ofDays(365);

    /** PROTOCOL.md §10. */
    private static final Duration LONGEST_GRACE = Duration.ofSeconds(10);

    /** Small enough that the Base64 form of a message, or twice a limit, does not overflow an {@code int}. */
    private static final int LARGEST = 1 << 29;

    private static final PushClientOptions DEFAULTS = new PushClientOptions(
            Duration.ofSeconds(10),
            Duration.ofSeconds(1),
            Duration.ofSeconds(10),
            Duration.ofSeconds(5),
            Duration.ofMillis(1_500),
            Duration.ofSeconds(3),
            Duration.ofMinutes(30),
            LONGEST_GRACE,
            Duration.ofSeconds(3),
            KIB * KIB,
            1_000,
            256 * KIB,
            1_000,
            256 * KIB);

    /**
     * Checks every value.
     *
     * @throws IllegalArgumentException if a timeout is not positive or longer than 365 days, {@code heartbeatGrace} longer than 10 s, or a number is below 1 or above 2<sup>29</sup>
     */
    public PushClientOptions {
        check("connectTimeout", connectTimeout);
        check("pollInterval", pollInterval);
        check("sendTimeout", sendTimeout);
        check("closeTimeout", closeTimeout);
        check("headStart", headStart);
        check("firstByteTimeout", firstByteTimeout);
        check("fallbackMemory", fallbackMemory);
        check("heartbeatGrace", heartbeatGrace);
        if (heartbeatGrace.compareTo(LONGEST_GRACE) > 0) {
            throw new IllegalArgumentException("heartbeatGrace out of range: " + heartbeatGrace);
        }
        check("probeTimeout", probeTimeout);
        check("maxMessageSize", maxMessageSize);
        check("unacknowledgedMessages", unacknowledgedMessages);
        check("unacknowledgedBytes", unacknowledgedBytes);
        check("unreceivedMessages", unreceivedMessages);
        check("unreceivedBytes", unreceivedBytes);
    }

    private static void check(String name, Duration value) {
        if (value.isNegative() || value.isZero() || value.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(name + " out of range: " + value);
        }
    }

    private static void check(String name, int value) {
        if (value < 1 || value > LARGEST) {
            throw new IllegalArgumentException(name + " out of range: " + value);
        }
    }

    /** {@return the documented defaults} */
    public static PushClientOptions defaults() {
        return DEFAULTS;
    }

    /**
     * {@return these options with another {@link #connectTimeout}}
     *
     * @param value the new value, of the unit and range of {@link #connectTimeout}
     * @throws IllegalArgumentException if it is out of range
     */
    public PushClientOptions withConnectTimeout(Duration value) {
        return with(draft -> draft.connectTimeout = value);
    }

    /**
     * {@return these options with another {@link #pollInterval}}
     *
     * @param value the new value, of the unit and range of {@link #pollInterval}
     * @throws IllegalArgumentException if it is out of range
     */
    public PushClientOptions withPollInterval(Duration value) {
        return with(draft -> draft.pollInterval = value);
    }

    /**
     * {@return these options with another {@link #sendTimeout}}
     *
     * @param value the new value, of the unit and range of {@link #sendTimeout}
     * @throws IllegalArgumentException if it is out of range
     */
    public PushClientOptions withSendTimeout(Duration value) {
        return with(draft -> draft.sendTimeout = value);
    }

    /**
     * {@return these options with another {@link #closeTimeout}}
     *
     * @param value the new value, of the unit and range of {@link #closeTimeout}
     * @throws IllegalArgumentException if it is out of range
     */
    public PushClientOptions withCloseTimeout(Duration value) {
        return with(draft -> draft.closeTimeout = value);
    }

    /**
     * {@return these options with another {@link #headStart}}
     *
     * @param value the new value, of the unit and range of {@link #headStart}
     * @throws IllegalArgumentException if it is out of range
     */
    public PushClientOptions withHeadStart(Duration value) {
        return with(draft -> draft.headStart = value);
    }

    /**
     * {@return these options with another {@link #firstByteTimeout}}
     *
     * @param value the new value, of the unit and range of {@link #firstByteTimeout}
     * @throws IllegalArgumentException if it is out of range
     */
    public PushClientOptions withFirstByteTimeout(Duration value) {
        return with(draft -> draft.firstByteTimeout = value);
    }

    /**
     * {@return these options with another {@link #fallbackMemory}}
     *
     * @param value the new value, of the unit and range of {@link #fallbackMemory}
     * @throws IllegalArgumentException if it is out of range
     */
    public PushClientOptions withFallbackMemory(Duration value) {
        return with(draft -> draft.fallbackMemory = value);
    }

    /**
     * {@return these options with another {@link #heartbeatGrace}}
     *
     * @param value the new value, of the unit and range of {@link #heartbeatGrace}
     * @throws IllegalArgumentException if it is out of range
     */
    public PushClientOptions withHeartbeatGrace(Duration value) {
        return with(draft -> draft.heartbeatGrace = value);
    }

    /**
     * {@return these options with another {@link #probeTimeout}}
     *
     * @param value the new value, of the unit and range of {@link #probeTimeout}
     * @throws IllegalArgumentException if it is out of range
     */
    public PushClientOptions withProbeTimeout(Duration value) {
        return with(draft -> draft.probeTimeout = value);
    }

    /**
     * {@return these options with another {@link #maxMessageSize}}
     *
     * @param value the new value, of the unit and range of {@link #maxMessageSize}
     * @throws IllegalArgumentException if it is out of range
     */
    public PushClientOptions withMaxMessageSize(int value) {
        return with(draft -> draft.maxMessageSize = value);
    }

    /**
     * {@return these options with other {@link #unacknowledgedMessages} and {@link #unacknowledgedBytes}}
     *
     * @param messages the new value, of the unit and range of {@link #unacknowledgedMessages}
     * @param bytes the new value, of the unit and range of {@link #unacknowledgedBytes}
     * @throws IllegalArgumentException if one is out of range
     */
    public PushClientOptions withUnacknowledged(int messages, int bytes) {
        return with(draft -> {
            draft.unacknowledgedMessages = messages;
            draft.unacknowledgedBytes = bytes;
        });
    }

    /**
     * {@return these options with other {@link #unreceivedMessages} and {@link #unreceivedBytes}}
     *
     * @param messages the new value, of the unit and range of {@link #unreceivedMessages}
     * @param bytes the new value, of the unit and range of {@link #unreceivedBytes}
     * @throws IllegalArgumentException if one is out of range
     */
    public PushClientOptions withUnreceived(int messages, int bytes) {
        return with(draft -> {
            draft.unreceivedMessages = messages;
            draft.unreceivedBytes = bytes;
        });
    }

    private PushClientOptions with(Consumer<Draft> change) {
        var draft = new Draft(this);
        change.accept(draft);
        return draft.options();
    }

    /** Options being changed. */
    private static final class Draft {
        private Duration connectTimeout;
        private Duration pollInterval;
        private Duration sendTimeout;
        private Duration closeTimeout;
        private Duration headStart;
        private Duration firstByteTimeout;
        private Duration fallbackMemory;
        private Duration heartbeatGrace;
        private Duration probeTimeout;
        private int maxMessageSize;
        private int unacknowledgedMessages;
        private int unacknowledgedBytes;
        private int unreceivedMessages;
        private int unreceivedBytes;

        Draft(PushClientOptions from) {
            connectTimeout = from.connectTimeout;
            pollInterval = from.pollInterval;
            sendTimeout = from.sendTimeout;
            closeTimeout = from.closeTimeout;
            headStart = from.headStart;
            firstByteTimeout = from.firstByteTimeout;
            fallbackMemory = from.fallbackMemory;
            heartbeatGrace = from.heartbeatGrace;
            probeTimeout = from.probeTimeout;
            maxMessageSize = from.maxMessageSize;
            unacknowledgedMessages = from.unacknowledgedMessages;
            unacknowledgedBytes = from.unacknowledgedBytes;
            unreceivedMessages = from.unreceivedMessages;
            unreceivedBytes = from.unreceivedBytes;
        }

        PushClientOptions options() {
            return new PushClientOptions(
                    connectTimeout,
                    pollInterval,
                    sendTimeout,
                    closeTimeout,
                    headStart,
                    firstByteTimeout,
                    fallbackMemory,
                    heartbeatGrace,
                    probeTimeout,
                    maxMessageSize,
                    unacknowledgedMessages,
                    unacknowledgedBytes,
                    unreceivedMessages,
                    unreceivedBytes);
        }
    }
}
