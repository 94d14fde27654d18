package io.github.postern.ws.connection;

import io.github.postern.ws.core.DeflatePool;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * Compressors and decompressors for any number of connections and threads, of which a few are kept for the next message. At most
 * as many compressors as its owner says are lent at a time; meanwhile other messages are sent uncompressed. A compressor is
 * lent for one message, or with context takeover for the life of the connection, and holds about 260 KB of native memory.
 */
public final class SharedDeflatePool implements DeflatePool {
    /** What connections use unless told otherwise: zlib's own choice of level, 256 compressors, so 66 MB. */
    static final SharedDeflatePool COMMON = new SharedDeflatePool(Deflater.DEFAULT_COMPRESSION, 256);

    private static final int KEPT = 16;

    /** Those that exist, of all such pools. */
    private static final AtomicInteger COMPRESSORS = new AtomicInteger();

    private static final AtomicInteger DECOMPRESSORS = new AtomicInteger();

    private final DeflatePool source;
    private final int maxDeflaters;
    private final AtomicInteger lentDeflaters = new AtomicInteger();
    private final AtomicInteger lentInflaters = new AtomicInteger();
    private final Kept<Deflater> deflaters = new Kept<>(KEPT);
    private final Kept<Inflater> inflaters = new Kept<>(KEPT);

    /**
     * A pool of its own, to be given to any number of {@link ConnectionOptions}.
     *
     * @param level zlib's level, from 0 (stored) over 1 (fastest) to 9 (smallest), or -1 for its own choice
     * @param maxDeflaters how many compressors may be lent at a time, at least 0
     * @throws IllegalArgumentException if a number is outside its range
     */
    public SharedDeflatePool(int level, int maxDeflaters) {
        if (maxDeflaters < 0) {
            throw new IllegalArgumentException("maxDeflaters below 0: " + maxDeflaters);
        }
        this.source = DeflatePool.unpooled(level);
        this.maxDeflaters = maxDeflaters;
    }

    @Override
    public @Nullable Deflater borrowDeflater() {
        if (lentDeflaters.incrementAndGet() > maxDeflaters) {
            lentDeflaters.decrementAndGet();
            return null;
        }
        var kept = deflaters.take();
        if (kept != null) {
            return kept;
        }
        COMPRESSORS.incrementAndGet();
        return source.borrowDeflater();
    }

    @Override
    public void giveBack(Deflater deflater) {
        lentDeflaters.decrementAndGet();
        deflater.reset();
        if (!deflaters.put(deflater)) {
            source.giveBack(deflater);
            COMPRESSORS.decrementAndGet();
        }
    }

    @Override
    public Inflater borrowInflater() {
        lentInflaters.incrementAndGet();
        var kept = inflaters.take();
        if (kept != null) {
            return kept;
        }
        DECOMPRESSORS.incrementAndGet();
        return source.borrowInflater();
    }

    @Override
    public void giveBack(Inflater inflater) {
        lentInflaters.decrementAndGet();
        inflater.reset();
        if (!inflaters.put(inflater)) {
            source.giveBack(inflater);
            DECOMPRESSORS.decrementAndGet();
        }
    }

    /** {@return how many compressors are lent now} */
    public int lentDeflaters() {
        return lentDeflaters.get();
    }

    /** {@return how many decompressors are lent now} */
    public int lentInflaters() {
        return lentInflaters.get();
    }

    /** How many compressors exist, in use or kept, of all such pools. */
    static int compressors() {
        return COMPRESSORS.get();
    }

    /** How many decompressors exist, in use or kept, of all such pools. */
    static int decompressors() {
        return DECOMPRESSORS.get();
    }
}
