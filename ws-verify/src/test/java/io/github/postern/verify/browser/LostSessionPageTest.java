package io.github.postern.verify.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.microsoft.playwright.CDPSession;
import com.microsoft.playwright.Page;
import io.github.postern.faults.FaultProxy;
import io.github.postern.push.PushOptions;
import io.github.postern.push.PushServer;
import io.github.postern.verify.chaos.Tokens;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Where the guarantee ends a page is told so, and why. Pages over each transport at the same time, since most of it is waiting. */
@Timeout(120)
class LostSessionPageTest {
    private static final List<String> TRANSPORTS = List.of("websocket", "sse", "long-polling");

    /** The server waits two seconds here, where it waits two minutes of ten otherwise. */
    private static final Duration EXPIRY = Duration.ofSeconds(2);

    private static final Duration NOTICED = Duration.ofMillis(500);

    private static final int TOKEN_LIFE_MILLIS = 4_000;

    private static Browsers browsers;
    private static List<Browsers.Tab> tabs;

    private final List<Page> pages = tabs.stream().map(Browsers.Tab::page).toList();
    private final List<Conversation> conversations = new ArrayList<>();
    private volatile int port;

    @TempDir
    Path folder;

    @RegisterExtension
    final FaultProxy proxy = FaultProxy.to(() -> port);

    @BeforeAll
    static void openBrowser() {
        browsers = Browsers.open();
        tabs = TRANSPORTS.stream().map(transport -> browsers.newTab()).toList();
    }

    @AfterAll
    static void closeBrowser() {
        if (browsers != null) {
            browsers.close();
        }
    }

    @AfterEach
    void clearTabs() {
        tabs.forEach(Browsers.Tab::clear);
    }

    /** Opens a page over each transport. */
    private void open(EchoSite site, String moreOptions) {
        port = site.port();
        for (int i = 0; i < TRANSPORTS.size(); i++) {
            var options = "{ transports: ['" + TRANSPORTS.get(i) + "']" + moreOptions + " }";
            conversations.add(Conversation.open(pages.get(i), proxy.port(), options));
        }
        conversations.forEach(conversation -> conversation.sayAndSettle(20));
    }

    private static List<String> closesOf(EchoSite site) throws InterruptedException {
        var closes = new ArrayList<String>();
        for (int i = 0; i < TRANSPORTS.size(); i++) {
            closes.add(String.valueOf(site.closes().poll(20, TimeUnit.SECONDS)));
        }
        return closes;
    }

    private static CDPSession freeze(Page page) {
        page.evaluate("() => { setInterval(() => {}, 20); }"); // a script to be stopped
        var frozen = new ArrayList<JsonObject>();
        var devTools = page.context().newCDPSession(page);
        devTools.on("Debugger.paused", frozen::add);
        devTools.send("Debugger.enable");
        devTools.send("Debugger.pause");
        page.waitForCondition(() -> !frozen.isEmpty());
        return devTools;
    }

    @Test
    void a_tab_that_was_frozen_for_longer_than_its_session_lives_is_told() throws Exception {
        var options = PushOptions.defaults()
                .withExpiry(EXPIRY)
                .withHeartbeat(NOTICED) // what cannot be written shows the server that a stream or a poll has gone
                .withPollTimeout(NOTICED);
        try (var site = new EchoSite(folder, PushServer.builder(), options)) {
            open(site, "");
            var frozen = pages.stream().map(LostSessionPageTest::freeze).toList();
            proxy.resetAll();
            for (var close : closesOf(site)) {
                assertTrue(close.startsWith("4408 "), close);
            }
            frozen.forEach(devTools -> devTools.send("Debugger.resume"));
            for (var conversation : conversations) {
                // the server knows for as long again why it was, and afterwards only that it does not know the session
                conversation.awaitClose("4408 session expired", "4410 session unknown");
            }
        }
    }

    @Test
    void a_page_that_comes_to_a_server_that_does_not_know_its_session_is_told() throws Exception {
        try (var site = new EchoSite(folder);
                var other = new EchoSite(folder)) {
            open(site, "");
            port = other.port();
            proxy.resetAll();
            for (var conversation : conversations) {
                conversation.awaitClose("4410 session unknown");
            }
            assertEquals(0, other.server().sessions().size());
        }
    }

    @Test
    void a_page_that_wants_another_session_is_told_that_one_was_lost_and_talks_on() throws Exception {
        try (var site = new EchoSite(folder);
                var other = new EchoSite(folder)) {
            open(site, ", reconnect: Infinity");
            port = other.port();
            proxy.resetAll();
            for (var conversation : conversations) {
                conversation.awaitReset(4410);
                conversation.beginAnew();
                conversation.sayAndSettle(20);
                conversation.close();
            }
        }
    }

    /** The server takes a token for {@link #TOKEN_LIFE_MILLIS}; the page asks for the next one each second, and may be given some that have expired already. */
    private static final String TOKENS = """
            , token: () => {
              window.asked = (window.asked ?? 0) + 1;
              const life = window.expired > 0 ? -1 : %d;
              window.expired -= 1;
              return { value: `${asked}.${Date.now() + life}`, life: 1000 };
            }""".formatted(TOKEN_LIFE_MILLIS);

    private void giveExpiredTokens(int count) {
        pages.forEach(page -> page.evaluate("(count) => { window.expired = count; }", count));
    }

    @Test
    void credentials_that_are_renewed_in_time_interrupt_nothing() throws Exception {
        try (var site = new EchoSite(folder, Tokens.server(), PushOptions.defaults())) {
            open(site, TOKENS);
            var first = System.currentTimeMillis();
            while (System.currentTimeMillis() < first + TOKEN_LIFE_MILLIS + 500) {
                for (var conversation : conversations) {
                    conversation.sayAndSettle(10);
                }
            }
            for (int i = 0; i < TRANSPORTS.size(); i++) {
                assertEquals(
                        List.of("transport " + TRANSPORTS.get(i)),
                        conversations.get(i).events());
                assertTrue((int) pages.get(i).evaluate("() => asked") >= 4);
                conversations.get(i).close();
            }
        }
    }

    @Test
    void a_token_that_is_refused_is_asked_for_once_more() throws Exception {
        try (var site = new EchoSite(folder, Tokens.server(), PushOptions.defaults())) {
            open(site, TOKENS);
            giveExpiredTokens(1);
            for (int i = 0; i < TRANSPORTS.size(); i++) {
                pages.get(i).waitForFunction("() => expired < 0"); // one more was given, which is good
                conversations.get(i).sayAndSettle(20);
                conversations.get(i).close();
            }
        }
    }

    @Test
    void a_page_whose_tokens_are_refused_in_mid_stream_is_told() throws Exception {
        try (var site = new EchoSite(folder, Tokens.server(), PushOptions.defaults())) {
            open(site, TOKENS);
            giveExpiredTokens(2);
            for (var conversation : conversations) {
                conversation.awaitClose("4401 token");
            }
            for (var close : closesOf(site)) {
                assertTrue(close.startsWith("4401 "), close);
            }
        }
    }
}
