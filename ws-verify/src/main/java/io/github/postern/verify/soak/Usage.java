package io.github.postern.verify.soak;

import io.github.postern.ws.connection.ConnectionMetrics;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** What the process takes. Memory in bytes. */
record Usage(
        long heap,
        long resident,
        long direct,
        int platformThreads,
        int virtualThreads,
        int descriptors,
        long connections,
        int zlib) {
    /** What is still ending has ended after that: the timeouts of everything that the soak does are shorter. */
    private static final long PATIENCE_NANOS = Duration.ofSeconds(30).toNanos();

    /** How often nothing may become less before it is believed. */
    private static final int STEADY = 5;

    /** Measured again and again until nothing becomes less any more. */
    static Usage settled() throws IOException {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        var least = now();
        for (int steady = 0; steady < STEADY && System.nanoTime() - deadline < 0; steady++) {
            LockSupport.parkNanos(Duration.ofMillis(300).toNanos());
            var now = now();
            if (now.isBelow(least)) {
                steady = -1;
            }
            least = least.least(now);
        }
        return least;
    }

    private static Usage now() throws IOException {
        System.gc();
        var metrics = ConnectionMetrics.snapshot();
        return new Usage(
                ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
                residentMemory(),
                directMemory(),
                ManagementFactory.getThreadMXBean().getThreadCount(),
                VirtualThreads.count(),
                descriptorCount(),
                metrics.open(),
                metrics.compressors() + metrics.decompressors());
    }

    private static long residentMemory() throws IOException {
        for (var line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) << 10;
            }
        }
        throw new IOException("no VmRSS in /proc/self/status");
    }

    private static long directMemory() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
    }

    private static int descriptorCount() throws IOException {
        try (var descriptors = Files.list(Path.of("/proc/self/fd"))) {
            return (int) descriptors.count();
        }
    }

    /** Whether one of the numbers is noticeably less: memory is never twice the same. */
    private boolean isBelow(Usage other) {
        return heap < other.heap - (64 << 10)
                || resident < other.resident - (1 << 20)
                || platformThreads < other.platformThreads
                || virtualThreads < other.virtualThreads
                || descriptors < other.descriptors
                || connections < other.connections;
    }

    private Usage least(Usage other) {
        return new Usage(
                Math.min(heap, other.heap),
                Math.min(resident, other.resident),
                Math.min(direct, other.direct),
                Math.min(platformThreads, other.platformThreads),
                Math.min(virtualThreads, other.virtualThreads),
                Math.min(descriptors, other.descriptors),
                Math.min(connections, other.connections),
                Math.min(zlib, other.zlib));
    }
}
