package io.github.postern.push;

import java.lang.System.Logger.Level;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Calls listeners one event at a time, in order, on a virtual thread that exists only while there are events. Never blocks who adds one: what is too much for
 * a listener that does not keep up is left out.
 */
final class EventQueue {
    private static final System.Logger LOG = System.getLogger(EventQueue.class.getName());

    private final int maxWaiting;

    private final ConcurrentLinkedQueue<Runnable> events = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicBoolean overflowed = new AtomicBoolean();
    private final Pump pump = new Pump(this::drain);

    /** A queue in which so many events wait at most, beside the one that is being told. */
    EventQueue(int maxWaiting) {
        this.maxWaiting = maxWaiting;
    }

    /** Has something called, unless far too much waits already. */
    void add(Runnable event) {
        if (waiting.incrementAndGet() > maxWaiting) {
            waiting.decrementAndGet();
            if (!overflowed.getAndSet(true)) {
                LOG.log(Level.WARNING, "{0} events wait for a listener: further ones are left out", maxWaiting);
            }
            return;
        }
        events.add(event);
        pump.wake();
    }

    private void drain() {
        for (var event = events.poll(); event != null; event = events.poll()) {
            waiting.decrementAndGet();
            try {
                event.run();
            } catch (RuntimeException | Error e) { // otherwise nothing would ever be told again
                LOG.log(Level.ERROR, "a listener failed", e);
            }
        }
        overflowed.set(false); // it has caught up, so the next time is worth a line again
    }
}
