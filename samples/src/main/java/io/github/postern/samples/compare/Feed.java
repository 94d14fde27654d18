package io.github.postern.samples.compare;

import com.sun.management.OperatingSystemMXBean;
import jakarta.json.Json;
import jakarta.json.JsonException;
import java.io.StringReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The stream of messages, as JSON values. */
final class Feed {
    private static final String FILLER = ",\"filler\":\"";

    private final Supplier<String> source;

    Feed(Supplier<String> source) {
        this.source = source;
    }

    /**
     * The next message.
     *
     * @param size bytes to which it is filled up; one that is longer stays as it is
     */
    String next(int size) {
        return filled(source.get(), size);
    }

    /** Puts a field with dots into an object, or dots behind the text of a string. */
    private static String filled(String json, int size) {
        int length = json.getBytes(StandardCharsets.UTF_8).length;
        boolean object = json.startsWith("{");
        int missing = size - length - (object ? FILLER.length() + 1 : 0);
        if (missing <= 0) {
            return json;
        }
        var open = json.substring(0, json.length() - 1);
        var dots = ".".repeat(missing);
        return object ? open + FILLER + dots + "\"}" : open + dots + "\"";
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
