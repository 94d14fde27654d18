package io.github.postern.samples.compare;

import java.time.Duration;

/**
 * What the network between clients and servers is like. Changing it does not begin a new measurement: what it does to the sessions is what one wants to see.
 *
 * @param latency how much longer everything is on its way, in each direction; at most 2 s
 * @param webSocketBlocked whether handshakes of WebSockets are refused, as some proxies do; those that were open are cut
 * @param buffering whether responses are held back until they are complete, as some proxies do; those that were open are cut
 */
record Conditions(Duration latency, boolean webSocketBlocked, boolean buffering) {
    static final Conditions GOOD = new Conditions(Duration.ZERO, false, false);
    static final int LONGEST_MILLIS = 2_000;

    /**
     * Checks the latency.
     *
     * @throws IllegalArgumentException if it is out of range; the message is a sentence for users
     */
    Conditions {
        if (latency.isNegative() || latency.toMillis() > LONGEST_MILLIS) {
            throw new IllegalArgumentException(
                    "the added latency must be between 0 and " + LONGEST_MILLIS + " ms, not " + latency.toMillis());
        }
    }
}
