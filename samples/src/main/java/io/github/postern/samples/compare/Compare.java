package io.github.postern.samples.compare;

import io.github.postern.samples.Arguments;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;

/** Shows what the transports cost: real clients receive the same stream over each of them, and a table, files and a page say how it went. */
final class Compare {
    private static final Path STANDARD_INPUT = Path.of("-");
    private static final int MOST_MESSAGES = 1_000_000;
    private static final List<String> FILES = List.of("--json", "--csv", "--report");

    private Compare() {}

    public static void main(String[] args) throws Exception {
        System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "warn"); // Jetty's log
        var command = Arguments.command(
                        "compare",
                        "What polling, long polling, SSE and WebSocket cost, measured side by side.",
                        "",
                        "Four push servers, each in a process of its own, publish the same messages at the same time, each"
                                + " over one transport, and real clients receive them through relays that count the bytes.",
                        "")
                .addOption(
                        Arguments.number("--messages", "N", 100, "How many messages; with --input, at most every line"))
                .addOption(Arguments.number("--interval", "MILLIS", 50, "The time between two messages"))
                .addOption(Arguments.number(
                        "--size",
                        "BYTES",
                        0,
                        "Fill the data of each message up to so many bytes; 0 leaves it as it is"))
                .addOption(Arguments.number(
                        "--poll-interval", "MILLIS", 1000, "The time between two polls of plain polling"))
                .addOption(Arguments.number("--clients", "N", 1, "How many clients of each transport receive them"))
                .addOption(Arguments.file(
                        "--input",
                        "Each line is a message; - is standard input (default: readings of this machine's load)."))
                .addOption(Arguments.file("--report", "Write a page with charts to this file, too, that stands alone."))
                .addOption(Arguments.file("--json", "Write the measurements to this file, too."))
                .addOption(Arguments.file("--csv", "Write them to this file, too, for a spreadsheet."))
                .addOption(Arguments.flag(
                        "--serve", "Go on until Ctrl-C, with a page that shows the same live and has controls."))
                .addOption(Arguments.number("--port", "PORT", 8080, "Where --serve listens; 0 takes any free port"));
        Arguments.run(command, args, Compare::run);
    }

    private static int run(Arguments arguments) throws Exception {
        var lines = lines(arguments);
        var settings = settings(arguments);
        int messages = messages(arguments, lines);
        checkFolders(arguments);
        int port = arguments.portNumber();
        try (var comparison = Comparison.start(new Feed(lines.isEmpty() ? Feed.readings() : Feed.lines(lines)));
                var page = arguments.has("--serve") ? new LivePage(comparison, port) : null) {
            if (page != null) {
                System.out.printf("http://localhost:%d/ shows this live.%n%n", page.port());
            }
            var result = measure(comparison, settings, messages);
            System.out.print(Table.of(result));
            write(arguments, result);
            if (page != null) {
                goOn(comparison);
            }
            return result.complete() ? 0 : 1;
        }
    }

    private static Settings settings(Arguments arguments) {
        return new Settings(
                Duration.ofMillis(arguments.number("--interval", 1, Settings.LONGEST_MILLIS)),
                arguments.number("--size", 0, Settings.LARGEST),
                arguments.number("--clients", 1, Settings.MOST_CLIENTS),
                Duration.ofMillis(arguments.number("--poll-interval", 1, Settings.LONGEST_MILLIS)));
    }

    private static int messages(Arguments arguments, List<String> lines) {
        int messages = arguments.number("--messages", 1, MOST_MESSAGES);
        boolean everyLine = !lines.isEmpty() && (lines.size() < messages || !arguments.has("--messages"));
        return everyLine ? lines.size() : messages;
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

    /** So that nobody measures first and learns then that the result cannot be kept. */
    private static void checkFolders(Arguments arguments) {
        for (var option : FILES) {
            var file = arguments.path(option);
            if (file.isPresent()
                    && !Files.isDirectory(file.get().toAbsolutePath().resolveSibling(""))) {
                throw arguments.wrong("there is no folder for " + option + " " + file.get());
            }
        }
    }

    private static Result measure(Comparison comparison, Settings settings, int messages)
            throws IOException, InterruptedException {
        try (var bar = ProgressBar.onStandardError()) {
            comparison.warmUp((delivered, all) -> bar.show("warming up", delivered, all));
            Run.Progress progress = (delivered, all) -> bar.show("measuring", delivered, all);
            var run = comparison.begin(settings);
            run.publish(messages, progress);
            run.awaitDelivery(progress);
            run.sample();
            return run.result(true);
        }
    }

    private static void write(Arguments arguments, Result result) throws IOException {
        write(arguments.path("--json"), Report.text(result));
        write(arguments.path("--csv"), Csv.text(result));
        if (arguments.has("--report")) {
            write(arguments.path("--report"), ReportPage.text(result));
        }
    }

    private static void write(Optional<Path> file, String text) throws IOException {
        if (file.isPresent()) {
            Files.writeString(file.get(), text);
        }
    }

    /** Publishes until the program is ended, whatever is measured. */
    private static void goOn(Comparison comparison) throws IOException {
        System.out.printf("%nIt goes on, until Ctrl-C.%n");
        while (true) {
            try {
                comparison.current().orElseThrow().publish(Long.MAX_VALUE, (delivered, all) -> {});
            } catch (CancellationException e) {
                // another measurement has begun
            }
        }
    }
}
