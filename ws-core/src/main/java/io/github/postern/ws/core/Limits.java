package io.github.postern.ws.core;

/**
 * What an endpoint is willing to receive. A frame or message over a size limit fails the connection with 1009, too many
 * fragments with 1008 (RFC 6455 §10.4); as soon as a frame header tells, before memory is reserved for the payload. What a
 * compressed message becomes is known only as it is decompressed, and failed at the first byte too many.
 *
 * @param maxFrameSize the longest payload of one data frame as it is on the wire, in bytes, at least 1; 1 MiB by default. A compressed one may be longer by a
 *     sixteenth and 64 bytes, since what cannot be compressed becomes longer. Control frames have their own limit of 125 bytes (§5.5).
 * @param maxMessageSize the longest message, in bytes, all its fragments together and decompressed, from 1 to {@code Integer.MAX_VALUE -
 *     8}; 1 MiB by default
 * @param maxFragments the most frames that one message may be split into, empty ones counted, at least 1; 1024 by
 *     default. As many DEFLATE streams may follow each other in a compressed message (RFC 7692 §7.2.3.4)
 * @param maxInflationRatio how many times longer than what was received a message may become by decompressing once it is over 64
 *     KiB, at least 1; 200 by default, which only text of little content exceeds; beyond it 1009
 */
public record Limits(long maxFrameSize, long maxMessageSize, int maxFragments, int maxInflationRatio) {
    /** A message below that does no harm, however much it is longer than what was received. */
    static final int SMALL_MESSAGE = 64 * 1024;

    /** The longest array that every JDK can allocate. */
    private static final int MAX_ARRAY_SIZE = Integer.MAX_VALUE - 8;

    private static final Limits DEFAULTS = new Limits(1 << 20, 1 << 20, 1024, 200);

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a value is outside its range
     */
    public Limits {
        if (maxFrameSize < 1) {
            throw new IllegalArgumentException("maxFrameSize below 1: " + maxFrameSize);
        }
        if (maxMessageSize < 1 || maxMessageSize > MAX_ARRAY_SIZE) {
            throw new IllegalArgumentException("maxMessageSize outside 1 to " + MAX_ARRAY_SIZE + ": " + maxMessageSize);
        }
        if (maxFragments < 1) {
            throw new IllegalArgumentException("maxFragments below 1: " + maxFragments);
        }
        if (maxInflationRatio < 1) {
            throw new IllegalArgumentException("maxInflationRatio below 1: " + maxInflationRatio);
        }
    }

    /** {@return the documented defaults} */
    public static Limits defaults() {
        return DEFAULTS;
    }

    /**
     * The longest payload of a compressed frame. DEFLATE adds 5 bytes to each block that it cannot compress, and a flush as many: a message within the limits
     * would otherwise be refused because its sender compresses it. The smallest window makes most of them, for every 256 bytes.
     */
    long maxCompressedFrameSize() {
        return Math.max(maxFrameSize, maxFrameSize + maxFrameSize / 16 + 64); // unless that is more than there is
    }

    /**
     * {@return these limits with another {@link #maxFrameSize}}
     *
     * @param maxFrameSize the new value, of the unit and range of {@link #maxFrameSize}
     * @throws IllegalArgumentException if it is out of range
     */
    public Limits withMaxFrameSize(long maxFrameSize) {
        return new Limits(maxFrameSize, maxMessageSize, maxFragments, maxInflationRatio);
    }

    /**
     * {@return these limits with another {@link #maxMessageSize}}
     *
     * @param maxMessageSize the new value, of the unit and range of {@link #maxMessageSize}
     * @throws IllegalArgumentException if it is out of range
     */
    public Limits withMaxMessageSize(long maxMessageSize) {
        return new Limits(maxFrameSize, maxMessageSize, maxFragments, maxInflationRatio);
    }

    /**
     * {@return these limits with another {@link #maxFragments}}
     *
     * @param maxFragments the new value, of the unit and range of {@link #maxFragments}
     * @throws IllegalArgumentException if it is out of range
     */
    public Limits withMaxFragments(int maxFragments) {
        return new Limits(maxFrameSize, maxMessageSize, maxFragments, maxInflationRatio);
    }

    /**
     * {@return these limits with another {@link #maxInflationRatio}}
     *
     * @param maxInflationRatio the new value, of the unit and range of {@link #maxInflationRatio}
     * @throws IllegalArgumentException if it is out of range
     */
    public Limits withMaxInflationRatio(int maxInflationRatio) {
        return new Limits(maxFrameSize, maxMessageSize, maxFragments, maxInflationRatio);
    }
}
