package io.github.postern.benchmarks.server;

import static java.util.Map.Entry.comparingByValue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordingFile;

/** Counts the samples of a recording: by the method that ran, by each of our methods it was called from, and by class for allocations. */
final class HotSpots {
    private static final int SHOWN = 25;
    private static final String OURS = "io.github.postern";
    private static final double PERCENT = 100;

    private final Map<String, Double> running = new HashMap<>();
    private final Map<String, Double> within = new HashMap<>();
    private final Map<String, Double> allocated = new HashMap<>();
    private int samples;

    private HotSpots() {}

    static String of(Path recording) throws IOException {
        var spots = new HotSpots();
        try (var file = new RecordingFile(recording)) {
            while (file.hasMoreEvents()) {
                spots.add(file.readEvent());
            }
        }
        return spots.samples + " samples\n"
                + table("Running", spots.running, spots.samples)
                + table("In or below our methods", spots.within, spots.samples)
                + table("Allocated, by class and our method", spots.allocated, sum(spots.allocated));
    }

    private void add(RecordedEvent event) {
        switch (event.getEventType().getName()) {
            case "jdk.CPUTimeSample" -> sample(event);
            case "jdk.ObjectAllocationSample" ->
                allocated.merge(
                        event.getClass("objectClass").getName() + " in " + caller(event),
                        (double) event.getLong("weight"),
                        Double::sum);
            default -> {}
        }
    }

    private void sample(RecordedEvent event) {
        samples++;
        var stack = event.getStackTrace();
        if (stack == null || stack.getFrames().isEmpty()) {
            running.merge("(no stack: " + threadName(event) + ")", 1.0, Double::sum);
            return;
        }
        running.merge(name(stack.getFrames().getFirst()), 1.0, Double::sum);
        var seen = new HashSet<String>();
        for (var frame : stack.getFrames()) {
            var name = name(frame);
            if (name.startsWith(OURS) && seen.add(name)) {
                within.merge(name, 1.0, Double::sum);
            }
        }
    }

    private static String threadName(RecordedEvent event) {
        var thread = event.getThread("eventThread");
        return thread == null ? "?" : String.valueOf(thread.getOSName());
    }

    private static String caller(RecordedEvent event) {
        var stack = event.getStackTrace();
        return stack == null
                ? "?"
                : stack.getFrames().stream()
                        .map(HotSpots::name)
                        .filter(name -> name.startsWith(OURS))
                        .findFirst()
                        .orElse("the JDK");
    }

    private static String name(RecordedFrame frame) {
        var method = frame.getMethod();
        return method.getType().getName() + "." + method.getName();
    }

    private static double sum(Map<String, Double> counts) {
        return counts.values().stream().mapToDouble(Double::doubleValue).sum();
    }

    private static String table(String title, Map<String, Double> counts, double total) {
        var lines = new StringBuilder("\n" + title + "\n");
        counts.entrySet().stream()
                .sorted(Collections.reverseOrder(comparingByValue()))
                .limit(SHOWN)
                .forEach(entry ->
                        lines.append("%6.1f %%  %s%n".formatted(PERCENT * entry.getValue() / total, entry.getKey())));
        return lines.toString();
    }
}
