package io.github.postern.ws.client;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The clocks that a {@link ReconnectingWebSocket} goes by, and how it waits: a test has its own. */
interface Pacing {
    /** The real ones. */
    Pacing SYSTEM = new Pacing() {
        @Override
        public long nanoTime() {
            return System.nanoTime();
        }

        @Override
        public Instant now() {
            return Instant.now();
        }

        @Override
        public void await(CountDownLatch stopped, Duration delay) throws InterruptedException {
            var unused = stopped.await(delay.toNanos(), TimeUnit.NANOSECONDS);
        }
    };

    long nanoTime();

    Instant now();

    /** Waits for a time, or until the latch is open. */
    void await(CountDownLatch stopped, Duration delay) throws InterruptedException;
}
