package io.github.postern.ws.core;

/**
 * How this endpoint compresses and decompresses, if permessage-deflate was agreed on. None of it concerns the peer.
 *
 * @param threshold the size in bytes from which a message is compressed unless the caller decides otherwise, at least 0; 1024
 *     by default. A small message gains little, and costs as much time as a larger one
 * @param pool where compressors and decompressors come from; {@link DeflatePool#unpooled} by default, which does not limit how many there are. Connections of the module
 *     {@code ws-connection} share one that does: begin with the options that they have to keep it
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

    /** {@return the documented defaults} */
    public static DeflateOptions defaults() {
        return DEFAULTS;
    }

    /**
     * {@return these options with another {@link #threshold}}
     *
     * @param threshold the new value, of the unit and range of {@link #threshold}
     * @throws IllegalArgumentException if it is out of range
     */
    public DeflateOptions withThreshold(int threshold) {
        return new DeflateOptions(threshold, pool);
    }

    /**
     * {@return these options with another {@link #pool}}
     *
     * @param pool the new one
     */
    public DeflateOptions withPool(DeflatePool pool) {
        return new DeflateOptions(threshold, pool);
    }
}
