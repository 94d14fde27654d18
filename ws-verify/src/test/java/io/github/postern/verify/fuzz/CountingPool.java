package io.github.postern.verify.fuzz;

import io.github.postern.ws.core.DeflatePool;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/** A pool that knows how many of its objects are out. It hands them out again, and so shows whether they come back unharmed. */
final class CountingPool implements DeflatePool {
    private final Deque<Deflater> deflaters = new ArrayDeque<>();
    private final Deque<Inflater> inflaters = new ArrayDeque<>();
    private int lent;

    /** How many are borrowed and not given back. */
    int lent() {
        return lent;
    }

    @Override
    public Deflater borrowDeflater() {
        lent++;
        return deflaters.isEmpty() ? new Deflater(Deflater.DEFAULT_COMPRESSION, true) : deflaters.pop();
    }

    @Override
    public void giveBack(Deflater deflater) {
        lent--;
        deflater.reset();
        deflaters.push(deflater);
    }

    @Override
    public Inflater borrowInflater() {
        lent++;
        return inflaters.isEmpty() ? new Inflater(true) : inflaters.pop();
    }

    @Override
    public void giveBack(Inflater inflater) {
        lent--;
        inflater.reset();
        inflaters.push(inflater);
    }
}
