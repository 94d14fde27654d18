package io.github.postern.benchmarks.fanout;

import io.github.postern.benchmarks.process.Latencies;
import io.github.postern.benchmarks.process.ServerCpu;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Many subscribers on one thread. Messages are published when all of them have those before. */
final class Subscribers implements AutoCloseable {
    private static final int READ_SIZE = 64 * 1024;
    private static final long POLL_MILLIS = 10;
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final double NANOS_PER_SECOND = 1e9;

    private final Selector selector;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(READ_SIZE);
    private final List<Subscriber> all = new ArrayList<>();
    private final Latencies latencies = new Latencies();
    private int undelivered;
    private long publishedAt;
    private long deliveries;

    private Subscribers(Selector selector) {
        this.selector = selector;
    }

    static Subscribers open(Peer peer, List<Over> over, int port, int count) throws IOException {
        var subscribers = new Subscribers(Selector.open());
        try {
            for (int i = 0; i < count; i++) {
                var subscription = peer.subscription(over.get(i % over.size()));
                subscribers.all.add(Subscriber.open(subscription, port, subscribers.selector));
            }
            return subscribers;
        } catch (IOException e) {
            subscribers.close();
            throw e;
        }
    }

    /** Has messages published, so many at a time, for as long as that. */
    Deliveries measure(int controlPort, int burst, ServerCpu cpu, long warmUpNanos, long nanos) throws IOException {
        try (var control = new Socket(Publisher.address(), controlPort)) {
            control.setTcpNoDelay(true);
            var out = control.getOutputStream();
            run(out, burst, warmUpNanos);
            latencies.clear();
            deliveries = 0;
            long cpuBefore = cpu.nanos();
            long begin = System.nanoTime();
            run(out, burst, nanos);
            long used = cpu.nanos() - cpuBefore;
            double seconds = (System.nanoTime() - begin) / NANOS_PER_SECOND;
            checkAllEqual();
            return new Deliveries(
                    deliveries * NANOS_PER_SECOND / used,
                    deliveries / seconds,
                    latencies.quantile(0.5),
                    latencies.quantile(0.99));
        }
    }

    /** Ends between two messages, so that what is counted is whole. */
    private void run(OutputStream control, int burst, long nanos) throws IOException {
        var bytes = new byte[burst];
        long end = System.nanoTime() + nanos;
        while (System.nanoTime() < end) {
            undelivered = burst * all.size();
            publishedAt = System.nanoTime();
            control.write(bytes);
            awaitDelivery();
        }
    }

    private void awaitDelivery() throws IOException {
        try {
            while (undelivered > 0) {
                selector.select(this::ready, POLL_MILLIS);
                if (System.nanoTime() - publishedAt > PATIENCE_NANOS) {
                    throw new IOException(undelivered + " deliveries are missing");
                }
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private void ready(SelectionKey key) {
        try {
            int messages = ((Subscriber) key.attachment()).read(buffer);
            if (messages > 0) {
                latencies.add(System.nanoTime() - publishedAt);
                undelivered -= messages;
                deliveries += messages;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void checkAllEqual() throws IOException {
        var counts = all.stream().mapToLong(Subscriber::received).summaryStatistics();
        if (counts.getMin() != counts.getMax()) {
            throw new IOException("some got " + counts.getMin() + " messages and some " + counts.getMax());
        }
    }

    @Override
    public void close() throws IOException {
        for (var subscriber : all) {
            subscriber.close();
        }
        selector.close();
    }
}
