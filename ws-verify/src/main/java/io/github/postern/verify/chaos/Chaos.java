package io.github.postern.verify.chaos;

import io.github.postern.faults.Fault;
import io.github.postern.faults.FaultProxy;
import io.github.postern.faults.Request;
import io.github.postern.push.ClientPushSession;
import io.github.postern.push.PushClient;
import io.github.postern.push.PushClientListener;
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
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** One session after the other through a bad network: over each transport alone, over what is left of them, and moved from one to the other. */
final class Chaos {
    /** Messages each way. */
    static final int PER_SECOND = 300;

    private static final Duration LONGEST_SESSION = Duration.ofSeconds(20);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** The server is drained after so many sessions, while the last of them goes on talking, and another takes its place. */
    private static final int SESSIONS_OF_A_SERVER = 3;

    private static final int LONGEST_WINDOW_MILLIS = 500;

    private final long seed;
    private final List<Way> ways;
    private final PrintWriter out;
    private final Tally tally = new Tally();
    private final List<String> failures = new ArrayList<>();
    private long up;
    private long down;
    private int sessions;

    private volatile PushSite site;

    /** A run over every transport, with every kind of switch. */
    Chaos(long seed, PrintWriter out) throws IOException {
        this(seed, Way.EVERY, out);
    }

    /** A run whose sessions go these ways in turn. */
    Chaos(long seed, List<Way> ways, PrintWriter out) throws IOException {
        this.seed = seed;
        this.ways = List.copyOf(ways);
        this.out = out;
        this.site = new PushSite(serverOptions());
    }

    /**
     * What came of it.
     *
     * @param up messages that the server's application received, each once and in order if there are no failures
     * @param down those that the client's received
     * @param sessions how many sessions carried them
     * @param struck how many faults have struck, and what has changed what carries a session how often, by kind
     * @param failures what went wrong
     */
    record Outcome(long up, long down, int sessions, Map<String, Long> struck, List<String> failures) {
        void print(PrintWriter out) {
            out.println("messages to the server " + up + ", to the client " + down + ", in " + sessions + " sessions");
            struck.forEach((kind, count) -> out.printf("%6d  %s%n", count, kind));
            failures.forEach(failure -> out.println("FAILED  " + failure));
            out.println(failures.isEmpty() ? "every message arrived once and in order" : "not as it must be");
        }

        /** How often something of a kind, such as {@code fault}, has happened. */
        long count(String kind) {
            return struck.entrySet().stream()
                    .filter(entry -> entry.getKey().startsWith(kind + ": "))
                    .mapToLong(Map.Entry::getValue)
                    .sum();
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
        try (var proxy = FaultProxy.to(() -> site.port()).start()) {
            while (System.nanoTime() < end && failures.isEmpty()) {
                session(proxy, each);
            }
        } finally {
            site.close();
        }
        countAttachments();
        return new Outcome(up, down, sessions, tally.counts(), failures);
    }

    /** A stall of some seconds is no overflow: what cannot be delivered waits. */
    private static PushOptions serverOptions() {
        return PushOptions.defaults()
                .withLimits(PushLimits.defaults().withUnacknowledged(10_000, 4 << 20))
                .withHeartbeat(Duration.ofMillis(500))
                .withPollTimeout(Duration.ofMillis(400))
                .withRotation(Duration.ofMillis(1_500))
                .withSendTimeout(PATIENCE);
    }

    private static PushClientOptions clientOptions() {
        return PushClientOptions.defaults()
                .withConnectTimeout(Duration.ofSeconds(5))
                .withPollInterval(Duration.ofMillis(50))
                .withFallbackMemory(Duration.ofSeconds(2))
                .withCloseTimeout(PATIENCE)
                .withUnacknowledged(10_000, 4 << 20)
                .withSendTimeout(PATIENCE);
    }

    private void session(FaultProxy proxy, Duration time) throws IOException, InterruptedException {
        var random = new Random(seed + sessions);
        var way = ways.get(sessions % ways.size());
        sessions++;
        try (var client = connect(proxy, way)) {
            var conversation = new Conversation(client, site.take(client), PER_SECOND, random.nextLong()).start();
            var mischief = new Mischief(proxy, random, tally, new CountDownLatch(1));
            var switches = new Switches(site, client, new Random(random.nextLong()), tally);
            if (way == Way.MOVING) {
                switches.start();
            }
            long began = System.nanoTime();
            for (long left = time.toNanos(); left > 0; left = time.toNanos() - (System.nanoTime() - began)) {
                if (way == Way.DOWNHILL) {
                    driveOn(proxy, client, (double) left / time.toNanos());
                }
                mischief.strike();
                mischief.pause(mischief.time(400));
            }
            mischief.clear();
            if (way == Way.MOVING) {
                report(switches.stop(), way);
            }
            report(end(conversation, random), way);
            down += conversation.client().received();
            up += conversation.server().received();
        }
    }

    /**
     * Ends a conversation, now and then by draining the server while it goes on: when the client is back and what is half open was noticed, since a server does not
     * wait for one that is away. Returns what went wrong, or {@code null}.
     */
    private @Nullable String end(Conversation conversation, Random random) throws IOException, InterruptedException {
        if (sessions % SESSIONS_OF_A_SERVER != 0) {
            return conversation.finish(PATIENCE);
        }
        var failure = conversation.awaitMore(PER_SECOND, PATIENCE);
        if (failure != null) {
            return failure;
        }
        site.drain(Duration.ofMillis(random.nextInt(LONGEST_WINDOW_MILLIS)), PATIENCE);
        tally.count("switch: a server was drained, and another has taken its place");
        failure = conversation.drained(PATIENCE);
        countAttachments();
        site = new PushSite(serverOptions());
        return failure;
    }

    private void countAttachments() {
        site.metrics()
                .transports()
                .forEach((transport, carried) -> tally.add("attached: " + transport, carried.attachments()));
    }

    private ClientPushSession connect(FaultProxy proxy, Way way) throws IOException {
        var builder = PushClient.builder(proxy.uri("/push")).options(clientOptions());
        if (way.transport() != null) {
            builder.transport(way.transport());
        }
        return builder.listener(new PushClientListener() {
                    @Override
                    public void onTransportChange(ClientPushSession session, PushTransport from, PushTransport to) {
                        tally.count("carried on: by " + to + " after " + from);
                    }

                    @Override
                    public void onResumed(ClientPushSession session, Duration interruption) {
                        tally.count("resumed: when nothing had carried the session");
                    }
                })
                .connect();
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
        tally.count("switch: driven down from " + transport + " by the network");
        proxy.resetAll();
    }

    private void report(@Nullable String failure, Way way) {
        if (failure != null) {
            failures.add("session " + sessions + ", " + way + ": " + failure);
        }
    }
}
