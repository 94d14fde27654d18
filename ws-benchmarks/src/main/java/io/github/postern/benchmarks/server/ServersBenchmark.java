package io.github.postern.benchmarks.server;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import io.github.postern.benchmarks.Markdown;
import io.github.postern.benchmarks.process.JvmProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Compares whole servers. Each one runs on one core, with one process on another that loads it; round after round in another order; the tables hold
 * the medians. {@link Options#USAGE} says what can be chosen.
 */
public final class ServersBenchmark {
    private static final String PLACE = "servers";
    static final int LOAD_CORE = 1;
    /** The clients of {@link Row#IDLE_TLS} fill less than half of it, since an SSLSocket keeps its buffers. */
    static final List<String> LOAD_OPTIONS = List.of("-Xmx1g", "-XX:+UseSerialGC");

    /** Of a process that has just started, before its first row. */
    private static final double START_SECONDS = 1.5;

    private static final double FIRST_WARM_UP = 2;
    private static final double CONNECT_SECONDS = 0.4;
    private static final double IDLE_SECONDS = 12;
    private static final double IDLE_TLS_SECONDS = 90;
    private static final double SECONDS_PER_MINUTE = 60;

    private final Options options;
    private final JvmProcess load;
    private final Results results = new Results();

    private ServersBenchmark(Options options, JvmProcess load) {
        this.options = options;
        this.load = load;
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        if (List.of(arguments).equals(List.of("help"))) {
            System.out.print(Options.USAGE);
            return;
        }
        Job job;
        try {
            job = job(arguments);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage() + "\n\n" + Options.USAGE);
            System.exit(2);
            return;
        }
        if (!job.isDone()) {
            System.exit(1);
        }
    }

    /** What the command line asks for. */
    @FunctionalInterface
    private interface Job {
        /** Does it, and returns whether it has succeeded. */
        boolean isDone() throws IOException, InterruptedException;
    }

    private static Job job(String[] arguments) {
        if (arguments.length > 0 && arguments[0].equals(HoldOptions.MODE)) {
            var options = HoldOptions.parse(arguments);
            return () -> Hold.run(options);
        }
        var options = Options.parse(arguments);
        return () -> {
            load(options);
            return true;
        };
    }

    private static void load(Options options) throws IOException, InterruptedException {
        if (options.document().isPresent()) {
            Markdown.checkPlace(PLACE, options.document().get());
        }
        if (options.rows().stream().anyMatch(Row::isTls)) {
            ServerCertificate.make();
        }
        var log = Path.of("target", "servers", "load.log");
        try (var load = JvmProcess.start(LOAD_CORE, LOAD_OPTIONS, LoadProcess.class, List.of(), log)) {
            if (options.mode() == Options.Mode.PROFILE) {
                Profile.run(options, load);
            } else {
                new ServersBenchmark(options, load).run();
            }
        }
    }

    private void run() throws IOException, InterruptedException {
        say("%d rows, %d servers, %d rounds, about %.0f minutes; %s"
                .formatted(
                        options.rows().size(),
                        options.servers().size(),
                        options.rounds(),
                        Math.ceil(estimate() / SECONDS_PER_MINUTE),
                        JvmProcess.isPinning()
                                ? "server and load each on a core of its own"
                                : "not pinned to cores, so the figures of one row influence each other"));
        for (int round = 0; round < options.rounds(); round++) {
            var order = new ArrayList<>(options.servers());
            Collections.rotate(order, -round);
            for (var peer : order) {
                say("round " + (round + 1) + ", " + peer);
                measure(peer, round);
            }
        }
        var tables = new ServersTables(results, options.rows(), options.servers()).markdown();
        System.out.print("\n" + tables);
        if (options.document().isPresent()) {
            Markdown.insert(tables, PLACE, options.document().get());
        }
    }

    private double estimate() {
        double rows = 0;
        for (var together : processes().values()) {
            rows += START_SECONDS + FIRST_WARM_UP;
            rows += together.size() * (options.warmUp() + options.seconds() + CONNECT_SECONDS);
        }
        double idle = idleRows().stream()
                .mapToDouble(row -> row.isTls() ? IDLE_TLS_SECONDS : IDLE_SECONDS)
                .sum();
        return options.servers().size() * (options.rounds() * rows + idle);
    }

    /** The rows but for the idle ones: those of one setup share a process. */
    private Map<Setup, List<Row>> processes() {
        return options.rows().stream()
                .filter(row -> row.kind() != Row.Kind.IDLE)
                .collect(groupingBy(Setup::of, LinkedHashMap::new, toList()));
    }

    private List<Row> idleRows() {
        return options.rows().stream()
                .filter(row -> row.kind() == Row.Kind.IDLE)
                .toList();
    }

    private void measure(Peer peer, int round) throws InterruptedException {
        for (var process : processes().entrySet()) {
            measure(peer, process.getKey(), process.getValue());
        }
        if (round == 0) { // memory is the same in each
            for (var row : idleRows()) {
                measureMemory(peer, row);
            }
        }
    }

    private void measureMemory(Peer peer, Row row) throws InterruptedException {
        try (var run = ServerRun.startForMemory(peer, Setup.of(row), load)) {
            add(row, peer, run.measureMemory(row));
        } catch (IOException e) {
            fail(row, peer, e);
        }
    }

    /** In one process, and another one after a failure. */
    private void measure(Peer peer, Setup setup, List<Row> rows) throws InterruptedException {
        var left = new ArrayList<>(rows);
        while (!left.isEmpty()) {
            try (var run = ServerRun.start(peer, setup, load)) {
                warmUp(run, setup.deflate() ? Row.DEFLATE : Row.PIPELINED);
                while (!left.isEmpty()) {
                    add(left.getFirst(), peer, run.measure(left.getFirst(), options.warmUp(), options.seconds()));
                    left.removeFirst();
                }
            } catch (UnsupportedOperationException e) {
                say("  " + left.getFirst() + ": " + e.getMessage());
                results.addFailure(left.removeFirst(), peer, "n/a");
            } catch (IOException e) {
                fail(left.removeFirst(), peer, e);
            }
        }
    }

    private static void warmUp(ServerRun run, Row row) throws IOException, InterruptedException {
        var unused = run.measure(row, 0, FIRST_WARM_UP);
    }

    private void add(Row row, Peer peer, Measurement measurement) {
        results.add(row, peer, measurement);
        var line = new StringBuilder("  " + row + ":");
        measurement
                .values()
                .forEach((measure, value) -> line.append(' ')
                        .append(measure.name().toLowerCase(Locale.ROOT))
                        .append(' ')
                        .append(Markdown.rounded(value)));
        say(line.toString());
    }

    private void fail(Row row, Peer peer, IOException e) {
        say("  " + row + " failed: " + e.getMessage());
        results.addFailure(row, peer, "failed");
    }

    private static void say(String line) {
        System.out.println(line);
    }
}
