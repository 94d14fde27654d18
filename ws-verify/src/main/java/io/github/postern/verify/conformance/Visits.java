package io.github.postern.verify.conformance;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What the visits of one client have in common. */
final class Visits {
    private final Set<String> keys = ConcurrentHashMap.newKeySet();

    /** Whether no visit before had this {@code Sec-WebSocket-Key}. */
    boolean isNewKey(String key) {
        return keys.add(key);
    }
}
