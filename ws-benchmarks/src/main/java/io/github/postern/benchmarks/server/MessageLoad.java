package io.github.postern.benchmarks.server;

import io.github.postern.benchmarks.process.Latencies;
import io.github.postern.benchmarks.process.ServerCpu;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Keeps messages on their way, on one thread: for each reply that comes, the next message leaves. */
final class MessageLoad {
    private static final int READ_SIZE = 256 * 1024;
    private static final long POLL_MILLIS = 10;
    private static final long SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    /** How long a server has for what is left, and then for closing. */
    private static final long END_NANOS = TimeUnit.SECONDS.toNanos(2);

    private static final double NANOS_PER_SECOND = 1e9;
    private static final double NANOS_PER_MICRO = 1000;

    private final Row row;
    private final LoadTimes times;
    private final ServerCpu cpu;
    private final List<LoadConnection> connections = new ArrayList<>();
    private final Latencies latencies = new Latencies();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(READ_SIZE);

    /** Of a broadcast: how many have yet to get it, and when it left. */
    private int undelivered;

    private long publishedAt;
    private boolean ending;

    private MessageLoad(Row row, LoadTimes times, ServerCpu cpu) {
        this.row = row;
        this.times = times;
        this.cpu = cpu;
    }

    /** @throws UnsupportedOperationException if the server does not compress as it should */
    static Measurement run(Row row, int port, ServerCpu cpu, LoadTimes times) throws IOException {
        var load = new MessageLoad(row, times, cpu);
        try (var selector = Selector.open()) {
            load.connect(port, selector);
            var measurement = load.measure(selector);
            load.end(selector);
            return measurement;
        } finally {
            for (var connection : load.connections) {
                connection.close();
            }
        }
    }

    private void connect(int port, Selector selector) throws IOException {
        var message = ClientMessage.of(row);
        boolean broadcast = row.kind() == Row.Kind.BROADCAST;
        var sent = broadcast ? ClientMessage.publishing() : message;
        var frames = SentFrames.of(sent, row.depth());
        for (int i = 0; i < row.connections(); i++) {
            var client = Client.connect(port, row.isDeflated());
            connections.add(new LoadConnection(client, frames, message.replies(), selector));
            client.exchange(message);
            connections.getLast().register();
        }
    }

    private Measurement measure(Selector selector) throws IOException {
        start();
        work(selector, System.nanoTime() + times.warmUpNanos());
        connections.forEach(LoadConnection::forget);
        latencies.clear();
        long cpuBefore = cpu.nanos();
        long begin = System.nanoTime();
        work(selector, begin + times.measuredNanos());
        long nanos = System.nanoTime() - begin;
        return measurement(nanos, cpu.nanos() - cpuBefore);
    }

    private void start() throws IOException {
        if (row.kind() == Row.Kind.BROADCAST) {
            publish();
        } else {
            for (var connection : connections) {
                connection.send(row.depth());
            }
        }
    }

    private void publish() throws IOException {
        undelivered = connections.size();
        publishedAt = System.nanoTime();
        connections.getFirst().send(1);
    }

    private void work(Selector selector, long end) throws IOException {
        try {
            while (System.nanoTime() < end) {
                selector.select(this::ready, POLL_MILLIS);
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** Leaves the server as clean as it was, as far as it takes part in that. */
    private void end(Selector selector) throws IOException {
        ending = true;
        await(selector, () -> connections.stream().allMatch(LoadConnection::isQuiet));
        for (var connection : connections) {
            connection.beginClose();
        }
        await(selector, () -> connections.stream().noneMatch(LoadConnection::isOpen));
    }

    private void await(Selector selector, BooleanSupplier done) throws IOException {
        long end = System.nanoTime() + END_NANOS;
        while (!done.getAsBoolean() && System.nanoTime() < end) {
            work(selector, System.nanoTime() + SLICE_NANOS);
        }
    }

    private void ready(SelectionKey key) {
        var connection = (LoadConnection) key.attachment();
        try {
            if (key.isWritable()) {
                connection.flush();
            }
            if (key.isReadable()) {
                int replies = connection.read(buffer);
                if (replies > 0 && !ending) {
                    answered(connection, replies);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void answered(LoadConnection connection, int replies) throws IOException {
        if (row.kind() == Row.Kind.BROADCAST) {
            latencies.add(System.nanoTime() - publishedAt);
            undelivered -= replies;
            if (undelivered == 0) {
                publish();
            }
        } else {
            if (row.depth() == 1) {
                latencies.add(System.nanoTime() - connection.sentAt());
            }
            connection.send(replies);
        }
    }

    private Measurement measurement(long nanos, long cpuNanos) throws IOException {
        var counts = connections.stream().mapToLong(LoadConnection::received).summaryStatistics();
        if (counts.getSum() == 0) {
            throw new IOException("no reply in " + nanos / NANOS_PER_SECOND + " s");
        }
        var values = new EnumMap<Measure, Double>(Measure.class);
        values.put(Measure.CPU, cpuNanos / NANOS_PER_MICRO / counts.getSum());
        values.put(Measure.RATE, counts.getSum() * NANOS_PER_SECOND / nanos);
        if (!latencies.isEmpty()) {
            values.put(Measure.P50, latencies.quantile(0.5));
            values.put(Measure.P99, latencies.quantile(0.99));
        }
        if (row.depth() > 1) {
            values.put(Measure.FAIRNESS, counts.getMin() / counts.getAverage());
        }
        return new Measurement(values);
    }
}
