package io.github.postern.verify.chaos;

import static io.github.postern.push.PushTransport.LONG_POLLING;
import static io.github.postern.push.PushTransport.SSE;
import static io.github.postern.verify.chaos.Scene.ALL;
import static io.github.postern.verify.chaos.Scene.MESSAGES;
import static io.github.postern.verify.chaos.Scene.PATIENCE;
import static io.github.postern.verify.chaos.Scene.PER_SECOND;
import static io.github.postern.verify.chaos.Scene.POLL;
import static io.github.postern.verify.chaos.Scene.SEED;
import static io.github.postern.verify.chaos.Scene.atOnce;
import static io.github.postern.verify.chaos.Scene.client;
import static io.github.postern.verify.chaos.Scene.options;
import static io.github.postern.verify.chaos.Scene.play;
import static io.github.postern.verify.chaos.Scene.row;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.github.postern.faults.Fault;
import io.github.postern.faults.FaultProxy;
import io.github.postern.faults.Request;
import io.github.postern.push.ClientPushSession;
import io.github.postern.push.PushTransport;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/**
 * What changes what carries a session, on purpose, while numbered messages are under way both ways: they arrive once and in order. Part of the matrix
 * of {@link FaultMatrixTest}.
 */
@Timeout(120)
class SwitchMatrixTest {
    @TestFactory
    Stream<DynamicTest> a_session_is_moved_while_a_thousand_messages_are_under_way() {
        return atOnce(Stream.of(ALL)
                .flatMap(from -> Stream.of(ALL)
                        .filter(to -> to != from)
                        .flatMap(to -> row(
                                (to.compareTo(from) < 0 ? "upgrade to " : "downgrade to ") + to,
                                new PushTransport[] {from},
                                s -> {
                                    s.whileThousandsAreUnderWay(
                                            scene -> scene.client().moveTo(to));
                                    assertEquals(to, s.client().transport());
                                }))));
    }

    @TestFactory
    Stream<DynamicTest> a_session_is_pushed_down_by_the_network() {
        return atOnce(Stream.of(DynamicTest.dynamicTest("downgrade from WebSocket to SSE to long polling", () -> {
            try (var site = new PushSite(options());
                    var proxy = FaultProxy.to(site::port).start();
                    var client = client(proxy).connect()) {
                var conversation = new Conversation(client, site.take(client), PER_SECOND, SEED).start();
                assertNull(conversation.awaitMore(MESSAGES, PATIENCE));
                proxy.every(Request.upgrade(), Fault.answer(403));
                proxy.cutAll();
                assertMoves(client, SSE, conversation);
                proxy.every(Request.get().and(POLL.negate()), Fault.answer(403));
                proxy.cutAll();
                assertMoves(client, LONG_POLLING, conversation);
                assertNull(conversation.finish(PATIENCE));
            }
        })));
    }

    /** The conversation goes on, and does so over that transport when what was under way before has come. */
    private static void assertMoves(ClientPushSession client, PushTransport to, Conversation conversation)
            throws InterruptedException {
        for (int i = 0; i < 10 && client.transport() != to; i++) {
            assertNull(conversation.awaitMore(MESSAGES, PATIENCE));
        }
        assertEquals(to, client.transport());
        assertNull(conversation.awaitMore(MESSAGES, PATIENCE));
    }

    @TestFactory
    Stream<DynamicTest> the_server_asks_its_clients_to_attach_anew() {
        return atOnce(row("asked to move", ALL, s -> {
            long before = attachments(s);
            s.whileThousandsAreUnderWay(scene -> scene.site().move(Duration.ZERO));
            while (attachments(s) == before) {
                s.site().move(Duration.ZERO); // again, if it was between two polls
                s.more();
            }
        }));
    }

    @TestFactory
    Stream<DynamicTest> streams_are_rotated() {
        var rotating = options().withRotation(Duration.ofMillis(200));
        return Stream.of(DynamicTest.dynamicTest(
                "rotation × SSE",
                () -> play(SSE, rotating, s -> {
                    while (attachments(s) < 6) {
                        s.more();
                    }
                    assertNull(s.conversation().finish(PATIENCE));
                    assertEquals(0, s.site().metrics().ended().size());
                })));
    }

    private static long attachments(Scene scene) {
        return scene.site().metrics().carriedBy(scene.client().transport()).attachments();
    }

    @TestFactory
    Stream<DynamicTest> a_server_is_drained_while_a_thousand_messages_are_under_way() {
        return atOnce(Stream.of(ALL)
                .map(transport -> DynamicTest.dynamicTest(
                        "drain × " + transport,
                        () -> play(transport, options(), s -> {
                            s.more();
                            s.whileThousandsAreUnderWay(scene -> scene.site().drain(Duration.ofMillis(200), PATIENCE));
                            assertNull(s.conversation().drained(PATIENCE));
                        }))));
    }

    @TestFactory
    Stream<DynamicTest> tokens_expire_in_mid_stream() {
        return atOnce(Stream.of(ALL)
                .map(transport -> DynamicTest.dynamicTest("tokens renewed in band × " + transport, () -> {
                    var tokens = new Tokens(Duration.ofMillis(1_500));
                    try (var site = new PushSite(Tokens.server(), options());
                            var proxy = FaultProxy.to(site::port).start();
                            var client = client(proxy)
                                    .token(tokens::next)
                                    .transport(transport)
                                    .connect()) {
                        var conversation = new Conversation(client, site.take(client), PER_SECOND, SEED).start();
                        while (tokens.issued() < 4) {
                            assertNull(conversation.awaitMore(MESSAGES, PATIENCE));
                        }
                        assertNull(conversation.awaitMore(PER_SECOND, PATIENCE));
                        assertNull(conversation.finish(PATIENCE));
                        long attachments = site.metrics().carriedBy(transport).attachments();
                        assertEquals(1, attachments, "in band, without another attachment");
                    }
                })));
    }
}
