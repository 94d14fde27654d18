package io.github.postern.faults;

import java.util.concurrent.atomic.AtomicLong;

/** Counts what goes through a proxy. Safe for any number of threads. */
final class TrafficCount {
    private final AtomicLong connections = new AtomicLong();
    private final AtomicLong requests = new AtomicLong();
    private final AtomicLong upgrades = new AtomicLong();
    private final AtomicLong bytesUp = new AtomicLong();
    private final AtomicLong bytesDown = new AtomicLong();

    void connection() {
        connections.incrementAndGet();
    }

    void request() {
        requests.incrementAndGet();
    }

    void upgrade() {
        upgrades.incrementAndGet();
    }

    void passed(Direction direction, int bytes) {
        bytes(direction).addAndGet(bytes);
    }

    private AtomicLong bytes(Direction direction) {
        return direction == Direction.UP ? bytesUp : bytesDown;
    }

    Traffic traffic() {
        return new Traffic(connections.get(), requests.get(), upgrades.get(), bytesUp.get(), bytesDown.get());
    }

    void reset() {
        connections.set(0);
        requests.set(0);
        upgrades.set(0);
        bytesUp.set(0);
        bytesDown.set(0);
    }
}
