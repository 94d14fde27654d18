package io.github.postern.benchmarks.server;

/** The processor time of a server, user's and system's, as the operating system counts it. */
final class ServerCpu {
    private final ProcessHandle process;

    ServerCpu(long pid) {
        process = ProcessHandle.of(pid).orElseThrow(() -> new IllegalStateException("the server has ended"));
    }

    long nanos() {
        return process.info()
                .totalCpuDuration()
                .orElseThrow(() -> new IllegalStateException("the server has ended"))
                .toNanos();
    }
}
