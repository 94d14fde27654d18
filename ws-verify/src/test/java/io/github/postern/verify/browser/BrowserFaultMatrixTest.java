package io.github.postern.verify.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.postern.faults.Fault;
import io.github.postern.faults.FaultProxy;
import io.github.postern.faults.Request;
import io.github.postern.push.PushOptions;
import io.github.postern.push.PushServer;
import io.github.postern.verify.chaos.Http2Relay;
import io.github.postern.verify.tls.LocalCertificate;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What goes wrong with the network under a page, one thing at a time: numbered messages both ways arrive once and in order whatever carries them. */
@Timeout(120)
class BrowserFaultMatrixTest {
    private static final String[] ALL = {"websocket", "sse", "long-polling", "polling"};
    private static final String[] HTTP = {"sse", "long-polling", "polling"};
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final Predicate<Request> POLL = Request.get()
            .and(Request.field("Postern-Transport", "long-polling").or(Request.field("Postern-Transport", "polling")));
    private static final Predicate<Request> STREAM = Request.get().and(Request.field("Postern-Transport", "sse"));

    /** As of a server that misses what was sent before. */
    private static final Map<String, String> GAP = Map.of("Postern-Error", "gap", "Postern-Expected", "1");

    @RegisterExtension
    static final FaultProxy PROXY = FaultProxy.to(() -> BrowserFaultMatrixTest.site.port());

    private static Browsers browsers;
    private static EchoSite site;

