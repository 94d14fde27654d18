package io.github.postern.ws.core.handshake;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * One copy of what was said lately. The clients of a server mostly name the same host, origin and browser, and the server keeps the request of
 * each. A newer string takes the place of an older one, so that what clients invent needs no more room than this. For any thread.
 */
final class RecentStrings {
    static final int SLOTS = 256;
    static final int LONGEST = 512;

    private final AtomicReferenceArray<@Nullable String> strings = new AtomicReferenceArray<>(SLOTS);

    /** An equal string, which is the one that was given last if it is still known. */
    String of(String string) {
        if (string.length() > LONGEST) {
            return string;
        }
        var hash = string.hashCode();
        var slot = (hash ^ hash >>> 16) & SLOTS - 1;
        var recent = strings.getPlain(slot); // which is enough for what is immutable
        if (string.equals(recent)) {
            return recent;
        }
        strings.setPlain(slot, string);
        return string;
    }
}
