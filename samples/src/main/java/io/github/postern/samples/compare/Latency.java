package io.github.postern.samples.compare;

/**
 * How long messages were on their way, in milliseconds and within 1 %; NaN if there were none.
 *
 * @param p50 half of them took no longer
 * @param p99 99 of 100 took no longer
 * @param max the longest
 */
record Latency(double p50, double p99, double max) {}