    /** For the rows over one transport, which leave nothing behind. */
    private static Browsers.Tab tab;

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        browsers = Browsers.open();
        site = new EchoSite(folder);
        tab = browsers.newTab();
    }

    @AfterAll
    static void stop() {
        if (browsers != null) {
            browsers.close();
        }
        if (site != null) {
            site.close();
        }
    }

    /** What happens in the middle of a conversation. */
    private interface Blow {
        void strike(Conversation conversation) throws Exception;
    }

    private static Stream<DynamicTest> row(String name, String[] transports, Blow blow) {
        return Arrays.stream(transports)
                .map(transport -> DynamicTest.dynamicTest(name + " × " + transport, () -> {
                    try {
                        var conversation = open(transport);
                        conversation.sayAndSettle(50);
                        blow.strike(conversation);
                        conversation.sayAndSettle(50);
                        assertEquals(transport, conversation.transport());
                        conversation.close();
                    } finally {
                        PROXY.clear();
                    }
                }));
    }

    private static Conversation open(String transport) {
        tab.clear();
        return Conversation.open(tab.page(), PROXY.port(), Conversation.over(transport));
    }

    private static Blow struck(long times, Predicate<Request> match, Fault fault) {
        return conversation -> {
            var injection = PROXY.next(times, match, fault);
            for (int i = 0; i < times; i++) {
                conversation.sayAndSettle(10); // what is under way meets nothing
                conversation.say(10);
                injection.await(i + 1, PATIENCE);
                conversation.settle();
            }
        };
    }

    @TestFactory
    Stream<DynamicTest> answers_are_lost_repeated_and_replaced() {
        var polls = new String[] {"long-polling", "polling"};
        return Stream.of(
                        row("POST answered, response lost", HTTP, struck(2, Request.post(), Fault.loseResponse())),
                        row("POST lost", HTTP, struck(2, Request.post(), Fault.loseRequest())),
                        row("POST twice", HTTP, struck(2, Request.post(), Fault.duplicate())),
                        row("two POSTs overlapping", HTTP, struck(2, Request.post(), Fault.overlap())),
                        row("POST answered 502", HTTP, struck(1, Request.post(), Fault.answer(502))),
                        row("POST answered 409", HTTP, struck(1, Request.post(), Fault.answer(409, GAP))),
                        row("poll answered, response lost", polls, struck(2, POLL, Fault.loseResponse())),
                        row("poll twice", polls, struck(2, POLL, Fault.duplicate())),
                        row("two polls overlapping", polls, struck(2, POLL, Fault.overlap())),
                        row("poll buffered", polls, struck(2, POLL, Fault.bufferBody())),
                        row("502 in mid-poll", polls, struck(1, POLL, Fault.answerInstead(502, Duration.ofMillis(20)))),
                        row("204 in mid-poll", polls, struck(1, POLL, Fault.answerInstead(204, Duration.ofMillis(20)))))
                .flatMap(row -> row);
    }

    @TestFactory
    Stream<DynamicTest> connections_break() {
        return Stream.of(
                        row("cut by an idle proxy", ALL, c -> PROXY.cutAll()),
                        row("reset with messages under way", ALL, c -> {
                            c.say(100);
                            PROXY.resetAll();
                            c.settle();
                        }),
                        row("cut after some bytes down", ALL, c -> {
                            var cut = PROXY.cutDownAfter(300);
                            c.say(100);
                            cut.await();
                            c.settle();
                        }),
                        row("cut after some bytes up", ALL, c -> {
                            var cut = PROXY.cutUpAfter(300);
                            c.say(100);
                            cut.await();
                            c.settle();
                        }),
                        row("back before the server noticed", ALL, c -> {
                            for (int i = 0; i < 2; i++) {
                                c.say(20);
                                PROXY.abandonAll();
                                c.settle();
                            }
                        }),
                        row("frozen for a while", ALL, c -> {
                            PROXY.freeze();
                            c.say(20);
                            c.hearNothing(Duration.ofMillis(700));
                            PROXY.thaw();
                            c.settle();
                        }),
                        row("no connections for a while", ALL, c -> {
                            PROXY.refuse();
                            PROXY.resetAll();
                            c.say(20);
                            PROXY.admit();
                            c.settle();
                        }),
                        row(
                                "half open, and the network changes",
                                new String[] {"websocket", "sse", "long-polling"},
                                c -> {
                                    PROXY.now(Request.any(), Fault.halfOpen(0));
                                    c.say(20);
                                    c.networkChanges();
                                    c.settle();
                                }))
                .flatMap(row -> row);
    }

    @TestFactory
    Stream<DynamicTest> streams_of_one_connection_are_reset(@TempDir Path folder) throws Exception {
        var tls = LocalCertificate.contextFor("dns:localhost");
        return Stream.of(HTTP)
                .map(transport -> DynamicTest.dynamicTest("RST_STREAM in mid-stream × " + transport, () -> {
                    try (var secure = new EchoSite(folder, PushServer.builder().tls(tls), PushOptions.defaults());
                            var relay = new Http2Relay(tls, secure.port());
                            var trusting = browsers.newTrustingTab()) {
                        var origin = relay.uri("").toString();
                        var conversation = Conversation.open(trusting.page(), origin, Conversation.over(transport));
                        for (int i = 0; i < 2; i++) {
                            conversation.sayAndSettle(10);
                            relay.resetNextStream();
                            conversation.say(10);
                            assertTrue(relay.awaitReset(PATIENCE));
                            conversation.settle();
                        }
                        conversation.close();
                    }
                }));
    }

    @TestFactory
    Stream<DynamicTest> a_session_without_a_message_resumes() {
        return Stream.of(ALL)
                .map(transport -> DynamicTest.dynamicTest(transport, () -> {
                    var conversation = open(transport);
                    PROXY.resetAll();
                    conversation.sayAndSettle(20);
                    conversation.close();
                }));
    }

    @Test
    void three_web_sockets_that_open_and_die_are_enough() {
        PROXY.every(Request.upgrade(), Fault.cutAfter(Duration.ofSeconds(1))); // time enough to attach
        try (var tab = browsers.newTab()) {
            var conversation = Conversation.open(tab.page(), PROXY.port(), "{}");
            conversation.awaitTransport("sse");
            assertEquals(3, PROXY.traffic().upgrades());
            conversation.sayAndSettle(100);
            conversation.close();
            assertEquals(
                    List.of(
                            "transport websocket",
                            "resume websocket",
                            "resume websocket",
                            "transport sse",
                            "resume sse"),
                    conversation.events().subList(0, 5));
        }
    }

    @Test
    void a_web_socket_that_is_mute_costs_no_more_than_its_head_start() {
        PROXY.every(Request.upgrade(), Fault.muteFrames());
        try (var tab = browsers.newTab()) {
            tab.page().navigate("http://localhost:" + PROXY.port() + "/blank.html");
            long began = System.nanoTime();
            var conversation = Conversation.open(tab.page(), PROXY.port(), "{}");
            var took = Duration.ofNanos(System.nanoTime() - began);
            assertEquals("sse", conversation.transport());
            assertTrue(took.compareTo(Duration.ofMillis(1500)) >= 0, "the WebSocket had no head start: " + took);
            assertTrue(took.compareTo(Duration.ofSeconds(8)) < 0, "not beside the WebSocket: " + took);
            conversation.sayAndSettle(100);
            conversation.close();
        }
    }

    @Test
    void what_does_not_get_through_is_remembered_by_the_next_page_of_the_browser() {
        var blocked = PROXY.every(Request.upgrade(), Fault.answer(403));
        PROXY.every(STREAM, Fault.muteBody());
        try (var tab = browsers.newTab()) {
            var options = "{ firstByteTimeout: 500 }"; // there never is one
            assertEquals(
                    "long-polling",
                    Conversation.open(tab.page(), PROXY.port(), options).transport());
            assertEquals(1, blocked.struck());
            var next = Conversation.open(tab.page(), PROXY.port(), options);
            assertEquals("long-polling", next.transport());
            assertEquals(1, blocked.struck(), "tried again");
            PROXY.clear();
            next.say(50);
            next.networkChanges();
            next.awaitTransport("websocket");
            next.sayAndSettle(50);
            next.close();
        }
    }

    @Test
    void a_session_moves_up_and_down_with_messages_under_way() {
        var blocked = PROXY.every(Request.upgrade(), Fault.answer(403));
        try (var tab = browsers.newTab()) {
            var conversation = Conversation.open(tab.page(), PROXY.port(), "{}");
            assertEquals("sse", conversation.transport());
            for (int i = 0; i < 5; i++) {
                blocked.clear();
                conversation.say(1000);
                conversation.networkChanges();
                conversation.say(1000);
                conversation.awaitTransport("websocket");
                conversation.settle();
                blocked = PROXY.every(Request.upgrade(), Fault.answer(403));
                conversation.say(1000);
                PROXY.now(Request.upgrade(), Fault.cutAfter(Duration.ZERO));
                conversation.say(1000);
                conversation.awaitTransport("sse");
                conversation.settle();
            }
            conversation.close();
        }
    }

    @Test
    void a_move_up_interrupts_nothing() {
        var blocked = PROXY.every(Request.upgrade(), Fault.answer(403));
        try (var tab = browsers.newTab()) {
            var conversation = Conversation.open(tab.page(), PROXY.port(), "{}");
            conversation.sayAndSettle(10);
            blocked.clear();
            conversation.networkChanges();
            conversation.awaitTransport("websocket");
            conversation.sayAndSettle(10);
            assertEquals(List.of("transport sse", "transport websocket"), conversation.events());
            conversation.close();
        }
    }
}
