package io.github.postern.samples.compare;

import io.github.postern.push.PushTransport;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Four servers, one for each transport, and one measurement after the other with them. What it finds goes one way: to who listens to its samples, or asks for
 * the result. Thread-safe.
 */
final class Comparison implements AutoCloseable {
    static final Duration SAMPLE = Duration.ofMillis(500);

    private static final List<PushTransport> TRANSPORTS =
            List.of(PushTransport.POLLING, PushTransport.LONG_POLLING, PushTransport.SSE, PushTransport.WEBSOCKET);

    /** Lets the just-in-time compiler see everything before it counts. */
    private static final Settings WARM_UP = new Settings(Duration.ofMillis(2), 0, 1, Duration.ofMillis(20));

    private static final int WARM_UP_MESSAGES = 500;

    private final Map<PushTransport, ServerProcess> servers;
    private final Feed feed;
    private final List<Consumer<Run>> listeners = new CopyOnWriteArrayList<>();

    /** Held while one run takes the place of another. */
    private final ReentrantLock changing = new ReentrantLock();

    private volatile @Nullable Run run;
    private volatile boolean closed;

    private Comparison(Map<PushTransport, ServerProcess> servers, Feed feed) {
        this.servers = servers;
        this.feed = feed;
    }

    /** Starts the servers. */
    static Comparison start(Feed feed) throws IOException {
        var servers = new LinkedHashMap<PushTransport, ServerProcess>();
        for (var server : ServerProcess.start(TRANSPORTS.size())) {
            servers.put(TRANSPORTS.get(servers.size()), server);
        }
        var comparison = new Comparison(servers, feed);
        Thread.ofPlatform().daemon().name("samples").start(comparison::sampleUntilClosed);
        return comparison;
    }

    /** Has everything done a few hundred times that will be measured. */
    void warmUp(Run.Progress progress) throws IOException, InterruptedException {
        try (var warmUp = Run.begin(servers, feed, WARM_UP)) {
            warmUp.publish(WARM_UP_MESSAGES, progress);
            warmUp.awaitDelivery(progress);
        }
        servers.values().forEach(ServerProcess::awaitQuiet);
    }

    /**
     * Ends the current measurement and begins another, on the network as it is.
     *
     * @throws IOException if that fails; then another one with the settings of before has begun, if there was one
     */
    Run begin(Settings settings) throws IOException, InterruptedException {
        changing.lock();
        try {
            var before = run;
            if (before == null) {
                return begin(settings, Conditions.GOOD);
            }
            run = null;
            before.close();
            var result = before.result(false);
            try {
                return begin(settings, result.conditions());
            } catch (IOException e) {
                begin(result.settings(), result.conditions());
                throw e;
            }
        } finally {
            changing.unlock();
        }
    }

    private Run begin(Settings settings, Conditions conditions) throws IOException, InterruptedException {
        var next = Run.begin(servers, feed, settings);
        if (!conditions.equals(Conditions.GOOD)) {
            next.apply(conditions);
        }
        run = next;
        return next;
    }

    /** The current measurement, if there is one; waits while another begins. */
    Optional<Run> current() {
        changing.lock();
        try {
            return Optional.ofNullable(run);
        } finally {
            changing.unlock();
        }
    }

    /** Calls somebody after every sample, on one thread, and while no measurement begins. */
    void onSample(Consumer<Run> listener) {
        listeners.add(listener);
    }

    private void sampleUntilClosed() {
        for (long due = System.nanoTime() + SAMPLE.toNanos(); !closed; due += SAMPLE.toNanos()) {
            LockSupport.parkNanos(due - System.nanoTime());
            var current = run;
            if (current != null) {
                current.sample();
                listeners.forEach(listener -> listener.accept(current));
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        var current = run;
        if (current != null) {
            current.close();
        }
        servers.values().forEach(ServerProcess::close);
    }
}
