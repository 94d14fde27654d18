package io.github.postern.samples.compare;

/**
 * A message as it arrived at a client.
 *
 * @param number which, as the server counts them
 * @param latency how long it was on its way, in milliseconds
 * @param data what it says
 */
record Arrival(long number, double latency, String data) {}
