package io.github.postern.verify.chaos;

import io.github.postern.faults.Fault;
import io.github.postern.faults.FaultProxy;
import io.github.postern.faults.Request;
import io.github.postern.push.PushClient;
import io.github.postern.push.PushClientOptions;
import io.github.postern.push.PushLimits;
import io.github.postern.push.PushOptions;
import io.github.postern.push.PushSession;
import io.github.postern.push.PushTransport;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One session after the other through a bad network: over each transport, and over all of them in turn. */
final class Chaos {
    /** Messages each way. */
    static final int PER_SECOND = 300;

    private static final Duration LONGEST_SESSION = Duration.ofSeconds(20);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Each transport alone, and none: one transport after the other, as what is left. */
    private static final List<Optional<PushTransport>> EVERY_WAY = Stream.concat(
                    Stream.of(PushTransport.values()).map(Optional::of), Stream.of(Optional.<PushTransport>empty()))
            .toList();

    private final long seed;
    private final List<Optional<PushTransport>> ways;
    private final PrintWriter out;
    private final Map<String, Long> counts = Mischief.counts();
    private final List<String> failures = new ArrayList<>();
    private long up;
    private long down;
    private int sessions;

    /** A run over every transport. */
    Chaos(long seed, PrintWriter out) {
        this(seed, EVERY_WAY, out);
    }

    /** A run whose sessions are carried by these transports in turn; an empty one is a client that may choose. */
    Chaos(long seed, List<Optional<PushTransport>> ways, PrintWriter out) {
        this.seed = seed;
        this.ways = ways;
        this.out = out;
    }

    /**
     * What came of it.
     *
     * @param up messages that the server's application received, each once and in order if there are no failures
     * @param down those that the client's received
     * @param sessions how many sessions carried them
     * @param struck how many faults have struck, by kind
     * @param failures what went wrong
     */
    record Outcome(long up, long down, int sessions, Map<String, Long> struck, List<String> failures) {
        void print(PrintWriter out) {
            out.println("messages to the server " + up + ", to the client " + down + ", in " + sessions + " sessions");
            struck.forEach((kind, count) -> out.printf("%6d  %s%n", count, kind));
            failures.forEach(failure -> out.println("FAILED  " + failure));
            out.println(failures.isEmpty() ? "every message arrived once and in order" : "not as it must be");
        }
    }

    /** Runs so long, or until something goes wrong. */
    Outcome run(Duration time) throws IOException, InterruptedException {
        out.println(
                "chaos: seed " + seed + ", " + time.toSeconds() + " s, " + PER_SECOND + " messages a second each way");
        long end = System.nanoTime() + time.toNanos();
        var each = time.dividedBy(ways.size()).compareTo(LONGEST_SESSION) < 0
                ? time.dividedBy(ways.size())
                : LONGEST_SESSION;
        try (var site = new PushSite(serverOptions());
                var proxy = FaultProxy.to(site::port).start()) {
            while (System.nanoTime() < end && failures.isEmpty()) {
                session(site, proxy, each);
            }
        }
        return new Outcome(up, down, sessions, counts, failures);
    }

    /** A stall of some seconds is no overflow: what cannot be delivered waits. */
    private static PushOptions serverOptions() {
        return PushOptions.defaults()
                .withLimits(PushLimits.defaults().withUnacknowledged(10_000, 4 << 20))
                .withHeartbeat(Duration.ofMillis(500))
                .withPollTimeout(Duration.ofMillis(400))
                .withSendTimeout(PATIENCE);
    }

    private static PushClientOptions clientOptions() {
        return PushClientOptions.defaults()
                .withConnectTimeout(Duration.ofSeconds(2))
                .withPollInterval(Duration.ofMillis(50))
                .withUnacknowledged(10_000, 4 << 20)
                .withSendTimeout(PATIENCE);
    }

    private void session(PushSite site, FaultProxy proxy, Duration time) throws IOException, InterruptedException {
        var random = new Random(seed + sessions);
        var transport = ways.get(sessions % ways.size()).orElse(null);
        sessions++;
        try (var client = connect(proxy, transport)) {
            var conversation = new Conversation(client, site.take(client), PER_SECOND, random.nextLong()).start();
            var mischief = new Mischief(proxy, random, counts, new CountDownLatch(1));
            long began = System.nanoTime();
            for (long left = time.toNanos(); left > 0; left = time.toNanos() - (System.nanoTime() - began)) {
                if (transport == null) {
                    driveOn(proxy, client, (double) left / time.toNanos());
                }
                mischief.strike();
                mischief.pause(mischief.time(400));
            }
            mischief.clear();
            report(conversation.finish(PATIENCE), transport);
            down += conversation.client().received();
            up += conversation.server().received();
        }
    }

    private static PushSession connect(FaultProxy proxy, @Nullable PushTransport transport) throws IOException {
        var builder = PushClient.builder(proxy.uri("/push")).options(clientOptions());
        return (transport == null ? builder : builder.transport(transport)).connect();
    }

    /** Takes the WebSocket away after a third of the time, and the stream after two. */
    private void driveOn(FaultProxy proxy, PushSession client, double left) {
        var transport = client.transport();
        if (transport == PushTransport.WEBSOCKET && left < 2 / 3.) {
            proxy.every(Request.upgrade(), Fault.answer(404));
        } else if (transport == PushTransport.SSE && left < 1 / 3.) {
            proxy.every(
                    Request.get()
                            .and(Request.field("Postern-Transport", "long-polling")
                                    .negate()),
                    Fault.answer(404));
        } else {
            return;
        }
        counts.merge("driven on from " + transport, 1L, Long::sum);
        proxy.resetAll();
    }

    private void report(@Nullable String failure, @Nullable PushTransport transport) {
        if (failure != null) {
            failures.add("session " + sessions + " over " + (transport == null ? "all" : transport) + ": " + failure);
        }
    }
}
