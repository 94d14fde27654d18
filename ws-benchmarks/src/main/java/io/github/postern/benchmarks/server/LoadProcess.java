package io.github.postern.benchmarks.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.postern.benchmarks.process.ServerCpu;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.util.concurrent.TimeUnit;

/**
 * The process that loads servers, one after the other, so that it is compiled when it matters. Each line of its input is a load: row, port and
 * process of the server, milliseconds of warm-up and of measuring. The answer is a {@link Measurement}, or a line that begins with
 * {@value #UNSUPPORTED} or {@value #FAILED}. Of rows of {@link Row.Kind#IDLE} it answers {@value #READY} to each of three lines: when the server is warm, when the
 * connections are open, and when they are closed again.
 */
final class LoadProcess {
    static final String UNSUPPORTED = "unsupported: ";
    static final String FAILED = "failed: ";
    static final String READY = "ready";

    private final BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, UTF_8));

    private LoadProcess() {}

    public static void main(String[] arguments) throws IOException {
        new LoadProcess().run();
    }

    private void run() throws IOException {
        for (var line = commands.readLine(); line != null; line = commands.readLine()) {
            System.out.println(answer(line.split(" ", -1)));
        }
    }

    private String answer(String[] command) {
        try {
            var row = Row.valueOf(command[0]);
            int port = Integer.parseInt(command[1]);
            if (row.kind() == Row.Kind.IDLE) {
                return idle(row, port);
            }
            var cpu = new ServerCpu(Long.parseLong(command[2]));
            var times = new LoadTimes(nanos(command[3]), nanos(command[4]));
            return (row.kind() == Row.Kind.HANDSHAKE
                            ? HandshakeLoad.run(row, port, cpu, times)
                            : MessageLoad.run(row, port, cpu, times))
                    .line();
        } catch (UnsupportedOperationException e) {
            return UNSUPPORTED + e.getMessage();
        } catch (IOException | RuntimeException e) {
            return FAILED + e;
        }
    }

    private String idle(Row row, int port) throws IOException {
        IdleLoad.warmUp(row, port);
        System.out.println(READY);
        awaitLine();
        var load = IdleLoad.of(row, port);
        try {
            System.out.println(READY);
            awaitLine();
        } finally {
            load.close();
        }
        return READY;
    }

    private void awaitLine() throws IOException {
        if (commands.readLine() == null) {
            throw new IOException("nobody listens any more");
        }
    }

    private static long nanos(String millis) {
        return TimeUnit.MILLISECONDS.toNanos(Long.parseLong(millis));
    }
}
