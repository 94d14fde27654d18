package io.github.postern.verify.browser;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The sample {@code compare} in a process of its own, as {@code samples/run compare --serve} starts it: the page and the terminal show one system. */
final class CompareProgram implements AutoCloseable {
    private static final int GRACE_SECONDS = 10;

    private final Process process;
    private final String url;
    private final List<String> table = new ArrayList<>();

    private CompareProgram(Process process, String url) {
        this.process = process;
        this.url = url;
    }

    /** Starts it, and waits until it has printed its table. */
    static CompareProgram start(String... options) throws IOException {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "io.github.postern.samples.compare.Compare",
                "--serve",
                "--port",
                "0"));
        command.addAll(List.of(options));
        var process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        var output = process.inputReader(StandardCharsets.UTF_8);
        var first = output.readLine();
        if (first == null || !first.startsWith("http://localhost:")) {
            process.destroy();
            throw new IOException("no page: " + first);
        }
        var program = new CompareProgram(process, first.substring(0, first.indexOf(' ')));
        for (var line = output.readLine(); !line.startsWith("It goes on"); line = output.readLine()) {
            program.table.add(line);
        }
        return program;
    }

    /** Where the page is. */
    String url() {
        return url;
    }

    /** What the terminal shows. */
    List<String> table() {
        return table;
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(GRACE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
