package io.github.postern.verify.autobahn;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/**
 * The suite's program, in one of its modes: the one on the path, or else that of the suite's container image. It runs in a folder that
 * it leaves its reports in.
 */
final class Wstest implements AutoCloseable {
    private static final String IMAGE = "crossbario/autobahn-testsuite:25.10.1";
    private static final int SECONDS_TO_END = 30;

    private final Process process;
    private final Path log;

    private Wstest(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /** Fails with what to install, if the machine has nothing to run it with. */
    static void require() throws IOException, InterruptedException {
        command(Path.of(""));
    }

    /**
     * Starts it.
     *
     * @param mode {@code fuzzingclient}, which ends by itself, or {@code fuzzingserver}, which does not
     * @param folder an absolute path
     * @param specification what to run, in JSON; its relative paths start from the folder
     */
    static Wstest start(String mode, Path folder, String specification) throws IOException, InterruptedException {
        var file = Files.writeString(folder.resolve(mode + ".json"), specification);
        var command = command(folder);
        // Port 0: no web pages. The server would otherwise offer some on port 8080.
        command.addAll(List.of("wstest", "--webport=0", "--mode", mode, "--spec", file.toString()));
        var log = folder.resolve(mode + ".log");
        var process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        return new Wstest(process, log);
    }

    /** What has to stand before the program's name. */
    private static List<String> command(Path folder) throws IOException, InterruptedException {
        if (isOnPath("wstest")) {
            return new ArrayList<>();
        }
        for (var engine : List.of("docker", "podman")) {
            if (isOnPath(engine) && isReady(engine)) {
                var volume = folder + ":" + folder;
                return new ArrayList<>(List.of(
                        engine, "run", "--rm", "--network=host", "--volume=" + volume, "--workdir=" + folder, IMAGE));
            }
        }
        throw new AssertionError(
                "The profile autobahn needs the Autobahn|Testsuite: put wstest (the package autobahntestsuite,"
                        + " for Python 2.7) on the path, or install docker or podman to run the image " + IMAGE + ".");
    }

    private static boolean isOnPath(String program) {
        return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    /** Docker's command alone is of no use: it needs a daemon. */
    private static boolean isReady(String engine) throws IOException, InterruptedException {
        var version = new ProcessBuilder(engine, "version")
                .redirectOutput(Redirect.DISCARD)
                .redirectError(Redirect.DISCARD)
                .start();
        try {
            return version.waitFor(SECONDS_TO_END, TimeUnit.SECONDS) && version.exitValue() == 0;
        } finally {
            version.destroyForcibly();
        }
    }

    /** Waits until it has ended without an error. */
    void awaitSuccess(int minutes) throws IOException, InterruptedException {
        if (!process.waitFor(minutes, TimeUnit.MINUTES)) {
            throw new AssertionError("wstest runs for more than " + minutes + " minutes: " + output());
        }
        if (process.exitValue() != 0) {
            throw new AssertionError("wstest ended with " + process.exitValue() + ": " + output());
        }
    }

    /** Waits, and tells whether it is still running. */
    boolean isRunningAfter(int milliseconds) throws InterruptedException {
        return !process.waitFor(milliseconds, TimeUnit.MILLISECONDS);
    }

    /** All that it has printed. */
    String output() throws IOException {
        return Files.readString(log);
    }

    /** Ends it, and the container with it. */
    @Override
    public void close() {
        process.destroy();
        try {
            process.onExit().orTimeout(SECONDS_TO_END, TimeUnit.SECONDS).join();
        } catch (CompletionException e) {
            process.destroyForcibly();
            throw new AssertionError("wstest does not end", e);
        }
    }
}
