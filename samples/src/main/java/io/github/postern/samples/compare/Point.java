package io.github.postern.samples.compare;

/**
 * What one transport did in half a second: a point of the time series.
 *
 * @param seconds when it ended, since the measurement began
 * @param delivered messages delivered in a second
 * @param latency of the messages that were delivered
 * @param bytes on the wire in a second, both directions together
 * @param cpuPercent of one processor, used by the server
 * @param heap bytes of the server's heap in use, garbage included
 * @param connections open at its end
 */
record Point(
        double seconds,
        double delivered,
        Latency latency,
        double bytes,
        double cpuPercent,
        long heap,
        int connections) {}
