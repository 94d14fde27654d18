package io.github.postern.verify.interop;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Node programs that use third-party packages. Without Node a test is skipped, except in CI, where that is a failure. */
public final class Npm {
    private static final Path FOLDER = Path.of("target", "npm").toAbsolutePath();
    private static final int PATIENCE_SECONDS = 120;

    private Npm() {}

    /** Installs packages, each with its version, into the build's folder. */
    public static void install(String... packages) throws Exception {
        requireOnPath("npm");
        var command = new ArrayList<>(List.of(
                "npm", "install", "--no-save", "--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts"));
        command.addAll(List.of(packages));
        Files.createDirectories(FOLDER);
        Files.writeString(FOLDER.resolve("package.json"), "{\"private\":true}");
        run(command);
    }

    /** A file of an installed package. */
    public static Path file(String name) {
        return FOLDER.resolve("node_modules").resolve(name);
    }

    /** Runs npm in a folder, and returns what it printed. */
    public static String npm(Path folder, String... arguments) throws Exception {
        requireOnPath("npm");
        var command = new ArrayList<>(List.of("npm", "--prefix", folder.toString()));
        command.addAll(List.of(arguments));
        return run(command);
    }

    /** Runs a script of {@code src/test/js} and returns what it printed. */
    static String node(String script, String... arguments) throws Exception {
        var source = Path.of("src", "test", "js", script);
        var copy = Files.copy(source, FOLDER.resolve(script), StandardCopyOption.REPLACE_EXISTING);
        var command = new ArrayList<>(List.of("node", copy.toString()));
        command.addAll(List.of(arguments));
        return run(command);
    }

    static void requireOnPath(String program) {
        var found = Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
        if (!found) {
            if ("true".equals(System.getenv("CI"))) {
                throw new AssertionError("not on the path: " + program);
            }
            abort("not on the path: " + program);
        }
    }

    static String run(List<String> command) throws IOException, InterruptedException {
        var output = Files.createTempFile("postern", ".out");
        var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        if (Files.isDirectory(FOLDER)) {
            builder.directory(FOLDER.toFile());
        }
        var process = builder.start();
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError(command + " did not end: " + Files.readString(output));
            }
            var text = Files.readString(output, StandardCharsets.UTF_8);
            if (process.exitValue() != 0) {
                throw new AssertionError(command + " ended with " + process.exitValue() + ": " + text);
            }
            return text;
        } finally {
            process.destroyForcibly();
            Files.delete(output);
        }
    }
}
