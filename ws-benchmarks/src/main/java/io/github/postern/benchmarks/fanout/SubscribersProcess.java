package io.github.postern.benchmarks.fanout;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.postern.benchmarks.process.ServerCpu;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The process of the subscribers. A line of its input is {@code PEER TRANSPORT,… PORT COUNT}: it opens that many and answers {@value #READY}. Of the lines that follow {@code run CONTROL BURST PID
 * WARM_UP_MILLIS MILLIS} has it measure, which is answered with {@link Deliveries}, and {@code close} closes them, which is answered {@value #READY}. Any answer may be a line that begins
 * with {@value #FAILED} instead.
 */
final class SubscribersProcess {
    static final String READY = "ready";
    static final String FAILED = "failed: ";

    private SubscribersProcess() {}

    public static void main(String[] arguments) throws IOException {
        try (var commands = new BufferedReader(new InputStreamReader(System.in, UTF_8))) {
            for (var line = commands.readLine(); line != null; line = commands.readLine()) {
                serve(line.split(" ", -1), commands);
            }
        }
    }

    private static void serve(String[] opening, BufferedReader commands) {
        var over = Arrays.stream(opening[1].split(",", -1)).map(Over::valueOf).toList();
        try (var subscribers = open(Peer.valueOf(opening[0]), over, opening)) {
            System.out.println(READY);
            for (var line = commands.readLine(); line != null && !line.equals("close"); line = commands.readLine()) {
                System.out.println(run(subscribers, line.split(" ", -1)).line());
            }
        } catch (IOException | RuntimeException e) {
            System.out.println(FAILED + e);
            return;
        }
        System.out.println(READY);
    }

    private static Subscribers open(Peer peer, List<Over> over, String[] opening) throws IOException {
        return Subscribers.open(peer, over, Integer.parseInt(opening[2]), Integer.parseInt(opening[3]));
    }

    private static Deliveries run(Subscribers subscribers, String[] run) throws IOException {
        var cpu = new ServerCpu(Long.parseLong(run[3]));
        return subscribers.measure(
                Integer.parseInt(run[1]), Integer.parseInt(run[2]), cpu, nanos(run[4]), nanos(run[5]));
    }

    private static long nanos(String millis) {
        return TimeUnit.MILLISECONDS.toNanos(Long.parseLong(millis));
    }
}
