package io.github.postern.benchmarks.server;

import io.github.postern.benchmarks.Markdown;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * Compares whole servers. Each one runs on one core, with one process on another that loads it; round after round in another order; the tables hold
 * the medians. {@link Options#USAGE} says what can be chosen.
 */
public final class ServersBenchmark {
    private static final int LOAD_CORE = 1;
    private static final List<String> LOAD_OPTIONS = List.of("-Xmx1g", "-XX:+UseSerialGC");

    /** Of a process that has just started, before its first row. */
    private static final double START_SECONDS = 1.5;

    private static final double FIRST_WARM_UP = 2;
    private static final double CONNECT_SECONDS = 0.4;
    private static final double IDLE_SECONDS = 12;
    private static final double SECONDS_PER_MINUTE = 60;

    private final Options options;
    private final JvmProcess load;
    private final Results results = new Results();

    private ServersBenchmark(Options options, JvmProcess load) {
        this.options = options;
        this.load = load;
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Options options;
        try {
            options = Options.parse(arguments);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage() + "\n\n" + Options.USAGE);
            System.exit(2);
            return;
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
            Markdown.insert(tables, "servers", options.document().get());
        }
    }

    private double estimate() {
        double each = options.warmUp() + options.seconds() + CONNECT_SECONDS;
        double start = START_SECONDS + FIRST_WARM_UP;
        double round = rows(false, false).size() * each + start;
        round += rows(true, false).isEmpty() ? 0 : each + start;
        double idle = rows(false, true).size() * IDLE_SECONDS;
        return options.servers().size() * (options.rounds() * round + idle);
    }

    private List<Row> rows(boolean deflated, boolean idle) {
        return options.rows().stream()
                .filter(row -> row.isDeflated() == deflated && (row.kind() == Row.Kind.IDLE) == idle)
                .toList();
    }

    /** Memory is the same in each round. */
    private void measure(Peer peer, int round) throws InterruptedException {
        measure(peer, rows(false, false), false);
        measure(peer, rows(true, false), true);
        if (round == 0) {
            for (var row : rows(false, true)) {
                try (var run = ServerRun.startForMemory(peer, load)) {
                    add(row, peer, run.measureMemory(row));
                } catch (IOException e) {
                    fail(row, peer, e);
                }
            }
        }
    }

    /** One process for all rows, and another one after a failure. */
    private void measure(Peer peer, List<Row> rows, boolean deflate) throws InterruptedException {
        var left = new ArrayList<>(rows);
        while (!left.isEmpty()) {
            try (var run = ServerRun.start(peer, deflate, load)) {
                warmUp(run, deflate ? Row.DEFLATE : Row.PIPELINED);
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
