package io.github.postern.verify.chaos;

import static io.github.postern.verify.chaos.Scene.ALL;
import static io.github.postern.verify.chaos.Scene.MESSAGES;
import static io.github.postern.verify.chaos.Scene.PATIENCE;
import static io.github.postern.verify.chaos.Scene.PER_SECOND;
import static io.github.postern.verify.chaos.Scene.SEED;
import static io.github.postern.verify.chaos.Scene.atOnce;
import static io.github.postern.verify.chaos.Scene.client;
import static io.github.postern.verify.chaos.Scene.options;
import static io.github.postern.verify.chaos.Scene.play;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.postern.faults.FaultProxy;
import io.github.postern.push.PushLimits;
import io.github.postern.push.PushOptions;
import io.github.postern.ws.connection.ConnectionClosedException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/** Where the guarantee ends, both sides are told so, why, and in time; what was received until then came once and in order. Part of the matrix of {@link FaultMatrixTest}. */
@Timeout(120)
class LostSessionTest {
    private static final Duration EXPIRY = Duration.ofMillis(600);

    /** The expiry or the time for sending, and what a busy machine takes: attaching again after at most 500 ms, and a look at the clock in time. */
    private static final Duration TOLD = Duration.ofSeconds(4);

    @TestFactory
    Stream<DynamicTest> both_sides_are_told_that_a_session_has_expired() {
        return ending("away for too long", options().withExpiry(EXPIRY), List.of(4408, 4408), s -> {
            s.proxy().refuse();
            s.proxy().resetAll();
        });
    }

    @TestFactory
    Stream<DynamicTest> both_sides_are_told_that_a_session_has_overflown() {
        var small = options()
                .withSendTimeout(Duration.ofMillis(300))
                .withLimits(PushLimits.defaults().withUnacknowledged(200, 1 << 16));
        return ending("frozen for too long", small, List.of(4507, 4507), s -> {
            s.proxy().freeze();
            assertEquals(4507, code(s.conversation().server().awaitEnd(TOLD)));
            s.proxy().thaw();
        });
    }

    @TestFactory
    Stream<DynamicTest> both_sides_are_told_that_another_node_does_not_know_the_session() {
        return atOnce(Stream.of(ALL)
                .map(transport -> DynamicTest.dynamicTest("to another node × " + transport, () -> {
                    var brief = options().withExpiry(EXPIRY);
                    try (var site = new PushSite(brief);
                            var other = new PushSite(brief);
                            var there = new Node(site.port());
                            var client =
                                    client(there.proxy).transport(transport).connect()) {
                        var conversation = new Conversation(client, site.take(), PER_SECOND, SEED).start();
                        assertNull(conversation.awaitMore(MESSAGES, PATIENCE));
                        there.port = other.port();
                        there.proxy.resetAll();
                        assertEquals(List.of(4410, 4408), ends(conversation));
                    }
                })));
    }

    @TestFactory
    Stream<DynamicTest> both_sides_are_told_that_credentials_have_expired() {
        return atOnce(Stream.of(ALL)
                .map(transport -> DynamicTest.dynamicTest("token not renewed × " + transport, () -> {
                    var tokens = new Tokens(Duration.ofMillis(1_500));
                    try (var site = new PushSite(Tokens.server(), options());
                            var proxy = FaultProxy.to(site::port).start();
                            var client = client(proxy)
                                    .header(
                                            "Authorization",
                                            "Bearer " + tokens.next().value())
                                    .transport(transport)
                                    .connect()) {
                        var conversation = new Conversation(client, site.take(), PER_SECOND, SEED).start();
                        assertNull(conversation.awaitMore(MESSAGES, PATIENCE));
                        assertEquals(List.of(4401, 4401), ends(conversation));
                    }
                })));
    }

    /** Rows in which what happens to a session that talks ends it, with these codes for the client and the server. */
    private static Stream<DynamicTest> ending(
            String name, PushOptions options, List<Integer> codes, Scene.Trouble trouble) {
        return atOnce(Stream.of(ALL)
                .map(transport -> DynamicTest.dynamicTest(
                        name + " × " + transport,
                        () -> play(transport, options, s -> {
                            s.more();
                            trouble.befall(s);
                            assertEquals(codes, ends(s.conversation()));
                        }))));
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

    /** The codes with which the client's and the server's session end, in time. */
    private static List<Integer> ends(Conversation conversation) throws InterruptedException {
        var client = code(conversation.client().awaitEnd(TOLD));
        var server = code(conversation.server().awaitEnd(TOLD));
        assertTrue(conversation.client().received() <= conversation.server().sent());
        assertTrue(conversation.server().received() <= conversation.client().sent());
        assertNull(conversation.client().failure());
        assertNull(conversation.server().failure());
        return List.of(client, server);
    }

    private static int code(@Nullable ConnectionClosedException end) {
        return end == null ? 0 : end.closeInfo().status().code();
    }
}
