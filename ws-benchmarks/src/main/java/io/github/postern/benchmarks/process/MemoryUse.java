package io.github.postern.benchmarks.process;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a process uses, and the line that carries it to another one.
 *
 * @param heap bytes in use after a collection
 * @param resident bytes of the whole process that are in memory; 0 if that is not known
 */
public record MemoryUse(long heap, long resident) {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String RESIDENT = "VmRSS:";
    private static final long KIB = 1024;
    private static final long CLEANING_MILLIS = 200;

    /** Of this process. */
    public static MemoryUse now() throws IOException, InterruptedException {
        return new MemoryUse(collected(), residentNow());
    }

    public static MemoryUse parse(String line) {
        var numbers = line.split(" ", -1);
        return new MemoryUse(Long.parseLong(numbers[0]), Long.parseLong(numbers[1]));
    }

    public String line() {
        return heap + " " + resident;
    }

    /** The second collection frees what the first has handed to cleaners and finalizers. */
    private static long collected() throws InterruptedException {
        var memory = ManagementFactory.getMemoryMXBean();
        memory.gc();
        Thread.sleep(CLEANING_MILLIS);
        memory.gc();
        return memory.getHeapMemoryUsage().getUsed();
    }

    private static long residentNow() throws IOException {
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

    /** What has come to the heap since, by each of so many connections. */
    public double heapSince(MemoryUse before, int connections) {
        return (double) (heap - before.heap) / connections;
    }

    /** As {@link #heapSince}, of the rest: the heap of these processes is resident from the start. */
    public double outsideSince(MemoryUse before, int connections) {
        return (double) (resident - before.resident) / connections;
    }
}
