package io.github.postern.verify.guide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.postern.push.PushClientOptions;
import io.github.postern.push.PushLimits;
import io.github.postern.push.PushOptions;
import io.github.postern.push.PushServer;
import io.github.postern.push.TopicOptions;
import io.github.postern.ws.client.WebSocketClient;
import io.github.postern.ws.connection.ConnectionOptions;
import io.github.postern.ws.connection.SharedDeflatePool;
import io.github.postern.ws.connection.SlowConsumer;
import io.github.postern.ws.core.Limits;
import io.github.postern.ws.core.handshake.HeadLimits;
import io.github.postern.ws.core.handshake.PerMessageDeflate;
import io.github.postern.ws.server.ServerOptions;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.net.URI;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The tables of {@code docs/guide/limits.md} have every option of every kind of options, with the default that the code has, and no other. */
class LimitsPageTest {
    private static final Pattern ROW =
            Pattern.compile("\\| `(\\w+(?:\\.Builder)?\\.\\w+)` \\| ([^|]+) \\| ([^|]+) \\|");

    private static final List<Record> OPTIONS = List.of(
            Limits.defaults(),
            HeadLimits.defaults(),
            ConnectionOptions.defaults().deflate(),
            PerMessageDeflate.defaults(),
            ConnectionOptions.defaults(),
            ServerOptions.defaults(),
            PushOptions.defaults(),
            PushLimits.defaults(),
            PushClientOptions.defaults(),
            TopicOptions.defaults());

    /** Options that a builder has itself, by what it calls them. */
    private static final Map<Object, Map<String, String>> BUILDERS = Map.of(
            WebSocketClient.builder(),
            Map.of(
                    "connectTimeout", "connectTimeout",
                    "connectionAttemptDelay", "connectionAttemptDelay",
                    "proxyTimeout", "proxyTimeout",
                    "followRedirects", "maxRedirects"),
            WebSocketClient.create().reconnecting(URI.create("ws://localhost")),
            Map.of(
                    "firstDelay", "firstDelay",
                    "baseDelay", "baseDelay",
                    "maxDelay", "maxDelay",
                    "resetAfter", "resetAfter",
                    "maxRetryAfter", "maxRetryAfter"),
            PushServer.builder(),
            Map.of(
                    "handshakeTimeout", "network.handshakeTimeout",
                    "maxConnections", "network.maxConnections",
                    "maxConnectionsPerAddress", "network.maxConnectionsPerAddress",
                    "backlog", "network.backlog"));

    @Test
    void the_page_has_every_option_with_its_default() throws Exception {
        assertEquals(lines(inCode()), lines(onPage()));
    }

    private static String lines(Map<String, String> options) {
        var text = new StringBuilder();
        options.forEach(
                (name, value) -> text.append(name).append(" = ").append(value).append('\n'));
        return text.toString();
    }

    private static Map<String, String> onPage() throws IOException {
        var options = new TreeMap<String, String>();
        var rows = ROW.matcher(Files.readString(CodeBlock.ROOT.resolve("docs/guide/limits.md")));
        while (rows.find()) {
            var before = options.put(rows.group(1), rows.group(2).strip());
            assertEquals(null, before, () -> rows.group(1) + " has two rows");
            assertTrue(rows.group(3).strip().length() > 10, () -> rows.group(1) + " does not say what happens");
        }
        return options;
    }

    private static Map<String, String> inCode() throws ReflectiveOperationException {
        var options = new TreeMap<String, String>();
        for (var record : OPTIONS) {
            for (var component : record.getClass().getRecordComponents()) {
                var value = component.getAccessor().invoke(record);
                if (!isOptions(component)) {
                    options.put(record.getClass().getSimpleName() + "." + component.getName(), words(component, value));
                }
            }
        }
        for (var builder : BUILDERS.entrySet()) {
            var outer = builder.getKey().getClass().getEnclosingClass().getSimpleName();
            for (var option : builder.getValue().entrySet()) {
                builder.getKey().getClass().getMethod(option.getKey(), type(builder.getKey(), option.getValue()));
                var value = field(builder.getKey(), option.getValue());
                options.put(outer + ".Builder." + option.getKey(), words(option.getKey(), value));
            }
        }
        return options;
    }

    /** Has rows of its own. */
    private static boolean isOptions(RecordComponent component) {
        return OPTIONS.stream().anyMatch(record -> record.getClass() == component.getType());
    }

    private static Object field(Object holder, String path) throws ReflectiveOperationException {
        var value = holder;
        for (var name : path.split("\\.", -1)) {
            var field = value.getClass().getDeclaredField(name);
            field.setAccessible(true);
            value = Objects.requireNonNull(field.get(value));
        }
        return value;
    }

    private static Class<?> type(Object holder, String path) throws ReflectiveOperationException {
        return field(holder, path) instanceof Duration ? Duration.class : int.class;
    }

    private static String words(RecordComponent component, Object value) {
        return words(component.getName(), value);
    }

    private static String words(String name, Object value) {
        return switch (value) {
            case Duration duration -> duration.isZero() ? "off" : words(duration);
            case Set<?> set -> set.isEmpty() ? "none" : new TreeSet<>(set).toString();
            case Boolean on -> on ? "yes" : "no";
            case Number number when name.equals("totalUnacknowledgedBytes") -> fifthOfHeap(number.longValue());
            case Number number -> words(name, number.longValue());
            case SharedDeflatePool pool -> "shared by the process";
            case SlowConsumer policy -> "`" + policy + "`";
            default -> throw new IllegalArgumentException(name + ": " + value);
        };
    }

    private static String fifthOfHeap(long bytes) {
        assertEquals(Runtime.getRuntime().maxMemory() / 5, bytes);
        return "a fifth of the largest heap";
    }

    private static String words(Duration duration) {
        if (duration.toDays() > 1) {
            return duration.toDays() + " days";
        }
        if (duration.toHours() > 0) {
            return duration.toHours() + " h";
        }
        long millis = duration.toMillis();
        if (millis % 60_000 == 0 && millis > 60_000) {
            return millis / 60_000 + " min";
        }
        return millis % 1_000 == 0 ? millis / 1_000 + " s" : millis + " ms";
    }

    private static String words(String name, long number) {
        boolean isSize =
                Stream.of("size", "bytes", "line", "threshold").anyMatch(name.toLowerCase(Locale.ROOT)::endsWith);
        if (isSize && number % (1 << 20) == 0 && number > 0) {
            return (number >> 20) + " MiB";
        }
        if (isSize && number % 1024 == 0 && number > 0) {
            return (number >> 10) + " KiB";
        }
        return String.format(Locale.ROOT, "%,d", number);
    }
}
