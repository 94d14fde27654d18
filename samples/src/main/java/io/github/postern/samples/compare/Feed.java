package io.github.postern.samples.compare;

import com.sun.management.OperatingSystemMXBean;
import jakarta.json.Json;
import jakarta.json.JsonException;
import java.io.StringReader;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The stream of messages, as JSON values. It is kept, so that every transport gets the same one. */
final class Feed {
    private final Supplier<String> source;
    private final List<String> kept = new ArrayList<>();

    Feed(Supplier<String> source) {
        this.source = source;
    }

    /** The message with this index, counted from 0; taken from the source when it is asked for the first time. */
    String get(int index) {
        while (kept.size() <= index) {
            kept.add(source.get());
        }
        return kept.get(index);
    }

    /** A message that is not kept. */
    String passing() {
        return source.get();
    }

    /** Live readings of this machine's load. */
    static Supplier<String> readings() {
        var machine = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        return () -> Json.createObjectBuilder()
                .add("loadAverage", rounded(machine.getSystemLoadAverage()))
                .add("cpuPercent", rounded(100 * machine.getCpuLoad()))
                .add("usedMemoryMiB", (machine.getTotalMemorySize() - machine.getFreeMemorySize()) >> 20)
                .build()
                .toString();
    }

    /** Two decimals; 0 if the machine does not tell, or not yet. */
    private static double rounded(double value) {
        return value >= 0 ? Math.round(100 * value) / 100.0 : 0;
    }

    /** Lines, again and again: one that is a JSON object as it is, any other as a JSON string. */
    static Supplier<String> lines(List<String> lines) {
        var values = lines.stream().map(Feed::json).toList();
        return Stream.generate(() -> values).flatMap(List::stream).iterator()::next;
    }

    private static String json(String line) {
        if (line.startsWith("{")) {
            try (var parser = Json.createParser(new StringReader(line))) {
                parser.next();
                var object = parser.getObject().toString();
                if (!parser.hasNext()) {
                    return object;
                }
            } catch (JsonException e) {
                // text after all
            }
        }
        return Json.createValue(line).toString();
    }
}
