package io.github.postern.benchmarks.process;

/** The processor time of a server, user's and system's, as the operating system counts it. */
public final class ServerCpu {
    private final ProcessHandle process;

    public ServerCpu(long pid) {
        process = ProcessHandle.of(pid).orElseThrow(() -> new IllegalStateException("the server has ended"));
    }

    public long nanos() {
        return process.info()
                .totalCpuDuration()
                .orElseThrow(() -> new IllegalStateException("the server has ended"))
                .toNanos();
    }
}
