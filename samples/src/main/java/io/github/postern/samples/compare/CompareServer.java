package io.github.postern.samples.compare;

import com.sun.management.OperatingSystemMXBean;
import io.github.postern.push.PushLimits;
import io.github.postern.push.PushOptions;
import io.github.postern.push.PushServer;
import io.github.postern.push.PushSession;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * The server that is measured, in a process of its own: publishes each line of its standard input, a JSON value, to everybody, and ends with that input. To
 * a line {@value #LOAD} it answers what it has used. Its first line of output tells where it listens, or what is wrong.
 */
final class CompareServer {
    static final String LISTENING = "listening on port ";

    /** Asks for processor time in nanoseconds and bytes of the heap, which are answered with a space between them. */
    static final String LOAD = "load";

    /** Throws garbage away first. */
    static final String CLEAN_LOAD = "clean load";

    private CompareServer() {}

    public static void main(String[] args) throws IOException {
        // a browser's tab that sleeps must not hold up the others for long, and polls may be far apart
        var options = PushOptions.defaults()
                .withLimits(PushLimits.defaults()
                        .withUnacknowledged(100_000, 64 << 20)
                        .withSessions(10_000, 10_000))
                .withSendTimeout(Duration.ofMillis(100));
        PushServer server;
        try {
            server = PushServer.builder()
                    .host("localhost")
                    .port(0)
                    .options(options)
                    .maxConnectionsPerAddress(10_000)
                    .path("/push", session -> session.forEach(message -> {})) // nothing is expected from clients
                    .start();
        } catch (IOException e) {
            System.out.println(e.getMessage());
            return;
        }
        try (server) {
            System.out.println(LISTENING + server.port());
            obey(server, new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)));
        }
    }

    private static void obey(PushServer server, BufferedReader lines) throws IOException {
        long number = 0;
        for (var line = lines.readLine(); line != null; line = lines.readLine()) {
            switch (line) {
                case LOAD -> System.out.println(load());
                case CLEAN_LOAD -> {
                    System.gc();
                    System.out.println(load());
                }
                default -> publish(server, message(++number, line));
            }
        }
    }

    private static String load() {
        var machine = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
        return machine.getProcessCpuTime() + " " + heap;
    }

    private static void publish(PushServer server, String message) {
        for (var session : server.sessions()) {
            send(session, message);
        }
    }

    /** A JSON value with its number and when it was sent, in milliseconds since 1970. */
    private static String message(long number, String json) {
        long micros = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
        return "{\"n\":" + number + ",\"sent\":" + BigDecimal.valueOf(micros, 3) + ",\"data\":" + json + "}";
    }

    private static void send(PushSession session, String message) {
        try {
            session.send(message);
        } catch (IOException e) {
            // this client has gone, or takes nothing any more: its session has ended
        }
    }
}
