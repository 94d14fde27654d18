package io.github.postern.samples.compare;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/** The push server, a {@link CompareServer}, in a JVM of its own: what that uses is the server's alone. */
final class ServerProcess implements AutoCloseable {
    private static final int GRACE_SECONDS = 5;
    private static final Duration QUIET = Duration.ofMillis(10);
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(300);
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final Process process;
    private final int port;

    /** Guards the three below. */
    private final ReentrantLock lock = new ReentrantLock();

    private final Writer input;
    private final BufferedReader output;
    private ServerLoad lastLoad = ServerLoad.NONE;

    private ServerProcess(Process process, BufferedReader output, int port) {
        this.process = process;
        this.input = process.outputWriter(StandardCharsets.UTF_8);
        this.output = output;
        this.port = port;
    }

    /**
     * Starts so many servers at the same time and waits until all of them listen.
     *
     * @throws IOException if it does not come to that; then none is left
     */
    static List<ServerProcess> start(int count) throws IOException {
        var processes = new ArrayList<Process>();
        try {
            for (int i = 0; i < count; i++) {
                var process = new ProcessBuilder(command())
                        .redirectError(Redirect.INHERIT)
                        .start();
                Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
                processes.add(process);
            }
            var servers = new ArrayList<ServerProcess>();
            for (var process : processes) {
                servers.add(awaitListening(process));
            }
            return servers;
        } catch (IOException e) {
            processes.forEach(Process::destroy);
            throw e;
        }
    }

    private static ServerProcess awaitListening(Process process) throws IOException {
        var output = process.inputReader(StandardCharsets.UTF_8);
        var answer = output.readLine();
        if (answer == null || !answer.startsWith(CompareServer.LISTENING)) {
            throw new IOException(answer == null ? "the server ended at once" : answer);
        }
        return new ServerProcess(process, output, Integer.parseInt(answer.substring(CompareServer.LISTENING.length())));
    }

    private static List<String> command() {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:+UseSerialGC", "-Xmn16m")); // a heap that is easy to read in a chart
        command.add("-XX:TieredStopAtLevel=1"); // or compiling would be most of what so short a run measures
        command.add("-Dorg.slf4j.simpleLogger.defaultLogLevel=warn"); // Jetty's log
        var module = CompareServer.class.getModule();
        if (module.isNamed()) {
            command.addAll(List.of("-p", System.getProperty("jdk.module.path"), "-m"));
            command.add(module.getName() + "/" + CompareServer.class.getName());
        } else {
            command.addAll(List.of("-cp", System.getProperty("java.class.path"), CompareServer.class.getName()));
        }
        return command;
    }

    /** Where the server listens. */
    int port() {
        return port;
    }

    /** Has a JSON value published to every client. */
    void publish(String json) throws IOException {
        lock.lock();
        try {
            say(json);
        } finally {
            lock.unlock();
        }
    }

    /** What the server has used. A server that has ended has used what was known last. */
    ServerLoad load() {
        return ask(CompareServer.LOAD);
    }

    /** What the server has used, when it has thrown its garbage away. */
    ServerLoad cleanLoad() {
        return ask(CompareServer.CLEAN_LOAD);
    }

    private ServerLoad ask(String question) {
        lock.lock();
        try {
            say(question);
            var answer = output.readLine();
            if (answer != null) {
                int space = answer.indexOf(' ');
                lastLoad = new ServerLoad(
                        Duration.ofNanos(Long.parseLong(answer.substring(0, space))),
                        Long.parseLong(answer.substring(space + 1)));
            }
            return lastLoad;
        } catch (IOException e) {
            return lastLoad; // it has ended
        } finally {
            lock.unlock();
        }
    }

    private void say(String line) throws IOException {
        input.write(line);
        input.write('\n');
        input.flush();
    }

    /** Waits until what went before, compiling included, keeps the server busy no more; at most for a few seconds. */
    void awaitQuiet() {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        Duration before;
        do {
            before = load().cpu();
            LockSupport.parkNanos(LOOK_NANOS);
        } while (load().cpu().minus(before).compareTo(QUIET) > 0 && System.nanoTime() < deadline);
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
