package io.github.postern.verify.chaos;

import static io.github.postern.push.PushTransport.LONG_POLLING;
import static io.github.postern.push.PushTransport.SSE;
import static io.github.postern.push.PushTransport.WEBSOCKET;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.postern.faults.Fault;
import io.github.postern.faults.FaultProxy;
import io.github.postern.faults.Injection;
import io.github.postern.faults.Request;
import io.github.postern.push.PushClient;
import io.github.postern.push.PushClientOptions;
import io.github.postern.push.PushLimits;
import io.github.postern.push.PushOptions;
import io.github.postern.push.PushSession;
import io.github.postern.push.PushTransport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/**
 * What goes wrong with push in the field, one thing at a time: numbered messages both ways, 500 a second, arrive once and in order whatever carries them; and
 * where that cannot be, both sides are told.
 */
@Timeout(120)
class FaultMatrixTest {
    private static final int PER_SECOND = 500;
    private static final long SEED = 5;
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final PushTransport[] ALL = {WEBSOCKET, SSE, LONG_POLLING};
    private static final PushTransport[] HTTP = {SSE, LONG_POLLING};

    private static final int ROWS_AT_ONCE = 4;

    /** Long enough for several faults, short enough for many rows. */
    private static final long MESSAGES = 100;

    private static final Predicate<Request> POLL = Request.field("Postern-Transport", "long-polling");

    /** What happens to one session, open and talking. */
    @FunctionalInterface
    private interface Trouble {
        void befall(Scene scene) throws Exception;
    }

    /** A session through a proxy, and the conversation that it carries. */
    private record Scene(PushSite site, FaultProxy proxy, PushSession client, Conversation conversation) {
        void more() throws InterruptedException {
            assertNull(conversation.awaitMore(MESSAGES, PATIENCE));
        }

        /** Sets a fault some times, one after the other, and goes on when it has struck. */
        void through(int times, Predicate<Request> match, Fault fault) throws Exception {
            for (int i = 0; i < times; i++) {
                proxy.next(match, fault).await();
                more();
            }
        }
    }

