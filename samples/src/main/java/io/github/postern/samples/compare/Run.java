package io.github.postern.samples.compare;

import io.github.postern.push.PushTransport;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/** One measurement, from connecting the clients on: all transports get the same messages at the same time. */
final class Run implements AutoCloseable {
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final int MOST_POINTS = 600; // five minutes

    private final Settings settings;
    private final Feed feed;
    private final Map<PushTransport, Lane> lanes;
    private final AtomicLong published = new AtomicLong();
    private volatile boolean closed;

    /** Guards the two below. */
    private final ReentrantLock lock = new ReentrantLock();

    private final Map<String, List<Point>> series = new LinkedHashMap<>();
    private Conditions conditions = Conditions.GOOD;

    private Run(Settings settings, Feed feed, Map<PushTransport, Lane> lanes) {
        this.settings = settings;
        this.feed = feed;
        this.lanes = lanes;
    }

    /** Sees how many messages have been delivered, and how many there are. */
    @FunctionalInterface
    interface Progress {
        void show(long delivered, long all);
    }

    /** Connects the clients of all transports, and begins to measure when all are ready. */
    static Run begin(Map<PushTransport, ServerProcess> servers, Feed feed, Settings settings)
            throws IOException, InterruptedException {
        var lanes = new LinkedHashMap<PushTransport, Lane>();
        ExecutionException failure = null;
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var opening = new LinkedHashMap<PushTransport, Future<Lane>>();
            servers.forEach((transport, server) ->
                    opening.put(transport, threads.submit(() -> open(transport, server, settings))));
            for (var lane : opening.entrySet()) {
                try {
                    lanes.put(lane.getKey(), lane.getValue().get());
                } catch (ExecutionException e) {
                    failure = e;
                }
            }
        }
        var run = new Run(settings, feed, lanes);
        if (failure != null) {
            run.close();
            throw new IOException(reason(failure), failure);
        }
        return run;
    }

    private static String reason(ExecutionException failure) {
        var cause = failure.getCause();
        return String.valueOf(cause == null ? failure.getMessage() : cause.getMessage());
    }

    private static Lane open(PushTransport transport, ServerProcess server, Settings settings)
            throws IOException, InterruptedException {
        var lane = new Lane(transport, server, server.port(), settings);
        try {
            lane.begin();
            return lane;
        } catch (IOException | InterruptedException e) {
            lane.close();
            throw e;
        }
    }

    /**
     * Publishes messages at the rate of the settings.
     *
     * @throws CancellationException if the run is closed meanwhile
     */
    void publish(long messages, Progress progress) throws IOException {
        long interval = settings.interval().toNanos();
        long due = System.nanoTime();
        for (long i = 0; i < messages; i++) {
            for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                LockSupport.parkNanos(Math.min(left, LOOK_NANOS));
                checkOpen();
            }
            checkOpen();
            var json = feed.next(settings.size());
            published.incrementAndGet();
            for (var lane : lanes.values()) {
                lane.publish(json);
            }
            progress.show(delivered(), expected());
            due += interval;
        }
    }

    private void checkOpen() {
        if (closed) {
            throw new CancellationException("the measurement has ended");
        }
    }

    /** Waits until every message has been delivered, or none has been for so long that no more can be expected. */
    void awaitDelivery(Progress progress) {
        long patience = PATIENCE_NANOS + settings.pollInterval().toNanos();
        long delivered = delivered();
        long since = System.nanoTime();
        while (delivered() < expected() && System.nanoTime() - since < patience) {
            LockSupport.parkNanos(LOOK_NANOS);
            progress.show(delivered(), expected());
            if (delivered() > delivered) {
                delivered = delivered();
                since = System.nanoTime();
            }
        }
    }

    private long delivered() {
        return lanes.values().stream().mapToLong(Lane::delivered).sum();
    }

    private long expected() {
        return published.get() * settings.clients() * lanes.size();
    }

    /** Measures the time since the last sample. */
    void sample() {
        lock.lock();
        try {
            lanes.forEach((transport, lane) -> {
                var points = series.computeIfAbsent(Measurement.name(transport), name -> new ArrayList<>());
                points.add(lane.sample());
                if (points.size() > MOST_POINTS) {
                    points.removeFirst();
                }
            });
        } finally {
            lock.unlock();
        }
    }

    /**
     * What has been found so far.
     *
     * @param over whether nobody waits any longer: what is missing is lost
     */
    Result result(boolean over) {
        lock.lock();
        try {
            var copy = new LinkedHashMap<String, List<Point>>();
            series.forEach((name, points) -> copy.put(name, List.copyOf(points)));
            long messages = published.get();
            var measurements = lanes.values().stream()
                    .map(lane -> lane.measurement(messages, over))
                    .toList();
            return new Result(settings, conditions, messages, measurements, copy);
        } finally {
            lock.unlock();
        }
    }

    Map<PushTransport, Lane> lanes() {
        return lanes;
    }

    /** Changes the network of all transports. */
    void apply(Conditions value) {
        lock.lock();
        try {
            conditions = value;
        } finally {
            lock.unlock();
        }
        lanes.values().forEach(lane -> lane.apply(value));
    }

    /** Breaks all connections. */
    void cut() {
        lanes.values().forEach(Lane::cut);
    }

    @Override
    public void close() {
        closed = true;
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            lanes.values().forEach(lane -> threads.execute(lane::close));
        }
    }
}
