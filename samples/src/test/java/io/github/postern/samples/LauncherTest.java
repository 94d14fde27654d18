package io.github.postern.samples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The script {@code samples/run}, as far as it builds nothing. */
@Timeout(30)
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the launcher is a shell script")
class LauncherTest {
    private static final Path SCRIPT = Path.of("run").toAbsolutePath();

    private record Outcome(int exitCode, List<String> out, List<String> err) {}

    @Test
    void alone_it_lists_the_samples() throws Exception {
        var outcome = run(SCRIPT, Path.of(""));
        assertEquals(0, outcome.exitCode());
        for (var name :
                List.of("compare", "echo", "chat", "ticker", "exec", "heartbeat", "client", "fragments", "handshake")) {
            assertEquals(
                    1,
                    outcome.out().stream()
                            .filter(line -> line.startsWith("  " + name + " "))
                            .count(),
                    outcome.toString());
        }
    }

    @Test
    void help_lists_the_samples_too() throws Exception {
        assertEquals(run(SCRIPT, Path.of("")), run(SCRIPT, Path.of(""), "--help"));
    }

    @Test
    void an_unknown_sample_is_a_sentence_and_exit_code_2() throws Exception {
        assertEquals(
                new Outcome(2, List.of(), List.of("samples/run: there is no sample 'eco'; samples/run lists them")),
                run(SCRIPT, Path.of(""), "eco", "--port", "1"));
    }

    @Test
    void it_works_from_anywhere_and_through_symbolic_links(@TempDir Path folder) throws Exception {
        var elsewhere = Files.createDirectory(folder.resolve("some where"));
        var link = Files.createSymbolicLink(elsewhere.resolve("link"), SCRIPT);
        var linkToLink = Files.createSymbolicLink(folder.resolve("postern samples"), folder.relativize(link));
        assertEquals(run(SCRIPT, Path.of("")), run(linkToLink, elsewhere));
    }

    @Test
    void every_sample_has_a_main_class() throws Exception {
        for (var line : Files.readAllLines(Path.of("samples.txt"))) {
            var sample = line.split("\\s+", 3);
            assertEquals(3, sample.length, line);
            var main = Class.forName(sample[1]).getMethod("main", String[].class);
            assertEquals(void.class, main.getReturnType(), line);
            assertTrue(sample[2].length() <= 80, line);
        }
    }

    private static Outcome run(Path script, Path directory, String... arguments)
            throws IOException, InterruptedException {
        var command = new ArrayList<String>(List.of(script.toString()));
        command.addAll(List.of(arguments));
        var process = new ProcessBuilder(command)
                .directory(directory.toAbsolutePath().toFile())
                .start();
        var out = process.inputReader(StandardCharsets.UTF_8).lines().toList();
        var err = process.errorReader(StandardCharsets.UTF_8).lines().toList();
        assertTrue(process.waitFor(20, TimeUnit.SECONDS));
        return new Outcome(process.exitValue(), out, err);
    }
}
