package io.github.postern.push;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Finds the threads of push clients, virtual ones included, by a thread dump from outside. */
final class ClientThreads {
    private ClientThreads() {}

    /** The first lines, with their names, of those that live. */
    static List<String> live() throws IOException, InterruptedException {
        var dump = Files.createTempFile("threads", ".txt");
        try {
            var jcmd = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "jcmd")
                                    .toString(),
                            Long.toString(ProcessHandle.current().pid()),
                            "Thread.dump_to_file",
                            "-overwrite",
                            dump.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            assertEquals(0, jcmd.waitFor());
            return Files.readAllLines(dump).stream()
                    .filter(line -> line.contains("\"postern-push-client") || line.contains("\"HttpClient-"))
                    .toList();
        } finally {
            Files.delete(dump);
        }
    }

    /** Waits until there are none. */
    static void awaitNone() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (!live().isEmpty() && System.nanoTime() < deadline) {
            Thread.onSpinWait();
        }
        assertEquals(List.of(), live());
    }
}
