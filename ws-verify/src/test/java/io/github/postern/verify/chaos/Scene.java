package io.github.postern.verify.chaos;

import static io.github.postern.push.PushTransport.LONG_POLLING;
import static io.github.postern.push.PushTransport.SSE;
import static io.github.postern.push.PushTransport.WEBSOCKET;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.postern.faults.Fault;
import io.github.postern.faults.FaultProxy;
import io.github.postern.faults.Request;
import io.github.postern.push.ClientPushSession;
import io.github.postern.push.PushClient;
import io.github.postern.push.PushClientOptions;
import io.github.postern.push.PushLimits;
import io.github.postern.push.PushOptions;
import io.github.postern.push.PushSession;
import io.github.postern.push.PushTransport;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;

/** A session through a proxy, and the conversation that it carries: what the rows of the fault matrix have in common. */
record Scene(PushSite site, FaultProxy proxy, ClientPushSession client, Conversation conversation) {
    static final int PER_SECOND = 500;
    static final long SEED = 5;
    static final Duration PATIENCE = Duration.ofSeconds(20);
    static final PushTransport[] ALL = {WEBSOCKET, SSE, LONG_POLLING};
    static final PushTransport[] HTTP = {SSE, LONG_POLLING};

    static final Predicate<Request> POLL = Request.field("Postern-Transport", "long-polling");

    /** Long enough for several faults, short enough for many rows. */
    static final long MESSAGES = 100;

    private static final int ROWS_AT_ONCE = 4;
    private static final int UNDER_WAY = 1_000;

    /** What happens to a session, open and talking. */
    @FunctionalInterface
    interface Trouble {
        void befall(Scene scene) throws Exception;
    }

    /** So much is under way before anything overflows that a network may stop for seconds. */
    static PushOptions options() {
        return PushOptions.defaults()
                .withLimits(PushLimits.defaults().withUnacknowledged(4_000, 1 << 20))
                .withHeartbeat(Duration.ofMillis(500))
                .withPollTimeout(Duration.ofMillis(300))
                .withCloseTimeout(Duration.ofSeconds(1));
    }

    static PushClient.Builder client(FaultProxy proxy) {
        return client(proxy.uri("/push"));
    }

    static PushClient.Builder client(URI uri) {
        return PushClient.builder(uri)
                .options(PushClientOptions.defaults()
                        .withConnectTimeout(Duration.ofSeconds(3))
                        .withPollInterval(Duration.ofMillis(20))
                        .withUnacknowledged(4_000, 1 << 20));
    }

    /** One row: over each of the transports a session that talks, meets the trouble, and goes on talking. */
    static Stream<DynamicTest> row(String name, PushTransport[] transports, Trouble trouble) {
        return Stream.of(transports)
                .map(transport -> DynamicTest.dynamicTest(
                        name + " × " + transport,
                        () -> play(transport, options(), scene -> {
                            scene.more();
                            trouble.befall(scene);
                            scene.more();
                            assertNull(scene.conversation.finish(PATIENCE));
                        })));
    }

    /** Opens a session that talks, and lets something happen to it. */
    static void play(PushTransport transport, PushOptions options, Trouble plot) throws Exception {
        try (var site = new PushSite(options);
                var proxy = FaultProxy.to(site::port).start();
                var client = client(proxy).transport(transport).connect()) {
            var conversation = new Conversation(client, site.take(client), PER_SECOND, SEED).start();
            plot.befall(new Scene(site, proxy, client, conversation));
        }
    }

    void more() throws InterruptedException {
        assertNull(conversation.awaitMore(MESSAGES, PATIENCE));
    }

    /** Stops the network until a thousand messages are under way each way, has something begun, and lets the network go on. */
    void whileThousandsAreUnderWay(Trouble trouble) throws Exception {
        proxy.freeze();
        conversation.burst(UNDER_WAY);
        assertTrue(conversation.awaitUnderWay(UNDER_WAY, PATIENCE));
        var begun = new FutureTask<@Nullable Void>(() -> {
            trouble.befall(this);
            return null;
        });
        Thread.ofVirtual().start(begun);
        proxy.thaw();
        begun.get();
    }

    /** Sets a fault some times, one after the other, and goes on when it has struck. */
    void through(int times, Predicate<Request> match, Fault fault) throws Exception {
        for (int i = 0; i < times; i++) {
            proxy.next(match, fault).await();
            more();
        }
    }

    /** Runs some rows at a time, since most of each is waiting. */
    static Stream<DynamicTest> atOnce(Stream<DynamicTest> rows) {
        var free = new Semaphore(ROWS_AT_ONCE, true);
        return rows
                .map(row -> {
                    var task = new FutureTask<@Nullable Throwable>(() -> {
                        free.acquire();
                        try {
                            row.getExecutable().execute();
                            return null;
                        } catch (Throwable e) {
                            return e;
                        } finally {
                            free.release();
                        }
                    });
                    Thread.ofVirtual().start(task);
                    return DynamicTest.dynamicTest(row.getDisplayName(), () -> {
                        var failure = task.get();
                        if (failure != null) {
                            throw failure;
                        }
                    });
                })
                .toList()
                .stream();
    }

    static void abort(List<? extends PushSession> clients) throws InterruptedException {
        var threads = clients.stream()
                .map(client -> Thread.ofVirtual().start(client::abort))
                .toList();
        for (var thread : threads) {
            thread.join();
        }
    }
}
