package io.github.postern.ws.core;

import java.util.zip.Deflater;
import java.util.zip.Inflater;

/** Makes what is borrowed, and ends what is given back. */
record Unpooled(int level) implements DeflatePool {
    static final Unpooled DEFAULT = new Unpooled(Deflater.DEFAULT_COMPRESSION);

    Unpooled {
        if (level < Deflater.DEFAULT_COMPRESSION || level > Deflater.BEST_COMPRESSION) {
            throw new IllegalArgumentException("level outside -1 to 9: " + level);
        }
    }

    @Override
    public Deflater borrowDeflater() {
        return new Deflater(level, true);
    }

    @Override
    public void giveBack(Deflater deflater) {
        deflater.end();
    }

    @Override
    public Inflater borrowInflater() {
        return new Inflater(true);
    }

    @Override
    public void giveBack(Inflater inflater) {
        inflater.end();
    }
}
