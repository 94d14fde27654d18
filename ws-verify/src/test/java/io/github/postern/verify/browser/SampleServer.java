package io.github.postern.verify.browser;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** A sample that serves a page, in a process of its own, which can be killed. */
final class SampleServer implements AutoCloseable {
    private static final Pattern PORT = Pattern.compile("localhost:(\\d+)/");

    private final Process process;
    private final int port;

    private SampleServer(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /**
     * Starts one on any free port, and waits until it listens.
     *
     * @param main the name of its class
     */
    static SampleServer start(String main, String... arguments) throws IOException {
        var command = new ArrayList<String>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "io.github.postern.samples." + main,
                "--port",
                "0"));
        command.addAll(List.of(arguments));
        var process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        var line = new BufferedReader(process.inputReader()).readLine();
        var port = PORT.matcher(line == null ? "" : line);
        if (!port.find()) {
            process.destroyForcibly();
            throw new IOException("the sample does not start: " + line);
        }
        return new SampleServer(process, Integer.parseInt(port.group(1)));
    }

    int port() {
        return port;
    }

    String url() {
        return "http://localhost:" + port + "/";
    }

    /** Ends it without a word to anybody. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
