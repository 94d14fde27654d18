package io.github.postern.ws.connection;

import io.github.postern.ws.core.DeflateOptions;
import io.github.postern.ws.core.Limits;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Limits and timeouts of a WebSocket connection. Timeouts are at most 365 days, and {@link Duration#ZERO} turns one off where that is
 * said. They are watched by one shared thread, and so may fire late by a quarter of the shortest of them, but by no more than about 250 ms.
 *
 * @param limits what may arrive: sizes of frames and messages, fragments per message
 * @param deflate how messages are compressed where permessage-deflate is agreed on: from 1 KiB on by default, with a pool of compressors that
 *     all connections of the process share (see {@link SharedDeflatePool})
 * @param pingInterval after how much silence of the peer a Ping is sent; 20 s by default; zero sends none
 * @param pongTimeout how long after such a Ping the peer may stay silent before it is given up; 20 s by default
 * @param idleTimeout after how much silence in both directions the connection is closed with 1001 when {@code pingInterval} is zero; 60 s by default;
 *     zero never closes it
 * @param closeTimeout how long a closing handshake may take; 5 s by default
 * @param lingerTimeout how long to wait, when both Close frames have passed or the connection has failed, for the peer to close TCP, which a server does only if
 *     something arrived behind the Close; 1 s by default
 * @param writeTimeout how long one write, or waiting for other senders, may take; 20 s by default
 * @param messageTimeout how long a message may take to arrive, from its first byte; 60 s by default; zero allows any time
 * @param controlFramesPerSecond how many Pings, Pongs and Closes the peer may send a second on average, with bursts of twice as many, before
 *     it is failed with 1008; 100 by default; at least 1
 * @param unreceivedBytes how many bytes of messages are kept for an application that is not receiving before reading
 *     stops; 64 KiB by default; at least 1. One message may exceed it.
 * @param fragmentSize how much of a message that is {@linkplain Connection#openBinary streamed out} is put into one frame: bytes of a binary
 *     message, characters of a text; 16 KiB by default; at least 1
 * @param unsentBytes how many bytes of messages may wait that {@link WebSocket#trySend} was given, before it resorts to its policy for slow
 *     consumers; 1 MiB by default; at least 1. One message may exceed it.
 * @param unsentMessages how many such messages may wait; 256 by default; at least 1
 */
public record ConnectionOptions(
        Limits limits,
        DeflateOptions deflate,
        Duration pingInterval,
        Duration pongTimeout,
        Duration idleTimeout,
        Duration closeTimeout,
        Duration lingerTimeout,
        Duration writeTimeout,
        Duration messageTimeout,
        int controlFramesPerSecond,
        int unreceivedBytes,
        int fragmentSize,
        int unsentBytes,
        int unsentMessages) {

    private static final Duration LONGEST = Duration.ofDays(365);
    private static final ConnectionOptions DEFAULTS = new ConnectionOptions(
            Limits.defaults(),
            new DeflateOptions(DeflateOptions.defaults().threshold(), SharedDeflatePool.COMMON),
            Duration.ofSeconds(20),
            Duration.ofSeconds(20),
            Duration.ofSeconds(60),
            Duration.ofSeconds(5),
            Duration.ofSeconds(1),
            Duration.ofSeconds(20),
            Duration.ofSeconds(60),
            100,
            64 * 1024,
            16 * 1024,
            1024 * 1024,
            256);

    /**
     * Checks every value.
     *
     * @throws IllegalArgumentException if a timeout is negative, zero where zero has no meaning, or longer than 365 days, or a number is below 1
     */
    public ConnectionOptions {
        check("pingInterval", pingInterval, true);
        check("pongTimeout", pongTimeout, false);
        check("idleTimeout", idleTimeout, true);
        check("closeTimeout", closeTimeout, false);
        check("lingerTimeout", lingerTimeout, false);
        check("writeTimeout", writeTimeout, false);
        check("messageTimeout", messageTimeout, true);
        check("controlFramesPerSecond", controlFramesPerSecond);
        check("unreceivedBytes", unreceivedBytes);
        check("fragmentSize", fragmentSize);
        check("unsentBytes", unsentBytes);
        check("unsentMessages", unsentMessages);
    }

    private static void check(String name, Duration value, boolean zeroAllowed) {
        if (value.isNegative() || (value.isZero() && !zeroAllowed) || value.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(name + " out of range: " + value);
        }
    }

    private static void check(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " below 1: " + value);
        }
    }

    /** {@return the documented defaults} */
    public static ConnectionOptions defaults() {
        return DEFAULTS;
    }

    /**
     * {@return these options with another {@link #limits}}
     *
     * @param limits the new ones
     */
    public ConnectionOptions withLimits(Limits limits) {
        return with(draft -> draft.limits = limits);
    }

    /**
     * {@return these options with another {@link #deflate}} To change a part of it, and keep the shared pool with its limit of 256 compressors, begin with what these have:
     * {@code options.withDeflate(options.deflate().withThreshold(512))}. {@link DeflateOptions#defaults} has no such limit.
     *
     * @param deflate the new ones
     */
    public ConnectionOptions withDeflate(DeflateOptions deflate) {
        return with(draft -> draft.deflate = deflate);
    }

    /**
     * {@return these options with another {@link #pingInterval}}
     *
     * @param pingInterval the new value, of the unit and range of {@link #pingInterval}
     * @throws IllegalArgumentException if it is out of range
     */
    public ConnectionOptions withPingInterval(Duration pingInterval) {
        return with(draft -> draft.pingInterval = pingInterval);
    }

    /**
     * {@return these options with another {@link #pongTimeout}}
     *
     * @param pongTimeout the new value, of the unit and range of {@link #pongTimeout}
     * @throws IllegalArgumentException if it is out of range
     */
    public ConnectionOptions withPongTimeout(Duration pongTimeout) {
        return with(draft -> draft.pongTimeout = pongTimeout);
    }

    /**
     * {@return these options with another {@link #idleTimeout}}
     *
     * @param idleTimeout the new value, of the unit and range of {@link #idleTimeout}
     * @throws IllegalArgumentException if it is out of range
     */
    public ConnectionOptions withIdleTimeout(Duration idleTimeout) {
        return with(draft -> draft.idleTimeout = idleTimeout);
    }

    /**
     * {@return these options with another {@link #closeTimeout}}
     *
     * @param closeTimeout the new value, of the unit and range of {@link #closeTimeout}
     * @throws IllegalArgumentException if it is out of range
     */
    public ConnectionOptions withCloseTimeout(Duration closeTimeout) {
        return with(draft -> draft.closeTimeout = closeTimeout);
    }

    /**
     * {@return these options with another {@link #lingerTimeout}}
     *
     * @param lingerTimeout the new value, of the unit and range of {@link #lingerTimeout}
     * @throws IllegalArgumentException if it is out of range
     */
    public ConnectionOptions withLingerTimeout(Duration lingerTimeout) {
        return with(draft -> draft.lingerTimeout = lingerTimeout);
    }

    /**
     * {@return these options with another {@link #writeTimeout}}
     *
     * @param writeTimeout the new value, of the unit and range of {@link #writeTimeout}
     * @throws IllegalArgumentException if it is out of range
     */
    public ConnectionOptions withWriteTimeout(Duration writeTimeout) {
        return with(draft -> draft.writeTimeout = writeTimeout);
    }

    /**
     * {@return these options with another {@link #messageTimeout}}
     *
     * @param messageTimeout the new value, of the unit and range of {@link #messageTimeout}
     * @throws IllegalArgumentException if it is out of range
     */
    public ConnectionOptions withMessageTimeout(Duration messageTimeout) {
        return with(draft -> draft.messageTimeout = messageTimeout);
    }

    /**
     * {@return these options with another {@link #controlFramesPerSecond}}
     *
     * @param controlFramesPerSecond the new value, of the unit and range of {@link #controlFramesPerSecond}
     * @throws IllegalArgumentException if it is out of range
     */
    public ConnectionOptions withControlFramesPerSecond(int controlFramesPerSecond) {
        return with(draft -> draft.controlFramesPerSecond = controlFramesPerSecond);
    }

    /**
     * {@return these options with another {@link #unreceivedBytes}}
     *
     * @param unreceivedBytes the new value, of the unit and range of {@link #unreceivedBytes}
     * @throws IllegalArgumentException if it is out of range
     */
    public ConnectionOptions withUnreceivedBytes(int unreceivedBytes) {
        return with(draft -> draft.unreceivedBytes = unreceivedBytes);
    }

    /**
     * {@return these options with another {@link #fragmentSize}}
     *
     * @param fragmentSize the new value, of the unit and range of {@link #fragmentSize}
     * @throws IllegalArgumentException if it is out of range
     */
    public ConnectionOptions withFragmentSize(int fragmentSize) {
        return with(draft -> draft.fragmentSize = fragmentSize);
    }

    /**
     * {@return these options with another {@link #unsentBytes}}
     *
     * @param unsentBytes the new value, of the unit and range of {@link #unsentBytes}
     * @throws IllegalArgumentException if it is out of range
     */
    public ConnectionOptions withUnsentBytes(int unsentBytes) {
        return with(draft -> draft.unsentBytes = unsentBytes);
    }

    /**
     * {@return these options with another {@link #unsentMessages}}
     *
     * @param unsentMessages the new value, of the unit and range of {@link #unsentMessages}
     * @throws IllegalArgumentException if it is out of range
     */
    public ConnectionOptions withUnsentMessages(int unsentMessages) {
        return with(draft -> draft.unsentMessages = unsentMessages);
    }

    private ConnectionOptions with(Consumer<Draft> change) {
        var draft = new Draft(this);
        change.accept(draft);
        return draft.options();
    }

    /** Options being changed. */
    private static final class Draft {
        private Limits limits;
        private DeflateOptions deflate;
        private Duration pingInterval;
        private Duration pongTimeout;
        private Duration idleTimeout;
        private Duration closeTimeout;
        private Duration lingerTimeout;
        private Duration writeTimeout;
        private Duration messageTimeout;
        private int controlFramesPerSecond;
        private int unreceivedBytes;
        private int fragmentSize;
        private int unsentBytes;
        private int unsentMessages;

        Draft(ConnectionOptions from) {
            limits = from.limits;
            deflate = from.deflate;
            pingInterval = from.pingInterval;
            pongTimeout = from.pongTimeout;
            idleTimeout = from.idleTimeout;
            closeTimeout = from.closeTimeout;
            lingerTimeout = from.lingerTimeout;
            writeTimeout = from.writeTimeout;
            messageTimeout = from.messageTimeout;
            controlFramesPerSecond = from.controlFramesPerSecond;
            unreceivedBytes = from.unreceivedBytes;
            fragmentSize = from.fragmentSize;
            unsentBytes = from.unsentBytes;
            unsentMessages = from.unsentMessages;
        }

        ConnectionOptions options() {
            return new ConnectionOptions(
                    limits,
                    deflate,
                    pingInterval,
                    pongTimeout,
                    idleTimeout,
                    closeTimeout,
                    lingerTimeout,
                    writeTimeout,
                    messageTimeout,
                    controlFramesPerSecond,
                    unreceivedBytes,
                    fragmentSize,
                    unsentBytes,
                    unsentMessages);
        }
    }
}
