package io.github.postern.samples.compare;

import java.io.IOException;
import java.io.Writer;
import java.lang.ProcessBuilder.Redirect;
import java.net.BindException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The push server, a {@link CompareServer}, in a JVM of its own: what that uses is the server's alone. */
final class ServerProcess implements AutoCloseable {
    private static final int GRACE_SECONDS = 5;
    private static final Duration TICK = Duration.ofMillis(10);
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(300);
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final Process process;
    private final Writer input;
    private final int port;
    private long published;

    private ServerProcess(Process process, int port) {
        this.process = process;
        this.input = process.outputWriter(StandardCharsets.UTF_8);
        this.port = port;
    }

    /**
     * Starts the server and waits until it listens.
     *
     * @param port where, or 0 for any free port
     * @throws BindException if the port cannot be had
     */
    static ServerProcess start(int port) throws IOException {
        var process = new ProcessBuilder(command(port))
                .redirectError(Redirect.INHERIT)
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
        var answer = process.inputReader(StandardCharsets.UTF_8).readLine();
        if (answer == null || !answer.startsWith(CompareServer.LISTENING)) {
            process.destroy();
            throw answer == null ? new IOException("the server ended at once") : new BindException(answer);
        }
        return new ServerProcess(process, Integer.parseInt(answer.substring(CompareServer.LISTENING.length())));
    }

    private static List<String> command(int port) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-XX:TieredStopAtLevel=1"); // or compiling would be most of what so short a run measures
        command.add("-Dorg.slf4j.simpleLogger.defaultLogLevel=warn"); // Jetty's log
        var module = CompareServer.class.getModule();
        if (module.isNamed()) {
            command.addAll(List.of("-p", System.getProperty("jdk.module.path"), "-m"));
            command.add(module.getName() + "/" + CompareServer.class.getName());
        } else {
            command.addAll(List.of("-cp", System.getProperty("java.class.path"), CompareServer.class.getName()));
        }
        command.add(Integer.toString(port));
        return command;
    }

    /** Where the server listens. */
    int port() {
        return port;
    }

    /** Has a JSON value published to every client, and returns the number that the server gives it. */
    long publish(String json) throws IOException {
        input.write(json);
        input.write('\n');
        input.flush();
        return ++published;
    }

    /** The processor time that the server has used since it started; Linux counts it in ticks. */
    Duration cpu() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /** Waits until what went before, compiling included, keeps the server busy no more; at most for a few seconds. */
    void awaitQuiet() {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        Duration before;
        do {
            before = cpu();
            LockSupport.parkNanos(LOOK_NANOS);
        } while (cpu().minus(before).compareTo(TICK) > 0 && System.nanoTime() < deadline);
    }

    /** Ends the server, by ending its standard input. */
    @Override
    public void close() {
        try {
            input.close();
        } catch (IOException e) {
            // it has ended already
        }
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
