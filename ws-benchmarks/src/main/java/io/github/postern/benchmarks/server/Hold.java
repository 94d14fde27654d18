package io.github.postern.benchmarks.server;

import com.sun.management.UnixOperatingSystemMXBean;
import io.github.postern.benchmarks.process.JvmProcess;
import io.github.postern.benchmarks.process.MemoryUse;
import io.github.postern.benchmarks.process.ServerCpu;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** One server of ours and one process of clients that say nothing, but answer pings: whether all are there after some time, and what they cost meanwhile. */
final class Hold {
    private static final Path LOGS = Path.of("target", "servers");

    /** What a JVM has open besides. */
    private static final int OTHER_DESCRIPTORS = 200;

    /** How often it says how things are. */
    private static final Duration NEWS_INTERVAL = Duration.ofSeconds(10);

    private static final double NANOS_PER_SECOND = 1e9;
    private static final double NANOS_PER_MILLI = 1e6;

    private final HoldOptions options;
    private final JvmProcess server;
    private final JvmProcess clients;

    private Hold(HoldOptions options, JvmProcess server, JvmProcess clients) {
        this.options = options;
        this.server = server;
        this.clients = clients;
    }

    /** Whether no connection was lost, and each has answered pings if there was the time. */
    static boolean run(HoldOptions options) throws IOException, InterruptedException {
        if (!hasDescriptors(options.connections() + OTHER_DESCRIPTORS)) {
            return false;
        }
        say("%,d connections, a ping after %s s of silence, held for %s s; %s"
                .formatted(
                        options.connections(),
                        seconds(options.ping()),
                        seconds(options.time()),
                        JvmProcess.isPinning() ? "server and clients each on a core of its own" : "not pinned"));
        try (var server = JvmProcess.start(
                ServerRun.CORE,
                ServerRun.optionsForMemory(),
                HoldServer.class,
                List.of(options.ping().toString()),
                LOGS.resolve("hold-server.log"))) {
            var arguments = List.of(server.answer(), Integer.toString(options.connections()));
            try (var clients = JvmProcess.start(
                    ServersBenchmark.LOAD_CORE,
                    ServersBenchmark.LOAD_OPTIONS,
                    HoldClients.class,
                    arguments,
                    LOGS.resolve("hold-clients.log"))) {
                checked(clients.answer());
                return new Hold(options, server, clients).isHeld();
            }
        }
    }

    private static boolean hasDescriptors(long needed) {
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
                && system.getMaxFileDescriptorCount() < needed) {
            System.err.println("a process may have %,d descriptors open here (ulimit -n), and this takes %,d"
                    .formatted(system.getMaxFileDescriptorCount(), needed));
            return false;
        }
        return true;
    }

    private boolean isHeld() throws IOException, InterruptedException {
        var memoryBefore = memory();
        long opening = System.nanoTime();
        checked(clients.ask("open"));
        say("opened in %.1f s".formatted((System.nanoTime() - opening) / NANOS_PER_SECOND));
        var before = traffic();
        var cpu = new ServerCpu(server.pid());
        long cpuBefore = cpu.nanos();
        long begin = System.nanoTime();
        var seen = hold(before);
        double held = (System.nanoTime() - begin) / NANOS_PER_SECOND;
        double cpuNanos = cpu.nanos() - cpuBefore;
        var after = traffic();
        var memory = memory();
        say("still open: %,d on the server, %,d at the clients".formatted(after.open(), seen.open()));
        say(
                "pings: %,d sent, %,d answered while they were held; each connection has answered %d or more since it was opened"
                        .formatted(after.pingsSince(before), after.pongsSince(before), seen.fewestPongs()));
        say("heap per connection: %,.0f bytes".formatted(memory.heapSince(memoryBefore, options.connections())));
        if (memory.resident() > 0) {
            say("memory outside of the heap per connection: %,.0f bytes"
                    .formatted(memory.outsideSince(memoryBefore, options.connections())));
        }
        say("server CPU while it holds them: %.1f ms per second".formatted(cpuNanos / NANOS_PER_MILLI / held));
        return isComplete(after.open(), seen);
    }

    private Seen hold(HeldTraffic before) throws IOException, InterruptedException {
        long end = System.nanoTime() + options.time().toNanos();
        while (true) {
            long left = Math.clamp(end - System.nanoTime(), 0, NEWS_INTERVAL.toNanos());
            var seen = Seen.parse(checked(clients.ask(Long.toString(TimeUnit.NANOSECONDS.toMillis(left)))));
            if (end - System.nanoTime() < NANOS_PER_MILLI) {
                return seen;
            }
            var now = traffic();
            say("  %,d open, %,d pings answered".formatted(now.open(), now.pongsSince(before)));
        }
    }

    private boolean isComplete(int open, Seen seen) {
        boolean timeForPings = options.time().compareTo(options.ping().multipliedBy(2)) >= 0;
        if (open != options.connections() || seen.open() != open) {
            System.err.println("connections were lost, see " + LOGS);
            return false;
        }
        if (timeForPings && seen.fewestPongs() == 0) {
            System.err.println("there are connections that have not been pinged");
            return false;
        }
        return true;
    }

    private MemoryUse memory() throws IOException, InterruptedException {
        return MemoryUse.parse(server.ask(HoldServer.MEMORY));
    }

    private HeldTraffic traffic() throws IOException, InterruptedException {
        return HeldTraffic.parse(server.ask(HoldServer.TRAFFIC));
    }

    private static String checked(String answer) throws IOException {
        if (answer.startsWith(LoadProcess.FAILED)) {
            throw new IOException(answer.substring(LoadProcess.FAILED.length()));
        }
        return answer;
    }

    private static String seconds(Duration time) {
        return Double.toString(time.toNanos() / NANOS_PER_SECOND).replaceFirst("\\.0$", "");
    }

    private static void say(String line) {
        System.out.println(line);
    }

    /** What the clients say. */
    private record Seen(int open, int fewestPongs) {
        static Seen parse(String line) {
            var numbers = line.split(" ", -1);
            return new Seen(Integer.parseInt(numbers[0]), Integer.parseInt(numbers[1]));
        }
    }
}
