package io.github.postern.push;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the tests of the browser client's parts with Node's own runner. Skipped without Node, except in CI. */
class PosternJsTest {
    private static final int PATIENCE_SECONDS = 120;

    @Test
    void passes_its_tests_in_node(@TempDir Path folder) throws Exception {
        requireNode();
        var command = new ArrayList<>(List.of("node", "--test"));
        try (var files = Files.list(Path.of("src", "test", "js"))) {
            files.map(Path::toString)
                    .filter(name -> name.endsWith(".test.mjs"))
                    .sorted()
                    .forEach(command::add);
        }
        assertFalse(command.size() < 5, "tests are missing: " + command);
        var output = folder.resolve("output").toFile();
        var process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output)
                .start();
        try {
            assertTrue(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), "Node does not end");
            assertEquals(0, process.exitValue(), () -> contents(output));
        } finally {
            process.destroyForcibly();
        }
    }

    private static void requireNode() {
        var path = System.getenv("PATH");
        var isPresent = path != null
                && Arrays.stream(path.split(File.pathSeparator))
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, "node")));
        if ("true".equals(System.getenv("CI"))) {
            assertTrue(isPresent, "no node on the path");
        }
        assumeTrue(isPresent, "no node on the path");
    }

    private static String contents(File file) {
        try {
            return Files.readString(file.toPath());
        } catch (IOException e) {
            return "no output: " + e;
        }
    }
}
