package io.github.postern.push;

import io.github.postern.ws.connection.ConnectionHandler;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** What stands behind one push URL: its sessions, its policy, and the one thread that watches the clock for all of them. */
final class PushEndpoint {
    private static final System.Logger LOG = System.getLogger(PushEndpoint.class.getName());
    private static final long LONGEST_TICK_MILLIS = 250;
    private static final long SHORTEST_TICK_MILLIS = 5;
    private static final int TICKS_PER_TIMEOUT = 8;

    private final PushOptions options;
    private final PushSessions sessions;
    private final OriginPolicy origins;
    private final ScheduledThreadPoolExecutor timer;
    private final AtomicBoolean stopped = new AtomicBoolean();

    PushEndpoint(ConnectionHandler<? super PushSession> handler, PushOptions options) {
        this.options = options;
        this.sessions = new PushSessions(handler, options, System::nanoTime);
        this.origins = new OriginPolicy(options.allowedOrigins(), options.allowedHosts());
        this.timer = new ScheduledThreadPoolExecutor(
                1,
                task -> Thread.ofPlatform().daemon().name("postern-push-timer").unstarted(task));
    }

    void start() {
        long shortest = Math.min(
                options.heartbeat().toMillis(),
                Math.min(options.pollTimeout().toMillis(), options.expiry().toMillis()));
        long tick = Math.clamp(shortest / TICKS_PER_TIMEOUT, SHORTEST_TICK_MILLIS, LONGEST_TICK_MILLIS);
        var unused = timer.scheduleWithFixedDelay(this::tick, tick, tick, TimeUnit.MILLISECONDS);
    }

    private void tick() {
        try {
            sessions.tick();
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "looking after the push sessions failed", e); // thrown on, it would stop the timer
        }
    }

    /** Closes every session with 1001 and returns when their attached clients know, at the latest after {@code patience}. Does nothing the second time. */
    void stop(Duration patience) {
        if (stopped.compareAndSet(false, true)) {
            sessions.stop(patience);
            timer.shutdownNow();
        }
    }

    PushOptions options() {
        return options;
    }

    PushSessions sessions() {
        return sessions;
    }

    OriginPolicy origins() {
        return origins;
    }
}
