package io.github.postern.ws.core.handshake;

import org.jspecify.annotations.Nullable;

/**
 * One copy of what was said lately. The clients of a server mostly name the same host, origin and browser, and the server keeps the request of
 * each. A newer string takes the place of an older one, so that what clients invent needs no more room than this. For any thread: a string
 * is immutable, so the worst of a race is another copy.
 */
final class RecentStrings {
    static final int SLOTS = 256;
    static final int LONGEST = 512;

    private final @Nullable String[] strings = new String[SLOTS];

    /** An equal string, which is the one that was given last if it is still known. */
    String of(String string) {
        if (string.length() > LONGEST) {
            return string;
        }
        var hash = string.hashCode();
        var slot = (hash ^ hash >>> 16) & SLOTS - 1;
        var recent = strings[slot];
        if (recent != null && recent.equals(string)) {
            return recent;
        }
        strings[slot] = string;
        return string;
    }
}
