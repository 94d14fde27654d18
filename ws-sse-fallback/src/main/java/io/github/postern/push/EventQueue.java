package io.github.postern.push;

import java.lang.System.Logger.Level;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Calls listeners one event at a time, in order, on a virtual thread that exists only while there are events. Never blocks who adds one. */
final class EventQueue {
    private static final System.Logger LOG = System.getLogger(EventQueue.class.getName());

    private final ConcurrentLinkedQueue<Runnable> events = new ConcurrentLinkedQueue<>();
    private final Pump pump = new Pump(this::drain);

    void add(Runnable event) {
        events.add(event);
        pump.wake();
    }

    private void drain() {
        for (var event = events.poll(); event != null; event = events.poll()) {
            try {
                event.run();
            } catch (RuntimeException | Error e) { // otherwise nothing would ever be told again
                LOG.log(Level.ERROR, "a listener failed", e);
            }
        }
    }
}
