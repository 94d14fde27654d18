package io.github.postern.verify.chaos;

import static io.github.postern.push.PushTransport.LONG_POLLING;
import static io.github.postern.push.PushTransport.SSE;
import static io.github.postern.push.PushTransport.WEBSOCKET;
import static io.github.postern.verify.chaos.Scene.ALL;
import static io.github.postern.verify.chaos.Scene.HTTP;
import static io.github.postern.verify.chaos.Scene.MESSAGES;
import static io.github.postern.verify.chaos.Scene.PATIENCE;
import static io.github.postern.verify.chaos.Scene.PER_SECOND;
import static io.github.postern.verify.chaos.Scene.POLL;
import static io.github.postern.verify.chaos.Scene.SEED;
import static io.github.postern.verify.chaos.Scene.atOnce;
import static io.github.postern.verify.chaos.Scene.client;
import static io.github.postern.verify.chaos.Scene.options;
import static io.github.postern.verify.chaos.Scene.row;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.postern.faults.Fault;
import io.github.postern.faults.FaultProxy;
import io.github.postern.faults.Request;
import io.github.postern.push.PushServer;
import io.github.postern.push.PushTransport;
import io.github.postern.verify.tls.LocalCertificate;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/**
 * What goes wrong with the network under push in the field, one thing at a time: numbered messages both ways, 500 a second, arrive once and in order
 * whatever carries them. Rows of the same matrix: {@link SwitchMatrixTest}, {@link CrowdMatrixTest}, {@link LostSessionTest}.
 */
@Timeout(120)
class FaultMatrixTest {
    private static final Map<String, String> GAP = Map.of("Postern-Error", "gap", "Postern-Expected", "1");

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
                        row("POST answered 409", HTTP, s -> s.through(2, Request.post(), Fault.answer(409, GAP))),
                        polls("poll answered, response lost", 3, Fault.loseResponse()),
                        polls("poll twice", 3, Fault.duplicate()),
                        polls("two polls overlapping", 3, Fault.overlap()),
                        polls("poll buffered", 3, Fault.bufferBody()),
                        polls("502 in mid-poll", 2, Fault.answerInstead(502, Duration.ofMillis(50))),
                        polls("204 in mid-poll", 2, Fault.answerInstead(204, Duration.ofMillis(50))))
                .flatMap(row -> row));
    }

    private static Stream<DynamicTest> polls(String name, int times, Fault fault) {
        return row(name, new PushTransport[] {LONG_POLLING}, s -> s.through(times, POLL, fault));
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
                            s.proxy().cutDownAfter(1_000).await();
                            s.proxy().resetAll();
                        }),
                        row("back before the server noticed", ALL, s -> {
                            for (int i = 0; i < 3; i++) {
                                s.proxy().abandonAll();
                                s.more();
                            }
                        }),
                        row("frozen for a while", ALL, s -> {
                            s.proxy().freeze();
                            assertNotNull(s.conversation().awaitMore(MESSAGES, Duration.ofMillis(700)), "not frozen");
                            s.proxy().thaw();
                        }))
                .flatMap(row -> row));
    }

    @TestFactory
    Stream<DynamicTest> streams_of_one_connection_are_reset() throws Exception {
        var tls = LocalCertificate.contextFor("dns:localhost");
        return atOnce(Stream.of(HTTP)
                .map(transport -> DynamicTest.dynamicTest("RST_STREAM in mid-stream × " + transport, () -> {
                    try (var site = new PushSite(PushServer.builder().tls(tls), options());
                            var relay = new Http2Relay(tls, site.port());
                            var client = Scene.client(relay.uri("/push"))
                                    .sslContext(tls)
                                    .transport(transport)
                                    .connect()) {
                        var conversation = new Conversation(client, site.take(client), PER_SECOND, SEED).start();
                        for (int i = 0; i < 3; i++) {
                            assertNull(conversation.awaitMore(MESSAGES, PATIENCE));
                            relay.resetNextStream();
                            assertTrue(relay.awaitReset(PATIENCE));
                        }
                        assertNull(conversation.awaitMore(MESSAGES, PATIENCE));
                        assertNull(conversation.finish(PATIENCE));
                    }
                })));
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
}
