package io.github.postern.ws.connection;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** A few objects that are kept to be used again, without a lock. */
final class Kept<T> {
    private static final int PROBES = 4;

    private final AtomicReferenceArray<@Nullable T> slots;

    Kept(int most) {
        slots = new AtomicReferenceArray<>(most);
    }

    /** Takes one out; null if none was found. */
    @Nullable
    T take() {
        int slot = firstSlot();
        for (int i = 0; i < PROBES; i++) {
            var object = slots.getAndSet((slot + i) % slots.length(), null);
            if (object != null) {
                return object;
            }
        }
        return null;
    }

    /** Puts one in; false if no room was found. */
    boolean put(T object) {
        int slot = firstSlot();
        for (int i = 0; i < PROBES; i++) {
            if (slots.compareAndSet((slot + i) % slots.length(), null, object)) {
                return true;
            }
        }
        return false;
    }

    /** Threads start at different slots, so that they seldom meet. */
    private int firstSlot() {
        return (int) (Thread.currentThread().threadId() % slots.length());
    }
}
