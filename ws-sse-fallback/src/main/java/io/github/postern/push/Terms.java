package io.github.postern.push;

import org.jspecify.annotations.Nullable;

/**
 * What the server tells with {@code attached} about itself (PROTOCOL.md §3).
 *
 * @param id the session's public id
 * @param heartbeatMillis after how much silence it says something
 * @param expiryMillis how long a session lives without an attachment
 * @param maxMessageSize bytes of UTF-8 or binary data in one message to it
 * @param maxBodySize bytes in the body of a POST to it
 */
record Terms(String id, long heartbeatMillis, long expiryMillis, long maxMessageSize, int maxBodySize) {
    /** The longest time that is believed: a year, far from overflow in nanoseconds. */
    private static final long LONGEST_MILLIS = 365L * 24 * 3600 * 1000;

    /** Reads them, or returns {@code null} if one is missing or malformed. */
    static @Nullable Terms of(Parameters parameters) {
        var id = parameters.text("public").orElse("");
        long heartbeat = parameters.number("heartbeat");
        long expiry = parameters.number("expiry");
        long max = parameters.number("max");
        long body = parameters.number("body");
        if (!PushHeaders.isToken(id) || heartbeat < 1 || expiry < 1 || max < 1 || body < 1) {
            return null;
        }
        return new Terms(id, Math.min(heartbeat, LONGEST_MILLIS), Math.min(expiry, LONGEST_MILLIS), max, (int)
                Math.min(body, Integer.MAX_VALUE));
    }
}
