package io.github.postern.ws.core;

/**
 * How this endpoint compresses and decompresses, if permessage-deflate was agreed on. None of it concerns the peer.
 *
 * @param threshold the size in bytes from which a message is compressed unless the caller decides otherwise, at least 0; 1024
 *     by default. A small message gains little, and costs as much time as a larger one
 * @param pool where compressors and decompressors come from; {@link DeflatePool#unpooled} by default
 */
public record DeflateOptions(int threshold, DeflatePool pool) {
    private static final DeflateOptions DEFAULTS = new DeflateOptions(1024, DeflatePool.unpooled());

    /**
     * Checks the threshold.
     *
     * @throws IllegalArgumentException if it is below 0
     */
    public DeflateOptions {
        if (threshold < 0) {
            throw new IllegalArgumentException("threshold below 0: " + threshold);
        }
    }

    /** The documented defaults. */
    public static DeflateOptions defaults() {
        return DEFAULTS;
    }

    /** These options with another {@link #threshold}. */
    public DeflateOptions withThreshold(int threshold) {
        return new DeflateOptions(threshold, pool);
    }

    /** These options with another {@link #pool}. */
    public DeflateOptions withPool(DeflatePool pool) {
        return new DeflateOptions(threshold, pool);
    }
}
