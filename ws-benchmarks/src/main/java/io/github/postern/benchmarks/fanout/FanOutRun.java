package io.github.postern.benchmarks.fanout;

import io.github.postern.benchmarks.process.JvmProcess;
import io.github.postern.benchmarks.process.MemoryUse;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** One publisher in its process, with one set of subscribers after the other. */
final class FanOutRun implements AutoCloseable {
    private static final int CORE = 0;

    /** The heap is resident from the start, so that what the process grows by lies outside of it. */
    private static final List<String> OPTIONS = List.of("-Xms3g", "-Xmx3g", "-XX:+UseG1GC", "-XX:+AlwaysPreTouch");

    private static final int WARM_UP_SUBSCRIBERS = 2_000;
    private static final int WARM_UP_ROUNDS = 5;
    private static final double WARM_UP_SECONDS = 0.1;

    private final JvmProcess server;
    private final JvmProcess load;
    private final Peer peer;
    private final String port;
    private final String control;

    private FanOutRun(Peer peer, JvmProcess server, JvmProcess load) throws IOException, InterruptedException {
        this.peer = peer;
        this.server = server;
        this.load = load;
        var ports = server.answer().split(" ", -1);
        port = ports[0];
        control = ports[1];
    }

    static FanOutRun start(Peer peer, JvmProcess load) throws IOException, InterruptedException {
        var log = Path.of("target", "fanout", peer + ".log");
        var process = JvmProcess.start(CORE, OPTIONS, PublisherProcess.class, List.of(peer.name()), log);
        try {
            return new FanOutRun(peer, process, load);
        } catch (IOException | InterruptedException e) {
            process.close();
            throw e;
        }
    }

    Deliveries measure(Row row, double warmUp, double seconds) throws IOException, InterruptedException {
        open(row, row.subscribers());
        var deliveries = run(row, warmUp, seconds);
        ask("close");
        return Deliveries.parse(deliveries);
    }

    /** Bytes of heap for each idle subscriber of a row. */
    double measureHeap(Row row) throws IOException, InterruptedException {
        for (int round = 0; round < WARM_UP_ROUNDS; round++) {
            open(row, WARM_UP_SUBSCRIBERS);
            run(row, 0, WARM_UP_SECONDS);
            ask("close");
        }
        TimeUnit.SECONDS.sleep(
                2 * PosternTopic.EXPIRY.toSeconds()); // sessions whose clients have gone are kept so long
        var before = memory();
        open(row, row.subscribers());
        var after = memory();
        ask("close");
        return after.heapSince(before, row.subscribers());
    }

    private void open(Row row, int subscribers) throws IOException, InterruptedException {
        var over = String.join(",", row.over().stream().map(Enum::name).toList());
        ask(peer.name() + " " + over + " " + port + " " + subscribers);
    }

    private String run(Row row, double warmUp, double seconds) throws IOException, InterruptedException {
        return ask(String.join(
                " ",
                "run",
                control,
                Integer.toString(row.burst()),
                Long.toString(server.pid()),
                Long.toString(millis(warmUp)),
                Long.toString(millis(seconds))));
    }

    private String ask(String line) throws IOException, InterruptedException {
        var answer = load.ask(line);
        if (answer.startsWith(SubscribersProcess.FAILED)) {
            throw new IOException(answer.substring(SubscribersProcess.FAILED.length()));
        }
        return answer;
    }

    private MemoryUse memory() throws IOException, InterruptedException {
        return MemoryUse.parse(server.ask("memory"));
    }

    private static long millis(double seconds) {
        return Math.round(seconds * TimeUnit.SECONDS.toMillis(1));
    }

    @Override
    public void close() {
        server.close();
    }
}
