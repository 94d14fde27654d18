package io.github.postern.push;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Finds the threads of push clients, virtual ones included. */
final class ClientThreads {
    private static final List<String> NAMES =
            List.of("postern-push-client", "postern-push-poster", "postern-push-writer-client", "postern-push-http");

    private ClientThreads() {}

    /** The names of those that live. */
    static List<String> live() throws Exception {
        var dump = Files.createTempDirectory("threads").resolve("dump");
        try {
            var diagnostic = java.lang.management.ManagementFactory.getPlatformMBeanServer();
            diagnostic.invoke(
                    new javax.management.ObjectName("com.sun.management:type=HotSpotDiagnostic"),
                    "dumpThreads",
                    new Object[] {dump.toString(), "TEXT_PLAIN"},
                    new String[] {"java.lang.String", "com.sun.management.HotSpotDiagnosticMXBean$ThreadDumpFormat"});
            return Files.readAllLines(dump).stream()
                    .filter(line -> line.startsWith("#") && line.contains("\"postern-push"))
                    .toList();
        } finally {
            Files.deleteIfExists(Path.of(dump.toString()));
        }
    }

    /** Waits until there are none. */
    static void awaitNone() throws Exception {
        for (int i = 0; i < 1_000 && !live().isEmpty(); i++) {
            TimeUnit.MILLISECONDS.sleep(10);
        }
        assertEquals(List.of(), live());
    }
}
