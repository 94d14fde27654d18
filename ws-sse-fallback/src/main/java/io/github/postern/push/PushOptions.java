package io.github.postern.push;

import java.time.Duration;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Limits, timeouts and policy of a push endpoint. Timeouts are positive and at most 365 days; one shared thread watches them, and they may fire
 * late by an eighth of the shortest, at most by 250 ms.
 *
 * @param limits how much it takes and keeps
 * @param heartbeat after how much silence of its own the server says something on a stream or a WebSocket; 25 s by default
 * @param pollTimeout how long a long poll may hang; 25 s by default. No longer than {@code heartbeat} whatever it is, since that is what clients go by.
 * @param expiry how long a session waits for its client to come back, and how long afterwards its end is remembered; 120 s by default
 * @param sendTimeout how long {@code send} waits for room before the session is closed with 4507; 10 s by default
 * @param busyTimeout how long a POST waits for an application that is not receiving before it is answered 429; 5 s by default
 * @param bodyTimeout how long the body of a POST may take to arrive, however steadily it trickles, or if nothing comes; 60 s by default
 * @param attachTimeout how long a WebSocket may take to say which session it belongs to; 10 s by default
 * @param closeTimeout how long {@code close} waits for the client; 5 s by default
 * @param writeTimeout how long one write on a WebSocket may take; 20 s by default. For HTTP responses the container's idle timeout
 *     counts, which {@code PushServer} sets to this.
 * @param rotation after how long an SSE response to a client of the protocol ends, and the client asks for the next one, so that nothing between them holds
 *     one for ever; 5 min by default, for each response longer or shorter by up to a fifth
 * @param allowedOrigins the origins other than its own from which browsers may use the endpoint, as {@code scheme://host[:port]} without anything
 *     behind it (RFC 6454 §6.2), or {@code null} for pages that have none; {@code *} allows all; none by default
 * @param allowedHosts the values of {@code Host} that are served, with the port if it is not the scheme's; none, which is the default, serves all. A
 *     defence against DNS rebinding for servers on private networks.
 */
public record PushOptions(
        PushLimits limits,
        Duration heartbeat,
        Duration pollTimeout,
        Duration expiry,
        Duration sendTimeout,
        Duration busyTimeout,
        Duration bodyTimeout,
        Duration attachTimeout,
        Duration closeTimeout,
        Duration writeTimeout,
        Duration rotation,
        Set<String> allowedOrigins,
        Set<String> allowedHosts) {

    private static final Duration LONGEST = Duration.ofDays(365);
    private static final PushOptions DEFAULTS = new PushOptions(
            PushLimits.defaults(),
            Duration.ofSeconds(25),
            Duration.ofSeconds(25),
            Duration.ofSeconds(120),
            Duration.ofSeconds(10),
            Duration.ofSeconds(5),
            Duration.ofSeconds(60),
            Duration.ofSeconds(10),
            Duration.ofSeconds(5),
            Duration.ofSeconds(20),
            Duration.ofMinutes(5),
            Set.of(),
            Set.of());

    /**
     * Checks every value.
     *
     * @throws IllegalArgumentException if a timeout is not positive or longer than 365 days, no page can have one of the origins, or one of the hosts is no name
     *     or address with or without a port
     */
    public PushOptions {
        check("heartbeat", heartbeat);
        check("pollTimeout", pollTimeout);
        check("expiry", expiry);
        check("sendTimeout", sendTimeout);
        check("busyTimeout", busyTimeout);
        check("bodyTimeout", bodyTimeout);
        check("attachTimeout", attachTimeout);
        check("closeTimeout", closeTimeout);
        check("writeTimeout", writeTimeout);
        check("rotation", rotation);
        allowedOrigins = Set.copyOf(allowedOrigins);
        allowedHosts = Set.copyOf(allowedHosts);
        allowedOrigins.forEach(OriginPolicy::checkOrigin);
        allowedHosts.forEach(OriginPolicy::checkHost);
    }

    private static void check(String name, Duration value) {
        if (value.isNegative() || value.isZero() || value.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(name + " out of range: " + value);
        }
    }

    /** {@return the documented defaults} */
    public static PushOptions defaults() {
        return DEFAULTS;
    }

    /**
     * {@return these options with another {@link #limits}}
     *
     * @param value the new ones
     */
    public PushOptions withLimits(PushLimits value) {
        return with(draft -> draft.limits = value);
    }

    /**
     * {@return these options with another {@link #heartbeat}}
     *
     * @param value the new value, of the unit and range of {@link #heartbeat}
     * @throws IllegalArgumentException if it is out of range
     */
    public PushOptions withHeartbeat(Duration value) {
        return with(draft -> draft.heartbeat = value);
    }

    /**
     * {@return these options with another {@link #pollTimeout}}
     *
     * @param value the new value, of the unit and range of {@link #pollTimeout}
     * @throws IllegalArgumentException if it is out of range
     */
    public PushOptions withPollTimeout(Duration value) {
        return with(draft -> draft.pollTimeout = value);
    }

    /**
     * {@return these options with another {@link #expiry}}
     *
     * @param value the new value, of the unit and range of {@link #expiry}
     * @throws IllegalArgumentException if it is out of range
     */
    public PushOptions withExpiry(Duration value) {
        return with(draft -> draft.expiry = value);
    }

    /**
     * {@return these options with another {@link #sendTimeout}}
     *
     * @param value the new value, of the unit and range of {@link #sendTimeout}
     * @throws IllegalArgumentException if it is out of range
     */
    public PushOptions withSendTimeout(Duration value) {
        return with(draft -> draft.sendTimeout = value);
    }

    /**
     * {@return these options with another {@link #busyTimeout}}
     *
     * @param value the new value, of the unit and range of {@link #busyTimeout}
     * @throws IllegalArgumentException if it is out of range
     */
    public PushOptions withBusyTimeout(Duration value) {
        return with(draft -> draft.busyTimeout = value);
    }

    /**
     * {@return these options with another {@link #bodyTimeout}}
     *
     * @param value the new value, of the unit and range of {@link #bodyTimeout}
     * @throws IllegalArgumentException if it is out of range
     */
    public PushOptions withBodyTimeout(Duration value) {
        return with(draft -> draft.bodyTimeout = value);
    }

    /**
     * {@return these options with another {@link #attachTimeout}}
     *
     * @param value the new value, of the unit and range of {@link #attachTimeout}
     * @throws IllegalArgumentException if it is out of range
     */
    public PushOptions withAttachTimeout(Duration value) {
        return with(draft -> draft.attachTimeout = value);
    }

    /**
     * {@return these options with another {@link #closeTimeout}}
     *
     * @param value the new value, of the unit and range of {@link #closeTimeout}
     * @throws IllegalArgumentException if it is out of range
     */
    public PushOptions withCloseTimeout(Duration value) {
        return with(draft -> draft.closeTimeout = value);
    }

    /**
     * {@return these options with another {@link #writeTimeout}}
     *
     * @param value the new value, of the unit and range of {@link #writeTimeout}
     * @throws IllegalArgumentException if it is out of range
     */
    public PushOptions withWriteTimeout(Duration value) {
        return with(draft -> draft.writeTimeout = value);
    }

    /**
     * {@return these options with another {@link #rotation}}
     *
     * @param value the new value, of the unit and range of {@link #rotation}
     * @throws IllegalArgumentException if it is out of range
     */
    public PushOptions withRotation(Duration value) {
        return with(draft -> draft.rotation = value);
    }

    /**
     * {@return these options with another {@link #allowedOrigins}}
     *
     * @param value the new ones
     * @throws IllegalArgumentException if no page can have one of them, such as {@code https://example.org/}
     */
    public PushOptions withAllowedOrigins(Set<String> value) {
        return with(draft -> draft.allowedOrigins = value);
    }

    /**
     * {@return these options with another {@link #allowedHosts}}
     *
     * @param value the new ones
     * @throws IllegalArgumentException if one of them is no name or address with or without a port
     */
    public PushOptions withAllowedHosts(Set<String> value) {
        return with(draft -> draft.allowedHosts = value);
    }

    private PushOptions with(Consumer<Draft> change) {
        var draft = new Draft(this);
        change.accept(draft);
        return draft.options();
    }

    /** Options being changed. */
    private static final class Draft {
        private PushLimits limits;
        private Duration heartbeat;
        private Duration pollTimeout;
        private Duration expiry;
        private Duration sendTimeout;
        private Duration busyTimeout;
        private Duration bodyTimeout;
        private Duration attachTimeout;
        private Duration closeTimeout;
        private Duration writeTimeout;
        private Duration rotation;
        private Set<String> allowedOrigins;
        private Set<String> allowedHosts;

        Draft(PushOptions from) {
            limits = from.limits;
            heartbeat = from.heartbeat;
            pollTimeout = from.pollTimeout;
            expiry = from.expiry;
            sendTimeout = from.sendTimeout;
            busyTimeout = from.busyTimeout;
            bodyTimeout = from.bodyTimeout;
            attachTimeout = from.attachTimeout;
            closeTimeout = from.closeTimeout;
            writeTimeout = from.writeTimeout;
            rotation = from.rotation;
            allowedOrigins = from.allowedOrigins;
            allowedHosts = from.allowedHosts;
        }

        PushOptions options() {
            return new PushOptions(
                    limits,
                    heartbeat,
                    pollTimeout,
                    expiry,
                    sendTimeout,
                    busyTimeout,
                    bodyTimeout,
                    attachTimeout,
                    closeTimeout,
                    writeTimeout,
                    rotation,
                    allowedOrigins,
                    allowedHosts);
        }
    }
}
