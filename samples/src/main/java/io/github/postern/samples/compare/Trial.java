package io.github.postern.samples.compare;

import io.github.postern.push.PushClient;
import io.github.postern.push.PushClientOptions;
import io.github.postern.push.PushSession;
import io.github.postern.push.PushTransport;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;

/**
 * Measures one transport: clients connect through a relay, everybody gets a first message that is not measured, and then
 * the stream. Nobody else uses the server meanwhile.
 */
final class Trial {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final long LOOK_MILLIS = 50;

    /** Sees how many messages have been delivered, and how many there are. */
    @FunctionalInterface
    interface Progress {
        void show(long delivered, long all);
    }

    private final PushTransport transport;
    private final Settings settings;
    private final ServerProcess server;
    private final Progress progress;

    Trial(PushTransport transport, Settings settings, ServerProcess server, Progress progress) {
        this.transport = transport;
        this.settings = settings;
        this.server = server;
        this.progress = progress;
    }

    /**
     * Runs it.
     *
     * @param feed the message with an index, counted from 0
     */
    Measurement run(IntFunction<String> feed) throws IOException, InterruptedException {
        int expected = settings.messages() * settings.clients();
        var outstanding = new CountDownLatch(expected);
        var receivers = new ArrayList<Receiver>();
        server.awaitQuiet();
        try (var relay = Relay.to(server.port())) {
            while (receivers.size() < settings.clients()) {
                receivers.add(new Receiver(connect(relay), outstanding));
            }
            server.publish("\"ready?\"");
            for (var receiver : receivers) {
                if (!receiver.awaitReady(PATIENCE.plus(settings.pollInterval()))) {
                    throw new IOException("a client did not get its first message over " + Measurement.name(transport));
                }
            }
            var opening = relay.traffic();
            var cpu = server.cpu();
            publish(feed, outstanding, expected);
            awaitAll(outstanding, expected);
            var running = relay.traffic().since(opening);
            cpu = server.cpu().minus(cpu);
            for (var receiver : receivers) {
                receiver.close();
            }
            return measurement(expected, receivers, opening, running, cpu);
        }
    }

    private PushSession connect(Relay relay) throws IOException {
        return PushClient.builder(URI.create("http://127.0.0.1:" + relay.port() + "/push"))
                .transport(transport)
                .options(PushClientOptions.defaults().withPollInterval(settings.pollInterval()))
                .connect();
    }

    private void publish(IntFunction<String> feed, CountDownLatch outstanding, int expected) throws IOException {
        long begin = System.nanoTime();
        for (int index = 0; index < settings.messages(); index++) {
            long due = begin + index * settings.interval().toNanos();
            for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            server.publish(feed.apply(index));
            progress.show(expected - outstanding.getCount(), expected);
        }
    }

    /** Waits until every message has been delivered, or none has been for so long that no more can be expected. */
    private void awaitAll(CountDownLatch outstanding, int expected) throws InterruptedException {
        long patience = PATIENCE.plus(settings.pollInterval()).toNanos();
        long missing = outstanding.getCount();
        long since = System.nanoTime();
        while (!outstanding.await(LOOK_MILLIS, TimeUnit.MILLISECONDS) && System.nanoTime() - since < patience) {
            progress.show(expected - outstanding.getCount(), expected);
            if (outstanding.getCount() < missing) {
                missing = outstanding.getCount();
                since = System.nanoTime();
            }
        }
    }

    private Measurement measurement(
            int expected, List<Receiver> receivers, Traffic opening, Traffic running, Duration cpu) {
        return new Measurement(
                transport,
                expected,
                receivers.stream().mapToInt(Receiver::delivered).sum(),
                receivers.stream().mapToInt(Receiver::disordered).sum(),
                Latency.of(
                        receivers.stream().flatMapToDouble(Receiver::latencies).toArray()),
                receivers.stream().mapToLong(Receiver::payload).sum(),
                opening,
                running,
                cpu);
    }
}
