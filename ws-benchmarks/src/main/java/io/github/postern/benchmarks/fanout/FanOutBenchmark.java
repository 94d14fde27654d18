package io.github.postern.benchmarks.fanout;

import io.github.postern.benchmarks.Markdown;
import io.github.postern.benchmarks.process.JvmProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Compares what it costs to publish to many. Each server runs on one core, its subscribers in a process on another; round after round in another order; the tables hold the medians.
 * {@link FanOutOptions#USAGE} says what can be chosen.
 */
public final class FanOutBenchmark {
    private static final String PLACE = "fanout";
    private static final int LOAD_CORE = 1;
    private static final List<String> LOAD_OPTIONS = List.of("-Xmx1g", "-XX:+UseSerialGC");

    private final FanOutOptions options;
    private final JvmProcess load;
    private final FanOutTables tables;

    private FanOutBenchmark(FanOutOptions options, JvmProcess load) {
        this.options = options;
        this.load = load;
        this.tables = new FanOutTables(options.rows(), options.servers());
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        if (List.of(arguments).equals(List.of("help"))) {
            System.out.print(FanOutOptions.USAGE);
            return;
        }
        FanOutOptions options;
        try {
            options = FanOutOptions.parse(arguments);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage() + "\n\n" + FanOutOptions.USAGE);
            System.exit(2);
            return;
        }
        if (options.document().isPresent()) {
            Markdown.checkPlace(PLACE, options.document().get());
        }
        var log = Path.of("target", "fanout", "subscribers.log");
        try (var load = JvmProcess.start(LOAD_CORE, LOAD_OPTIONS, SubscribersProcess.class, List.of(), log)) {
            new FanOutBenchmark(options, load).run();
        }
    }

    private void run() throws IOException, InterruptedException {
        for (int round = 0; round < options.rounds(); round++) {
            var order = new ArrayList<>(options.servers());
            Collections.rotate(order, -round);
            for (var peer : order) {
                System.out.println("round " + (round + 1) + ", " + peer);
                for (var row : options.rows()) {
                    if (row.isFor(peer) && !(row.isIdle() && round > 0)) { // memory is the same in each
                        measure(row, peer);
                    }
                }
            }
        }
        var markdown = tables.markdown();
        System.out.print("\n" + markdown);
        if (options.document().isPresent()) {
            Markdown.insert(markdown, PLACE, options.document().get());
        }
    }

    private void measure(Row row, Peer peer) throws InterruptedException {
        try (var run = FanOutRun.start(peer, load)) {
            if (row.isIdle()) {
                double heap = run.measureHeap(row);
                System.out.println("  " + row + ": heap " + Markdown.rounded(heap));
                tables.add(row, peer, FanOutTables.Measure.HEAP, heap);
            } else {
                var deliveries = run.measure(row, options.warmUp(), options.seconds());
                System.out.println("  " + row + ": " + deliveries);
                tables.add(row, peer, deliveries);
            }
        } catch (IOException e) {
            System.out.println("  " + row + " failed: " + e.getMessage());
        }
    }
}
