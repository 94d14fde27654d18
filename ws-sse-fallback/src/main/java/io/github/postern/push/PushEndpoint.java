package io.github.postern.push;

import io.github.postern.ws.connection.ConnectionHandler;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** What stands behind one push URL: its sessions, its policy, and the one thread that watches the clock for all of them. */
final class PushEndpoint {
    private static final System.Logger LOG = System.getLogger(PushEndpoint.class.getName());
    private static final long LONGEST_TICK_MILLIS = 250;
    private static final long SHORTEST_TICK_MILLIS = 5;
    private static final long FINEST_TICK_MILLIS = 20;
    private static final int TICKS_PER_TIMEOUT = 8;

    private final PushOptions options;
    private final PushSessions sessions;
    private final OriginPolicy origins;
    private final Gate gate = new Gate();
    private final ScheduledThreadPoolExecutor timer;
    private final AtomicBoolean stopped = new AtomicBoolean();

    PushEndpoint(ConnectionHandler<? super PushSession> handler, PushOptions options) {
        this.options = options;
        this.sessions = new PushSessions(handler, options, System::nanoTime);
        this.origins = new OriginPolicy(options.allowedOrigins(), options.allowedHosts());
        this.timer = new ScheduledThreadPoolExecutor(
                1,
                task -> Thread.ofPlatform().daemon().name("postern-push-timer").unstarted(task),
                new ThreadPoolExecutor.DiscardPolicy()); // who asks for something after the end has nobody to do it for
        timer.setRemoveOnCancelPolicy(true); // or every slow POST would be kept until its time is over
    }

    void start() {
        long shortest = Math.min(
                options.heartbeat().toMillis(),
                Math.min(
                        options.pollTimeout().toMillis(),
                        Math.min(options.rotation().toMillis(), options.expiry().toMillis())));
        long tick = Math.clamp(shortest / TICKS_PER_TIMEOUT, SHORTEST_TICK_MILLIS, LONGEST_TICK_MILLIS);
        var unused = timer.scheduleWithFixedDelay(this::tick, tick, tick, TimeUnit.MILLISECONDS);
    }

    /** Has something done after a time, on a thread of its own; or not at all, if it is cancelled or the endpoint has stopped by then. */
    Future<?> after(Duration time, Runnable task) {
        Runnable start = () -> {
            var unused = Thread.ofVirtual().name("postern-push-late").start(task);
        };
        return timer.schedule(start, time.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void tick() {
        try {
            sessions.tick();
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "looking after the push sessions failed", e); // thrown on, it would stop the timer
        }
    }

    /**
     * Begins to drain: opens no session, and closes each in its time within the window. Returns false, having done nothing, if the endpoint stops already.
     */
    boolean drain(Duration window) {
        if (!stopped.compareAndSet(false, true)) {
            return false;
        }
        watch(window, sessions.drain(window));
        return true;
    }

    /** Waits for the clients and handlers of a drained endpoint, at most so long, and stops. */
    void finish(Duration patience) {
        sessions.finish(patience);
        timer.shutdownNow();
    }

    /** Asks every attached client to attach anew, each in its time within the window. */
    void move(Duration window) {
        watch(window, sessions.move(window));
    }

    /** Looks at the clock often enough, for so many sessions that have their times within the window, and a little longer. */
    private void watch(Duration window, int count) {
        long tick = Math.clamp(window.toMillis() / Math.max(1, count), FINEST_TICK_MILLIS, LONGEST_TICK_MILLIS);
        var watching = timer.scheduleWithFixedDelay(this::tick, 0, tick, TimeUnit.MILLISECONDS);
        var unused = timer.schedule(
                () -> watching.cancel(false), window.toMillis() + 2 * LONGEST_TICK_MILLIS, TimeUnit.MILLISECONDS);
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

    Gate gate() {
        return gate;
    }

    OriginPolicy origins() {
        return origins;
    }
}
