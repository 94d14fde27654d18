package io.github.postern.benchmarks.server;

import io.github.postern.benchmarks.process.JvmProcess;
import io.github.postern.benchmarks.process.MemoryUse;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** One server in its process, under one load after the other. */
final class ServerRun implements AutoCloseable {
    static final int CORE = 0;

    /** The same for all: a heap of 2 GiB with G1, and what Netty's documentation asks for on this JDK. */
    private static final List<String> OPTIONS = List.of(
            "-Xms2g",
            "-Xmx2g",
            "-XX:+UseG1GC",
            "--sun-misc-unsafe-memory-access=allow",
            "--enable-native-access=ALL-UNNAMED");

    /** So that what the process grows by lies outside of the heap. */
    private static final String TOUCHED_HEAP = "-XX:+AlwaysPreTouch";

    private final JvmProcess server;
    private final JvmProcess load;
    private final String port;

    private ServerRun(JvmProcess server, JvmProcess load) throws IOException, InterruptedException {
        this.server = server;
        this.load = load;
        port = server.answer();
    }

    static ServerRun start(Peer peer, Setup setup, JvmProcess load) throws IOException, InterruptedException {
        return start(peer, setup, load, List.of());
    }

    static ServerRun startForMemory(Peer peer, Setup setup, JvmProcess load) throws IOException, InterruptedException {
        return start(peer, setup, load, List.of(TOUCHED_HEAP));
    }

    static ServerRun start(Peer peer, Setup setup, JvmProcess load, List<String> more)
            throws IOException, InterruptedException {
        var options = options(more);
        var arguments = new ArrayList<>(List.of(peer.name()));
        arguments.addAll(setup.arguments());
        var process = JvmProcess.start(
                CORE, options, ServerProcess.class, arguments, Path.of("target", "servers", peer + ".log"));
        try {
            return new ServerRun(process, load);
        } catch (IOException | InterruptedException e) {
            process.close();
            throw e;
        }
    }

    /** Of a JVM whose memory is measured. */
    static List<String> optionsForMemory() {
        return options(List.of(TOUCHED_HEAP));
    }

    private static List<String> options(List<String> more) {
        var options = new ArrayList<>(OPTIONS);
        options.addAll(more);
        return options;
    }

    /**
     * Loads it.
     *
     * @throws UnsupportedOperationException if the server cannot do that
     * @throws IOException if it fails
     */
    Measurement measure(Row row, double warmUp, double seconds) throws IOException, InterruptedException {
        return Measurement.parse(
                ask(row.name() + " " + port + " " + server.pid() + " " + millis(warmUp) + " " + millis(seconds)));
    }

    /** What a row of {@link Row.Kind#IDLE} costs. */
    Measurement measureMemory(Row row) throws IOException, InterruptedException {
        ask(row.name() + " " + port);
        var before = memory();
        ask("open");
        var after = memory();
        ask("close");
        var values = new EnumMap<Measure, Double>(Measure.class);
        values.put(Measure.HEAP, after.heapSince(before, row.connections()));
        if (after.resident() > 0) {
            values.put(Measure.OUTSIDE, after.outsideSince(before, row.connections()));
        }
        return new Measurement(values);
    }

    private String ask(String line) throws IOException, InterruptedException {
        var answer = load.ask(line);
        if (answer.startsWith(LoadProcess.UNSUPPORTED)) {
            throw new UnsupportedOperationException(answer.substring(LoadProcess.UNSUPPORTED.length()));
        }
        if (answer.startsWith(LoadProcess.FAILED)) {
            throw new IOException(answer.substring(LoadProcess.FAILED.length()));
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
