package io.github.postern.faults;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

/** A request and its response, or the tunnel behind it, with the fault that is meant for it. Safe for any number of threads. */
final class Exchange {
    static final long UNLIMITED = Long.MAX_VALUE;

    private final Request request;
    private final AtomicLong upLeft = new AtomicLong(UNLIMITED);
    private final AtomicLong downLeft = new AtomicLong(UNLIMITED);
    private final CountDownLatch settled = new CountDownLatch(1);
    private volatile Injection injection;
    private volatile boolean tunnel;

    Exchange(Request request, Injection injection) {
        this.request = request;
        this.injection = injection;
        arm();
    }

    private void arm() {
        switch (effect()) {
            case Effect.Cut(Direction direction, long bytes, Ending ending) ->
                left(direction).set(bytes);
            case Effect.HalfOpen(long bytes) -> downLeft.set(bytes);
            default -> {}
        }
    }

    Request request() {
        return request;
    }

    Effect effect() {
        return injection.fault().effect();
    }

    void strike() {
        injection.strike();
    }

    /** Puts another fault in the place of the one there was; bytes count from now on. */
    void replace(Injection value) {
        upLeft.set(UNLIMITED);
        downLeft.set(UNLIMITED);
        injection = value;
        arm();
    }

    /** How many more bytes may pass that way before the fault strikes. */
    AtomicLong left(Direction direction) {
        return direction == Direction.UP ? upLeft : downLeft;
    }

    /** The response is complete, and another request may follow. */
    void complete() {
        settled.countDown();
    }

    /** From here on bytes go both ways at any time. */
    void openTunnel() {
        tunnel = true;
        settled.countDown();
    }

    boolean isComplete() {
        return settled.getCount() == 0 && !tunnel;
    }

    /** Waits until it is clear what the response makes of the connection: true if a tunnel. */
    boolean awaitTunnel() throws InterruptedException {
        settled.await();
        return tunnel;
    }
}
