package io.github.postern.samples.compare;

import io.github.postern.push.PushTransport;
import io.github.postern.samples.Arguments;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** Shows what the transports cost: real clients receive the same stream over each of them, and a table says how it went. */
final class Compare {
    private static final List<PushTransport> TRANSPORTS =
            List.of(PushTransport.POLLING, PushTransport.LONG_POLLING, PushTransport.SSE, PushTransport.WEBSOCKET);
    private static final int LONGEST_MILLIS = 60_000;
    private static final Path STANDARD_INPUT = Path.of("-");
    private static final int MOST_MESSAGES = 1_000_000;

    /** Lets the just-in-time compiler see everything before it counts. */
    private static final Settings WARM_UP = new Settings(500, Duration.ofMillis(2), Duration.ofMillis(20), 1);

    private Compare() {}

    public static void main(String[] args) throws Exception {
        var command = Arguments.command(
                        "compare",
                        "What polling, long polling, SSE and WebSocket cost, measured side by side.",
                        "",
                        "A push server in a process of its own publishes the same messages over one transport after the"
                                + " other, and real clients receive them through a relay that counts the bytes.",
                        "")
                .addOption(
                        Arguments.number("--messages", "N", 100, "How many messages; with --input, at most every line"))
                .addOption(Arguments.number("--interval", "MILLIS", 50, "The time between two messages"))
                .addOption(Arguments.number(
                        "--poll-interval", "MILLIS", 1000, "The time between two polls of plain polling"))
                .addOption(Arguments.number("--clients", "N", 1, "How many clients receive each message"))
                .addOption(Arguments.file(
                        "--input",
                        "Each line is a message; - is standard input (default: readings of this machine's load)."))
                .addOption(Arguments.file("--json", "Write the measurements to this file, too."))
                .addOption(Arguments.flag("--serve", "Stay up afterwards, with a page that shows the comparison live."))
                .addOption(Arguments.number("--port", "PORT", 8080, "Where --serve listens; 0 takes any free port"));
        Arguments.run(command, args, Compare::run);
    }

    private static int run(Arguments arguments) throws Exception {
        var lines = lines(arguments);
        var feed = new Feed(lines.isEmpty() ? Feed.readings() : Feed.lines(lines));
        var settings = settings(arguments, lines);
        var json = arguments.path("--json");
        if (json.isPresent() && !Files.isDirectory(json.get().toAbsolutePath().resolveSibling(""))) {
            throw arguments.wrong("there is no folder for --json " + json.get());
        }
        boolean serve = arguments.has("--serve");
        int port = arguments.portNumber();
        try (var server = ServerProcess.start(serve ? port : 0)) {
            var measurements = measure(server, feed, settings);
            System.out.print(Table.of(measurements, settings));
            if (json.isPresent()) {
                Report.write(json.get(), measurements, settings);
            }
            if (serve) {
                serve(server, feed, settings.interval());
            }
            return measurements.stream().allMatch(Measurement::complete) ? 0 : 1;
        }
    }

    private static Settings settings(Arguments arguments, List<String> lines) {
        int messages = arguments.number("--messages", 1, MOST_MESSAGES);
        if (!lines.isEmpty() && (lines.size() < messages || !arguments.has("--messages"))) {
            messages = lines.size();
        }
        return new Settings(
                messages,
                Duration.ofMillis(arguments.number("--interval", 1, LONGEST_MILLIS)),
                Duration.ofMillis(arguments.number("--poll-interval", 1, LONGEST_MILLIS)),
                arguments.number("--clients", 1, 1000));
    }

    /** The lines of {@code --input}; none if there is no such option. */
    private static List<String> lines(Arguments arguments) throws IOException {
        var file = arguments.path("--input");
        if (file.isEmpty()) {
            return List.of();
        }
        int most = arguments.has("--messages") ? arguments.number("--messages", 1, MOST_MESSAGES) : MOST_MESSAGES;
        try (var reader = file.get().equals(STANDARD_INPUT)
                ? new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))
                : Files.newBufferedReader(file.get())) {
            var lines = reader.lines().limit(most).toList();
            if (lines.isEmpty()) {
                throw arguments.wrong("there are no lines in --input " + file.get());
            }
            return lines;
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static List<Measurement> measure(ServerProcess server, Feed feed, Settings settings)
            throws IOException, InterruptedException {
        try (var bar = ProgressBar.onStandardError()) {
            for (var transport : TRANSPORTS) {
                Trial.Progress progress = (delivered, all) -> bar.show("warming up", delivered, all);
                new Trial(transport, WARM_UP, server, progress).run(index -> feed.passing());
            }
            var measurements = new ArrayList<Measurement>();
            for (var transport : TRANSPORTS) {
                Trial.Progress progress = (delivered, all) -> bar.show(Measurement.name(transport), delivered, all);
                measurements.add(new Trial(transport, settings, server, progress).run(feed::get));
            }
            return measurements;
        }
    }

    private static void serve(ServerProcess server, Feed feed, Duration interval) throws IOException {
        System.out.printf("%nhttp://localhost:%d/ shows the same live, until Ctrl-C.%n", server.port());
        while (true) {
            server.publish(feed.passing());
            LockSupport.parkNanos(interval.toNanos());
        }
    }
}
