package io.github.postern.benchmarks.server;

/** How long a load lasts: a time that does not count, then one that does. */
record LoadTimes(long warmUpNanos, long measuredNanos) {}
