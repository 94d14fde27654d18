package io.github.postern.ws.client;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets one connection at a time be in the state CONNECTING to the same host and port (RFC 6455 §4.1, point 2), in the
 * order in which they came. For any thread.
 */
final class ConnectingSlots {
    private final ReentrantLock lock = new ReentrantLock();

    /** Those that are held or waited for. Guarded by lock. */
    private final Map<String, Slot> slots = new HashMap<>();

    /** The right to connect to one host and port. */
    static final class Slot {
        private final String key;
        private final ReentrantLock turn = new ReentrantLock(true);

        /** How many hold it or wait for it. Guarded by the lock of all. */
        private int users;

        private Slot(String key) {
            this.key = key;
        }
    }

    /** Waits until nobody else connects there. */
    Slot acquire(Target target) throws InterruptedException {
        var slot = join(target.authority().toLowerCase(Locale.ROOT));
        try {
            slot.turn.lockInterruptibly();
            return slot;
        } catch (InterruptedException e) {
            leave(slot);
            throw e;
        }
    }

    /** Lets the next one connect; by the thread that acquired the slot. */
    void release(Slot slot) {
        slot.turn.unlock();
        leave(slot);
    }

    private Slot join(String key) {
        lock.lock();
        try {
            var slot = slots.computeIfAbsent(key, Slot::new);
            slot.users++;
            return slot;
        } finally {
            lock.unlock();
        }
    }

    private void leave(Slot slot) {
        lock.lock();
        try {
            if (--slot.users == 0) {
                slots.remove(slot.key);
            }
        } finally {
            lock.unlock();
        }
    }

    /** How many connect or wait for their turn. */
    int users() {
        lock.lock();
        try {
            return slots.values().stream().mapToInt(slot -> slot.users).sum();
        } finally {
            lock.unlock();
        }
    }
}
