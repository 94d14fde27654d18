package io.github.postern.benchmarks.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.logging.LogManager;

/**
 * The process of one server: its arguments are the {@link Peer} and the {@link Setup}, its first line is the port, and it ends with its input.
 * Each line of that is answered with the bytes of the heap in use after a collection and of its whole memory, 0 if that is not known.
 */
final class ServerProcess {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String RESIDENT = "VmRSS:";
    private static final long KIB = 1024;

    private ServerProcess() {}

    public static void main(String[] arguments) throws Exception {
        var out = System.out;
        // what a library prints is none of the answers
        System.setOut(System.err);
        LogManager.getLogManager().reset();
        var setup = Setup.parse(List.of(arguments).subList(1, arguments.length));
        out.println(Peer.valueOf(arguments[0]).server().start(setup));
        try (var commands = new BufferedReader(new InputStreamReader(System.in, UTF_8))) {
            while (commands.readLine() != null) {
                out.println(heap() + " " + resident());
            }
        }
        System.exit(0);
    }

    /** The second collection frees what the first has handed to cleaners and finalizers. */
    private static long heap() throws InterruptedException {
        var memory = ManagementFactory.getMemoryMXBean();
        memory.gc();
        Thread.sleep(200);
        memory.gc();
        return memory.getHeapMemoryUsage().getUsed();
    }

    private static long resident() throws IOException {
        if (!Files.exists(STATUS)) {
            return 0;
        }
        try (var lines = Files.lines(STATUS)) {
            return lines.filter(line -> line.startsWith(RESIDENT))
                    .mapToLong(line -> KIB * Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElse(0);
        }
    }
}
