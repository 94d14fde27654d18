package io.github.postern.samples;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** A sample in a process of its own, on the module path, as {@code samples/run} starts it. */
final class SampleProcess implements AutoCloseable {
    private static final Pattern PORT = Pattern.compile("(?:localhost|127\\.0\\.0\\.1):(\\d+)");

    /** Longer than any waits for something to say, or takes from its beginning to its end. */
    private static final int PATIENCE_SECONDS = 60;

    private final Process process;
    private final BufferedReader out;
    private final BufferedReader err;

    /** What a sample left behind. */
    record Outcome(int exitCode, List<String> out, List<String> err) {
        /** The only line of output that holds a text. */
        String line(String text) {
            var lines = out.stream().filter(line -> line.contains(text)).toList();
            if (lines.size() != 1) {
                throw new AssertionError("not one line with '" + text + "' in " + this);
            }
            return lines.getFirst();
        }
    }

    private SampleProcess(Process process) {
        this.process = process;
        this.out = process.inputReader(StandardCharsets.UTF_8);
        this.err = process.errorReader(StandardCharsets.UTF_8);
    }

    private static ProcessBuilder builder(String sample, String... arguments) throws IOException {
        var command = new ArrayList<String>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1", // it is over before a better compiler, or a parallel collector, has paid for
                // itself
                "-XX:+UseSerialGC",
                "-Dstdin.encoding=UTF-8",
                "-Dstdout.encoding=UTF-8",
                "-Dstderr.encoding=UTF-8",
                "-p",
                Path.of("target/classes") + ":" + Files.readString(Path.of("target/module-path")),
                "-m",
                "io.github.postern.samples/" + mainClass(sample)));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command);
    }

    private static String mainClass(String sample) throws IOException {
        return Files.readAllLines(Path.of("samples.txt")).stream()
                .map(line -> line.split("\\s+", 3))
                .filter(words -> words[0].equals(sample))
                .map(words -> words[1])
                .findFirst()
                .orElseThrow();
    }

    /** Runs one to its end, with all of its input at once. */
    static Outcome run(String sample, List<String> input, String... arguments) throws Exception {
        return converse(sample, input, 0, arguments);
    }

    /** Runs one to its end, which its input has when so many lines of output have come. */
    static Outcome converse(String sample, List<String> input, int lines, String... arguments) throws Exception {
        var process = builder(sample, arguments).start();
        try {
            return watched(process, () -> converse(process, input, lines));
        } finally {
            process.destroyForcibly();
        }
    }

    private static Outcome converse(Process process, List<String> input, int lines) throws Exception {
        var err = CompletableFuture.supplyAsync(
                () -> process.errorReader(StandardCharsets.UTF_8).lines().toList());
        var reader = process.inputReader(StandardCharsets.UTF_8);
        var out = new ArrayList<String>();
        try (var writer = process.outputWriter(StandardCharsets.UTF_8)) {
            for (var line : input) {
                writer.write(line + "\n");
            }
            writer.flush();
            while (out.size() < lines) {
                out.add(next(reader));
            }
        } catch (IOException e) {
            // it reads no input, or says less
        }
        reader.lines().forEach(out::add);
        return new Outcome(process.waitFor(), List.copyOf(out), err.get());
    }

    /** Starts one that goes on. */
    static SampleProcess start(String sample, String... arguments) throws IOException {
        return new SampleProcess(builder(sample, arguments).start());
    }

    /** Something that reads what a process says. */
    private interface Reading<T, E extends Exception> {
        T read() throws E;
    }

    /** Reads, which no interrupt ends, and so no time limit of a test: the process is ended if it takes too long. */
    private static <T, E extends Exception> T watched(Process process, Reading<T, E> reading) throws E {
        var watchdog = CompletableFuture.runAsync(
                process::destroyForcibly, CompletableFuture.delayedExecutor(PATIENCE_SECONDS, TimeUnit.SECONDS));
        try {
            return reading.read();
        } finally {
            watchdog.cancel(false);
        }
    }

    /** Where it listens, as it says. */
    int port() throws IOException {
        while (true) {
            var port = PORT.matcher(line());
            if (port.find()) {
                return Integer.parseInt(port.group(1));
            }
        }
    }

    /** Its next line of output. */
    String line() throws IOException {
        return watched(process, () -> next(out));
    }

    /** Its next line of standard error. */
    String error() throws IOException {
        return watched(process, () -> next(err));
    }

    private static String next(BufferedReader reader) throws IOException {
        var line = reader.readLine();
        if (line == null) {
            throw new EOFException("the sample has ended");
        }
        return line;
    }

    Writer input() {
        return process.outputWriter(StandardCharsets.UTF_8);
    }

    int exitCode() throws InterruptedException {
        return process.waitFor();
    }

    /** Ends it without a word. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
