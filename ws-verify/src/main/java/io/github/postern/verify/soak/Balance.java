package io.github.postern.verify.soak;

import java.io.PrintWriter;
import java.util.List;

/** What was there before and after. */
record Balance(Usage begin, Usage end) {
    /**
     * One measure.
     *
     * @param slack how much more there may be at the end
     */
    record Row(String name, long begin, long end, long slack) {
        boolean isWithinSlack() {
            return end - begin <= slack;
        }
    }

    List<Row> rows() {
        return List.of(
                heap(),
                resident(),
                direct(),
                platformThreads(),
                virtualThreads(),
                descriptors(),
                connections(),
                zlib());
    }

    /**
     * Classes that the JDK loads and caches that it fills when something rare happens for the first time, for instance a certain TLS alert. A run of 20 minutes
     * opens more than 50,000 connections, which have two ends: 32 bytes that each of them left behind would be more.
     */
    private Row heap() {
        return new Row("heap, KiB", begin.heap() >> 10, end.heap() >> 10, 3 * 1024);
    }

    /**
     * With a heap that is all touched at the start, what grows is the rest: code that the JIT goes on to compile, the tables of the collector, what malloc keeps of
     * freed memory in an arena per thread, and the pool of (de)compressors, which is allowed {@linkplain #zlib 5 MB} of its own. A compressor that leaks has 260 KB:
     * 200 of them would be more, and there are some thousand connections that borrow one.
     */
    private Row resident() {
        return new Row("resident memory, KiB", begin.resident() >> 10, end.resident() >> 10, 48 * 1024);
    }

    /** The JDK keeps one buffer per carrier thread for socket I/O, as large as the largest write so far. */
    private Row direct() {
        return new Row("direct buffers, KiB", begin.direct() >> 10, end.direct() >> 10, 2 * 1024);
    }

    /** Carriers, and the JDK's own pools, come and go with the load: the scheduler may add a few where a thread is pinned. */
    private Row platformThreads() {
        return new Row("platform threads", begin.platformThreads(), end.platformThreads(), 4);
    }

    /** Everything that the library and this soak start must have ended. */
    Row virtualThreads() {
        return new Row("virtual threads", begin.virtualThreads(), end.virtualThreads(), 0);
    }

    /** The JDK opens a few for itself when it needs them first, a selector for its poller among them. */
    private Row descriptors() {
        return new Row("descriptors", begin.descriptors(), end.descriptors(), 3);
    }

    private Row connections() {
        return new Row("open connections", begin.connections(), end.connections(), 0);
    }

    /** As many of either as the common pool keeps for the next message: it may not have been full at the beginning. */
    private Row zlib() {
        return new Row("(de)compressors", begin.zlib(), end.zlib(), 32);
    }

    void print(PrintWriter out) {
        out.printf("%-24s %10s %10s %10s %10s%n", "", "begin", "end", "more", "allowed");
        for (var row : rows()) {
            out.printf(
                    "%-24s %,10d %,10d %,10d %,10d%s%n",
                    row.name(),
                    row.begin(),
                    row.end(),
                    row.end() - row.begin(),
                    row.slack(),
                    row.isWithinSlack() ? "" : "  TOO MUCH");
        }
    }
}
