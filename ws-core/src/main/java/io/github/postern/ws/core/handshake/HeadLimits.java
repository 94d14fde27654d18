package io.github.postern.ws.core.handshake;

/**
 * What a head may cost before it is refused. Exceeding a limit gives {@link Head.Malformed} with status 414 in the start
 * line and 431 after it, at the first byte too many.
 *
 * @param maxLine the longest line in bytes, without its CRLF; at least 1
 * @param maxSize the longest head in bytes, with every CRLF and the empty line at its end; at least 1
 * @param maxHeaders the most header fields; at least 0
 */
public record HeadLimits(int maxLine, int maxSize, int maxHeaders) {
    private static final HeadLimits DEFAULTS = new HeadLimits(8 * 1024, 32 * 1024, 100);

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a limit is out of its range
     */
    public HeadLimits {
        requireAtLeast(1, "maxLine", maxLine);
        requireAtLeast(1, "maxSize", maxSize);
        requireAtLeast(0, "maxHeaders", maxHeaders);
    }

    /**
     * Lines of 8 KiB, 32 KiB in total, 100 header fields.
     *
     * @return the documented defaults
     */
    public static HeadLimits defaults() {
        return DEFAULTS;
    }

    /**
     * {@return these limits with another {@link #maxLine}}
     *
     * @param bytes the new value, of the unit and range of {@link #maxLine}
     * @throws IllegalArgumentException if it is out of range
     */
    public HeadLimits withMaxLine(int bytes) {
        return new HeadLimits(bytes, maxSize, maxHeaders);
    }

    /**
     * {@return these limits with another {@link #maxSize}}
     *
     * @param bytes the new value, of the unit and range of {@link #maxSize}
     * @throws IllegalArgumentException if it is out of range
     */
    public HeadLimits withMaxSize(int bytes) {
        return new HeadLimits(maxLine, bytes, maxHeaders);
    }

    /**
     * {@return these limits with another {@link #maxHeaders}}
     *
     * @param count the new value, of the unit and range of {@link #maxHeaders}
     * @throws IllegalArgumentException if it is out of range
     */
    public HeadLimits withMaxHeaders(int count) {
        return new HeadLimits(maxLine, maxSize, count);
    }

    private static void requireAtLeast(int least, String name, int value) {
        if (value < least) {
            throw new IllegalArgumentException(name + " less than " + least + ": " + value);
        }
    }
}
