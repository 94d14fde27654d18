package io.github.postern.ws.core;

import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * Where connections get zlib's compressors and decompressors from, and give them back when they have no more use for
 * them: after each message without context takeover, otherwise with {@link Inbound#release} and {@link
 * Outbound#release}. Each holds native memory outside of the heap, about 260 KB and 40 KB, so they have one owner at any time.
 *
 * <p>An implementation that is shared by connections must be safe for use by several threads at a time.
 */
public interface DeflatePool {
    /**
     * {@return a compressor of raw DEFLATE data in its first state; null if there is none to be had now, upon which the message is
     * sent uncompressed}
     */
    @Nullable
    Deflater borrowDeflater();

    /**
     * Takes back a compressor, in whatever state it is.
     *
     * @param deflater one that was borrowed here
     */
    void giveBack(Deflater deflater);

    /** {@return a decompressor of raw DEFLATE data in its first state} */
    Inflater borrowInflater();

    /**
     * Takes back a decompressor, in whatever state it is.
     *
     * @param inflater one that was borrowed here
     */
    void giveBack(Inflater inflater);

    /** {@return a pool that keeps nothing, with zlib's own choice of level: makes what is borrowed, and ends what is given back} */
    static DeflatePool unpooled() {
        return Unpooled.DEFAULT;
    }

    /**
     * {@return a pool that keeps nothing: makes what is borrowed, and ends what is given back}
     *
     * @param level zlib's level, from 0 (stored) over 1 (fastest) to 9 (smallest), or -1 for its own choice
     * @throws IllegalArgumentException if the level is outside that range
     */
    static DeflatePool unpooled(int level) {
        return new Unpooled(level);
    }
}
