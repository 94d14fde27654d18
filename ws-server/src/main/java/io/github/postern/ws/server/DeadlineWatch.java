package io.github.postern.ws.server;

import java.lang.System.Logger.Level;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * One thread of a server that looks at intervals for handshakes that take too long, and connections that are old enough. A sweep over
 * the few handshakes costs less than a timer for each. A platform thread, because handlers that compute may occupy every carrier of
 * virtual ones.
 */
final class DeadlineWatch {
    private static final System.Logger LOG = System.getLogger(DeadlineWatch.class.getName());
    private static final long LONGEST_PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
    private static final long SHORTEST_PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final ConnectionRegistry registry;
    private final long period;
    private final Thread thread =
            Thread.ofPlatform().daemon().name("postern-deadlines").unstarted(this::run);
    private volatile boolean ended;

    DeadlineWatch(ConnectionRegistry registry, ServerOptions options) {
        this.registry = registry;
        long shortest = options.handshakeTimeout().toNanos();
        if (options.maxLifetime().isPositive()) {
            shortest = Math.min(shortest, options.maxLifetime().toNanos());
        }
        this.period = Math.clamp(shortest / 8, SHORTEST_PERIOD_NANOS, LONGEST_PERIOD_NANOS);
    }

    void start() {
        thread.start();
    }

    private void run() {
        while (!ended) {
            sweep();
            LockSupport.parkNanos(period);
        }
    }

    /** Goes on after errors too, such as a lack of memory: without this thread no deadline would hold any more. */
    private void sweep() {
        try {
            registry.sweep(System.nanoTime());
        } catch (RuntimeException | Error e) {
            LOG.log(Level.ERROR, "the deadlines of connections could not be looked after", e);
        }
    }

    void end() {
        ended = true;
        LockSupport.unpark(thread);
    }
}