    /** Runs some rows at a time, since most of each is waiting. */
    private static Stream<DynamicTest> atOnce(Stream<DynamicTest> rows) {
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

    private static PushOptions options() {
        return PushOptions.defaults()
                .withHeartbeat(Duration.ofMillis(500))
                .withPollTimeout(Duration.ofMillis(300))
                .withCloseTimeout(Duration.ofSeconds(1));
    }

    private static PushClient.Builder client(FaultProxy proxy) {
        return PushClient.builder(proxy.uri("/push"))
                .options(PushClientOptions.defaults()
                        .withConnectTimeout(Duration.ofMillis(800))
                        .withPollInterval(Duration.ofMillis(20)));
    }

    private static Stream<DynamicTest> row(String name, PushTransport[] transports, Trouble trouble) {
        return Stream.of(transports)
                .map(transport -> DynamicTest.dynamicTest(name + " × " + transport, () -> {
                    try (var site = new PushSite(options());
                            var proxy = FaultProxy.to(site::port).start();
                            var client = client(proxy).transport(transport).connect()) {
                        var conversation = new Conversation(client, site.take(), PER_SECOND, SEED).start();
                        var scene = new Scene(site, proxy, client, conversation);
                        scene.more();
                        trouble.befall(scene);
                        scene.more();
                        assertNull(conversation.finish(PATIENCE));
                    }
                }));
    }

    @TestFactory
    Stream<DynamicTest> answers_are_lost_repeated_and_replaced() {
        return atOnce(Stream.of(
                        row(
                                "POST answered, response lost",
                                HTTP,
                                s -> s.through(3, Request.post(), Fault.loseResponse())),
                        row("POST lost", HTTP, s -> s.through(3, Request.post(), Fault.loseRequest())),
                        row("POST twice", HTTP, s -> s.through(3, Request.post(), Fault.duplicate())),
                        row("two POSTs overlapping", HTTP, s -> s.through(3, Request.post(), Fault.overlap())),
                        row("POST answered 502", HTTP, s -> s.through(2, Request.post(), Fault.answer(502))),
                        row(
                                "poll answered, response lost",
                                new PushTransport[] {LONG_POLLING},
                                s -> s.through(3, POLL, Fault.loseResponse())),
                        row(
                                "poll twice",
                                new PushTransport[] {LONG_POLLING},
                                s -> s.through(3, POLL, Fault.duplicate())),
                        row(
                                "poll buffered",
                                new PushTransport[] {LONG_POLLING},
                                s -> s.through(3, POLL, Fault.bufferBody())),
                        row(
                                "502 in mid-poll",
                                new PushTransport[] {LONG_POLLING},
                                s -> s.through(2, POLL, Fault.answerInstead(502, Duration.ofMillis(50)))),
                        row(
                                "204 in mid-poll",
                                new PushTransport[] {LONG_POLLING},
                                s -> s.through(2, POLL, Fault.answerInstead(204, Duration.ofMillis(50)))))
                .flatMap(row -> row));
    }

    @TestFactory
    Stream<DynamicTest> connections_break() {
        return atOnce(Stream.of(
                        row("101, then killed at 200 ms", new PushTransport[] {WEBSOCKET}, s -> {
                            var kill = s.proxy().every(Request.upgrade(), Fault.cutAfter(Duration.ofMillis(200)));
                            s.proxy().cutAll();
                            kill.await(3, PATIENCE);
                            kill.clear();
                        }),
                        row("101, then no frames", new PushTransport[] {WEBSOCKET}, s -> {
                            var mute = s.proxy().next(Request.upgrade(), Fault.muteFrames());
                            s.proxy().cutAll();
                            mute.await();
                        }),
                        row("cut by an idle proxy", ALL, s -> s.proxy().cutAll()),
                        row("reset in mid-stream", ALL, s -> {
                            cutInMidStream(s.proxy()).await();
                            s.proxy().resetAll();
                        }),
                        row("back before the server noticed", ALL, s -> {
                            for (int i = 0; i < 3; i++) {
                                s.proxy().abandonAll();
                                s.more();
                            }
                        }),
                        row("frozen", ALL, s -> {
                            s.proxy().freeze();
                            assertNotNull(s.conversation().awaitMore(100_000, Duration.ofMillis(700)), "nothing comes");
                            s.proxy().thaw();
                        }))
                .flatMap(row -> row));
    }

    private static Injection cutInMidStream(FaultProxy proxy) {
        return proxy.cutDownAfter(1_000);
    }

    @TestFactory
    Stream<DynamicTest> a_session_without_a_message_resumes() {
        return atOnce(Stream.of(ALL)
                .map(transport -> DynamicTest.dynamicTest("back with zero messages × " + transport, () -> {
                    try (var site = new PushSite(options());
                            var proxy = FaultProxy.to(site::port).start();
                            var client = client(proxy).transport(transport).connect()) {
                        var server = site.take();
                        proxy.resetAll();
                        var conversation = new Conversation(client, server, PER_SECOND, SEED).start();
                        assertNull(conversation.awaitMore(MESSAGES, PATIENCE));
                        assertNull(conversation.finish(PATIENCE));
                    }
                })));
    }

    @TestFactory
    Stream<DynamicTest> a_session_opens_over_what_is_left() {
        return atOnce(Stream.of(
                opening("mute WebSocket", SSE, proxy -> proxy.every(Request.upgrade(), Fault.muteFrames())),
                opening("refused WebSocket", SSE, proxy -> proxy.every(Request.upgrade(), Fault.answer(403))),
                opening("mute SSE", LONG_POLLING, proxy -> {
                    proxy.every(Request.upgrade(), Fault.answer(403));
                    proxy.every(Request.get().and(POLL.negate()), Fault.muteBody());
                })));
    }

    private interface Obstacle {
        void set(FaultProxy proxy);
    }

    private static DynamicTest opening(String name, PushTransport left, Obstacle obstacle) {
        return DynamicTest.dynamicTest(name + ": " + left, () -> {
            try (var site = new PushSite(options());
                    var proxy = FaultProxy.to(site::port).start()) {
                obstacle.set(proxy);
                try (var client = client(proxy).connect()) {
                    assertEquals(left, client.transport());
                    var conversation = new Conversation(client, site.take(client), PER_SECOND, SEED).start();
                    assertNull(conversation.awaitMore(MESSAGES, PATIENCE));
                    assertNull(conversation.finish(PATIENCE));
                }
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> a_session_moves_down_while_messages_are_under_way() {
        return atOnce(Stream.of(DynamicTest.dynamicTest("downgrade from WebSocket to SSE to long polling", () -> {
            try (var site = new PushSite(options());
                    var proxy = FaultProxy.to(site::port).start();
                    var client = client(proxy).connect()) {
                var conversation = new Conversation(client, site.take(client), PER_SECOND, SEED).start();
                assertNull(conversation.awaitMore(MESSAGES, PATIENCE));
                proxy.every(Request.upgrade(), Fault.answer(403));
                proxy.cutAll();
                assertNull(conversation.awaitMore(MESSAGES, PATIENCE));
                assertEquals(SSE, client.transport());
                proxy.every(Request.get().and(POLL.negate()), Fault.answer(403));
                proxy.cutAll();
                assertNull(conversation.awaitMore(MESSAGES, PATIENCE));
                assertEquals(LONG_POLLING, client.transport());
                assertNull(conversation.finish(PATIENCE));
            }
        })));
    }

    @TestFactory
    Stream<DynamicTest> many_sessions_come_through_together() {
        return atOnce(Stream.of(ALL)
                .map(transport -> DynamicTest.dynamicTest("7 tabs × " + transport, () -> together(transport, 7))));
    }

    @TestFactory
    Stream<DynamicTest> a_herd_comes_back() {
        return Stream.of(DynamicTest.dynamicTest("50 reconnects at once × WEBSOCKET", () -> together(WEBSOCKET, 50)));
    }

    /** As many messages a second as one session has in the other rows. */
    private static void together(PushTransport transport, int count) throws Exception {
        var clients = new ArrayList<PushSession>();
        try (var site = new PushSite(options());
                var proxy = FaultProxy.to(site::port).start()) {
            var conversations = new ArrayList<Conversation>();
            for (int i = 0; i < count; i++) {
                var client = client(proxy).transport(transport).connect();
                clients.add(client);
                conversations.add(new Conversation(client, site.take(client), PER_SECOND / count, SEED + i).start());
            }
            proxy.resetAll();
            for (var conversation : conversations) {
                assertNull(conversation.awaitMore(5, PATIENCE));
            }
            for (var conversation : conversations) {
                assertNull(conversation.finish(PATIENCE));
            }
            abort(clients);
        }
    }

    private static void abort(List<PushSession> clients) throws InterruptedException {
        var threads = clients.stream()
                .map(client -> Thread.ofVirtual().start(client::abort))
                .toList();
        for (var thread : threads) {
            thread.join();
        }
    }

    // where the guarantee ends

    @TestFactory
    Stream<DynamicTest> both_sides_are_told_that_a_session_has_expired() {
        return atOnce(Stream.of(ALL)
                .map(transport -> DynamicTest.dynamicTest("away for too long × " + transport, () -> {
                    var brief = options().withExpiry(Duration.ofMillis(600));
                    try (var site = new PushSite(brief);
                            var proxy = FaultProxy.to(site::port).start();
                            var client = client(proxy).transport(transport).connect()) {
                        var conversation = new Conversation(client, site.take(), PER_SECOND, SEED).start();
                        assertNull(conversation.awaitMore(MESSAGES, PATIENCE));
                        proxy.refuse();
                        proxy.resetAll();
                        assertEquals(List.of(4408, 4408), ends(conversation, Duration.ofSeconds(4)));
                    }
                })));
    }

    @TestFactory
    Stream<DynamicTest> both_sides_are_told_that_another_node_does_not_know_the_session() {
        return atOnce(Stream.of(ALL)
                .map(transport -> DynamicTest.dynamicTest("to another node × " + transport, () -> {
                    var brief = options().withExpiry(Duration.ofMillis(600));
                    try (var site = new PushSite(brief);
                            var other = new PushSite(brief);
                            var there = new Node(site.port());
                            var client =
                                    client(there.proxy).transport(transport).connect()) {
                        var conversation = new Conversation(client, site.take(), PER_SECOND, SEED).start();
                        assertNull(conversation.awaitMore(MESSAGES, PATIENCE));
                        there.port = other.port();
                        there.proxy.resetAll();
                        assertEquals(List.of(4410, 4408), ends(conversation, Duration.ofSeconds(4)));
                    }
                })));
    }

    /** A proxy before one server or another. */
    private static final class Node implements AutoCloseable {
        private volatile int port;
        private final FaultProxy proxy = FaultProxy.to(() -> port).start();

        Node(int port) {
            this.port = port;
        }

        @Override
        public void close() {
            proxy.close();
        }
    }

    @TestFactory
    Stream<DynamicTest> a_slow_reader_is_told_of_its_overflow_and_delays_nobody() {
        return atOnce(Stream.of(ALL)
                .map(transport -> DynamicTest.dynamicTest("1 byte a second × " + transport, () -> slow(transport))));
    }

    private static void slow(PushTransport transport) throws Exception {
        var small = options()
                .withSendTimeout(Duration.ofMillis(300))
                .withLimits(PushLimits.defaults().withUnacknowledged(100, 1 << 16));
        var others = new ArrayList<PushSession>();
        try (var site = new PushSite(small);
                var proxy = FaultProxy.to(site::port).start();
                var slowly = FaultProxy.to(site::port).start();
                var slow = client(slowly).transport(transport).connect()) {
            var talk = new Conversation(slow, site.take(), PER_SECOND, SEED);
            var fast = new ArrayList<Conversation>();
            for (int i = 0; i < 5; i++) {
                var client = client(proxy).transport(transport).connect();
                others.add(client);
                fast.add(new Conversation(client, site.take(client), PER_SECOND / 5, SEED + i).start());
            }
            var throttled = slowly.every(Request.any(), Fault.throttleResponse(1));
            slowly.now(Request.any(), Fault.throttleResponse(1));
            talk.start();
            var end = talk.server().awaitEnd(Duration.ofSeconds(3));
            assertEquals(4507, Objects.requireNonNull(end).closeInfo().status().code());
            for (var conversation : fast) {
                assertNull(conversation.awaitMore(20, PATIENCE));
                assertNull(conversation.finish(PATIENCE));
            }
            throttled.clear();
            slowly.resetAll();
            var told = talk.client().awaitEnd(Duration.ofSeconds(5));
            assertEquals(4507, Objects.requireNonNull(told).closeInfo().status().code());
        } finally {
            abort(others);
        }
    }

    /** The codes with which the client's and the server's session end. */
    private static List<Integer> ends(Conversation conversation, Duration patience) throws InterruptedException {
        var client = code(conversation.client().awaitEnd(patience));
        var server = code(conversation.server().awaitEnd(patience));
        assertTrue(conversation.client().received() <= conversation.server().sent());
        return List.of(client, server);
    }

    private static int code(io.github.postern.ws.connection.@Nullable ConnectionClosedException end) {
        return end == null ? 0 : end.closeInfo().status().code();
    }
}
