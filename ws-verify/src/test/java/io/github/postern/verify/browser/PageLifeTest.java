package io.github.postern.verify.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.microsoft.playwright.Page;
import io.github.postern.faults.FaultProxy;
import io.github.postern.ws.core.CloseStatus;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a page goes through besides a bad network: frozen, put aside, reloaded, twice open, for half an hour on a flapping line, its server restarted. */
@Timeout(180)
class PageLifeTest {
    private static final int HALF_AN_HOUR_MILLIS = 30 * 60_000;

    private Browsers browsers;
    private EchoSite site;
    private volatile int port;

    @RegisterExtension
    final FaultProxy proxy = FaultProxy.to(() -> port);

    @BeforeEach
    void start(@TempDir Path folder) throws Exception {
        browsers = Browsers.open();
        site = new EchoSite(folder);
        port = site.port();
    }

    @AfterEach
    void stop() {
        browsers.close();
        site.close();
    }

    /** Headless Chromium freezes no tab (it ignores {@code Page.setWebLifecycleState}), but its debugger stops one in the same way: no script runs, and what comes waits. */
    @ParameterizedTest
    @ValueSource(strings = {"websocket", "sse", "long-polling"})
    void goes_on_after_it_was_frozen(String transport) throws Exception {
        try (var tab = browsers.newTab()) {
            var conversation = Conversation.open(tab.page(), proxy.port(), Conversation.over(transport));
            conversation.sayAndSettle(20);
            tab.page().evaluate("() => { setInterval(() => {}, 20); }"); // a script to be stopped
            var frozen = new ArrayList<JsonObject>();
            var devTools = tab.page().context().newCDPSession(tab.page());
            devTools.on("Debugger.paused", frozen::add);
            devTools.send("Debugger.enable");
            devTools.send("Debugger.pause");
            tab.page().waitForCondition(() -> !frozen.isEmpty());
            proxy.resetAll();
            devTools.send("Debugger.resume");
            conversation.sayAndSettle(20);
            assertEquals(1, frozen.size());
            conversation.close();
        }
    }

    @Test
    void two_tabs_have_each_their_own_messages() {
        try (var tab = browsers.newTab()) {
            var other = tab.page().context().newPage();
            var one = Conversation.open(tab.page(), proxy.port(), "{}");
            var two = Conversation.open(other, proxy.port(), Conversation.over("sse"));
            for (int i = 0; i < 5; i++) {
                one.say(50);
                two.say(70);
                one.settle();
                two.settle();
            }
            two.close();
            one.sayAndSettle(10);
            one.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"websocket", "sse", "long-polling"})
    void closes_its_session_when_it_is_left(String transport) throws Exception {
        try (var tab = browsers.newTab()) {
            var conversation = Conversation.open(tab.page(), proxy.port(), Conversation.over(transport));
            conversation.sayAndSettle(5);
            tab.page().navigate("about:blank");
            assertEquals(CloseStatus.of(1001, "").toString(), site.closes().poll(10, TimeUnit.SECONDS));
        }
    }

    /**
     * Playwright holds the page's clock; the network and the server are real. The line is cut every few seconds of it. Each third time the page gets through
     * before the next cut: its session lives for two minutes, which a machine that is slow in real time would let pass.
     */
    @Test
    void loses_nothing_in_half_an_hour_on_a_flapping_line() {
        try (var tab = browsers.newTab()) {
            tab.page().clock().install();
            var conversation = Conversation.open(tab.page(), proxy.port(), "{}");
            long seed = Long.getLong("postern.flapping.seed", System.nanoTime());
            System.out.println("-Dpostern.flapping.seed=" + seed);
            var random = new Random(seed);
            int millis = 0;
            int cuts = 0;
            while (millis < HALF_AN_HOUR_MILLIS) {
                conversation.say(5);
                if (random.nextBoolean()) {
                    proxy.resetAll();
                } else {
                    proxy.cutAll();
                }
                cuts++;
                int step = 1_000 + random.nextInt(14_000);
                tab.page().clock().fastForward(step);
                millis += step;
                if (cuts % 3 == 0) {
                    letThrough(tab.page());
                }
            }
            letThrough(tab.page());
            conversation.settle();
            assertTrue(cuts > 150, () -> "the line did not flap");
            tab.page().clock().resume();
            conversation.close();
        }
    }

    private static void letThrough(Page page) {
        for (int i = 0; i < 200 && !isSettled(page); i++) {
            page.clock().runFor(500);
        }
    }

    private static boolean isSettled(Page page) {
        return (boolean) page.evaluate("() => received >= sent");
    }

    @Test
    void a_lost_session_closes_unless_the_page_wants_another(@TempDir Path folder) throws Exception {
        try (var tab = browsers.newTab();
                var second = browsers.newTab()) {
            var plain = Conversation.open(tab.page(), proxy.port(), "{}");
            var renewed = Conversation.open(second.page(), proxy.port(), "{ reconnect: Infinity }");
            plain.sayAndSettle(5);
            renewed.sayAndSettle(5);
            site.close();
            try (var restarted = new EchoSite(folder)) {
                port = restarted.port();
                renewed.awaitEvent("reset 1001 0");
                assertEquals(1, second.page().evaluate("() => socket.readyState"));
                renewed.beginAnew();
                renewed.sayAndSettle(20);
                renewed.close();
                plain.awaitEvent("close 1001  true");
                assertNotNull(restarted.closes().poll(10, TimeUnit.SECONDS));
            }
        }
    }
}
