package io.github.postern.samples.compare;

import io.github.postern.push.PushClient;
import io.github.postern.push.PushClientOptions;
import io.github.postern.push.PushTransport;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * One transport: a server of its own, the network, and clients that receive. The WebSocket's clients may fall back, as all do that nobody tells otherwise;
 * those of the other three stay with what they have. {@link #sample} is for one thread; everything else for any.
 */
final class Lane implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final double NANOS = 1e9;

    private final PushTransport transport;
    private final ServerProcess server;
    private final Settings settings;
    private final Network network;
    private final Inbox inbox = new Inbox();
    private final List<Receiver> receivers = new ArrayList<>();

    // how things were when the measurement began

    private Traffic opening = Traffic.NOTHING;
    private ServerLoad clean = ServerLoad.NONE;
    private volatile ServerLoad load = ServerLoad.NONE;

    // how things were at the last sample: the sampling thread's

    private long begun;
    private long sampled;
    private Measurement before;
    private Distribution latenciesBefore = Distribution.EMPTY;

    /**
     * Connects all clients, over a good network.
     *
     * @param port where the server is reached
     */
    Lane(PushTransport transport, ServerProcess server, int port, Settings settings)
            throws IOException, InterruptedException {
        this.transport = transport;
        this.server = server;
        this.settings = settings;
        this.network = new Network(port);
        this.before = measurement(0, false);
        try {
            connect();
        } catch (IOException | InterruptedException e) {
            close();
            throw e;
        }
    }

    private void connect() throws IOException, InterruptedException {
        ExecutionException failure = null;
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var connecting = new ArrayList<Future<Receiver>>();
            for (int i = 0; i < settings.clients(); i++) {
                boolean shown = i == 0;
                connecting.add(threads.submit(() -> new Receiver(client(), inbox, shown)));
            }
            for (var receiver : connecting) {
                try {
                    receivers.add(receiver.get());
                } catch (ExecutionException e) {
                    failure = e;
                }
            }
        }
        if (failure != null) {
            throw new IOException("a client could not connect by " + Measurement.title(transport), failure);
        }
    }

    private PushClient.Builder client() {
        var client = PushClient.builder(network.uri())
                .options(PushClientOptions.defaults().withPollInterval(settings.pollInterval()));
        return transport == PushTransport.WEBSOCKET ? client : client.transport(transport);
    }

    /** Publishes to all clients a first message that is not measured, waits until they have it, and begins to measure. */
    void begin() throws IOException, InterruptedException {
        publish("\"ready?\"");
        for (var receiver : receivers) {
            if (!receiver.awaitReady(PATIENCE.plus(settings.pollInterval()))) {
                throw new IOException("a client did not get its first message by " + Measurement.title(transport));
            }
        }
        clean = server.cleanLoad();
        load = clean;
        opening = network.traffic();
        begun = System.nanoTime();
        sampled = begun;
        before = measurement(0, false);
    }

    /** Has a JSON value published. */
    void publish(String json) throws IOException {
        server.publish(json);
    }

    /** How many messages have been delivered, to all clients together. */
    long delivered() {
        return inbox.delivered();
    }

    /**
     * What has been measured so far.
     *
     * @param published how many messages were to be delivered to each client
     * @param over whether nobody waits any longer: what is missing is lost
     */
    Measurement measurement(long published, boolean over) {
        long delivered = inbox.delivered();
        long expected = Math.max(delivered, published * settings.clients());
        return new Measurement(
                transport,
                expected,
                delivered,
                over ? expected - delivered : inbox.skipped(),
                inbox.disordered(),
                inbox.distribution(),
                inbox.payload(),
                opening,
                network.traffic().since(opening),
                load.cpu().minus(clean.cpu()),
                clean.heap(),
                network.connections());
    }

    /** What has happened since it was last asked for, and how the server is now. */
    Point sample() {
        long now = System.nanoTime();
        load = server.load();
        var current = measurement(0, false);
        double seconds = Math.max(1, now - sampled) / NANOS;
        var point = new Point(
                (now - begun) / NANOS,
                (current.delivered() - before.delivered()) / seconds,
                current.latencies().since(latenciesBefore).latency(),
                (current.running().bytes().total() - before.running().bytes().total()) / seconds,
                100 * current.cpu().minus(before.cpu()).toNanos() / NANOS / seconds,
                load.heap(),
                current.connections());
        sampled = now;
        before = current;
        latenciesBefore = current.latencies();
        return point;
    }

    /** What arrived last at one of the clients, the newest first. */
    List<Arrival> newest() {
        return inbox.newest();
    }

    /** What happened to one of the clients, the newest first. */
    List<String> events() {
        return inbox.events();
    }

    /** How many clients each transport carries now. */
    Map<PushTransport, Integer> carriers() {
        var carriers = new EnumMap<PushTransport, Integer>(PushTransport.class);
        receivers.forEach(receiver -> carriers.merge(receiver.transport(), 1, Integer::sum));
        return carriers;
    }

    /** Changes the network, and lets the clients know, as an operating system does. */
    void apply(Conditions conditions) {
        network.apply(conditions);
        receivers.forEach(Receiver::networkChanged);
    }

    /** Breaks all connections. */
    void cut() {
        network.cut();
    }

    @Override
    public void close() {
        network.apply(Conditions.GOOD); // so that farewells get through
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            receivers.forEach(receiver -> threads.execute(receiver::close));
        } finally {
            network.close();
        }
    }
}
