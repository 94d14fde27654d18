package io.github.postern.verify.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.CDPSession;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.PlaywrightException;
import io.github.postern.push.PushTransport;
import io.github.postern.ws.core.CloseStatus;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code postern-shared.js} in Chromium: the tabs of one browser have one session, whichever of them is gone. */
@Timeout(60)
class SharedPushSocketTest {
    private static final String SSE = "{ transports: ['sse'] }";

    /** Time runs ten times as fast on a page that is not to wait as long for one that stands still. Playwright's clock would be that of all pages. */
    private static final String FAST = """
            const [began, now, every] = [Date.now(), Date.now, setInterval];
            Date.now = () => began + 10 * (now() - began);
            globalThis.setInterval = (action, millis) => every(action, millis / 10);
            """;

    private Browsers browsers;
    private BrowserContext browser;
    private SharedSite site;

    @BeforeEach
    void start(@TempDir Path folder) throws Exception {
        browsers = Browsers.open();
        browser = browsers.newTab().page().context();
        site = new SharedSite(folder);
    }

    @AfterEach
    void stop() {
        browsers.close();
        site.close();
    }

    private Page open(String tab) {
        return site.open(browser, tab, SSE);
    }

    private static void say(Page page, int count) {
        page.evaluate("(count) => say(count)", count);
    }

    private static List<Integer> numbers(int first, int last) {
        return IntStream.rangeClosed(first, last).boxed().toList();
    }

    /** The tab has heard exactly these, in their order. */
    private static void assertHeard(Page page, int first, int last) {
        awaitHeard(page, last);
        assertEquals(numbers(first, last), page.evaluate("() => heard"));
    }

    private static void awaitHeard(Page page, int number) {
        page.waitForFunction("(number) => heard.at(-1) >= number", number);
    }

    /** All that the tab has said has arrived once and in its order, as the tab knows. */
    private void assertSaid(Page page, String tab, int count) {
        page.waitForFunction("(count) => said === count && socket.unconfirmed === 0", count);
        assertEquals(numbers(1, count), site.said(tab));
    }

    private static void awaitEvent(Page page, String event) {
        page.waitForFunction("(event) => events.includes(event)", event);
    }

    /** Over HTTP/1.1 a browser has six connections to a server, so seven tabs with one each would wait for ever. */
    @Test
    void seven_tabs_hear_everything_and_are_heard_over_one_connection() throws Exception {
        var pages = new ArrayList<Page>();
        for (int i = 1; i <= 7; i++) {
            pages.add(open("tab" + i));
        }
        var sending = site.send(1, 1000);
        pages.forEach(page -> say(page, 100));
        for (int i = 1; i <= 7; i++) {
            assertHeard(pages.get(i - 1), 1, 1000);
            assertSaid(pages.get(i - 1), "tab" + i, 100);
        }
        sending.join();
        assertEquals(PushTransport.SSE, site.session().transport());
        assertEquals(1, site.attachments());
    }

    @ParameterizedTest
    @ValueSource(strings = {"websocket", "sse", "long-polling"})
    void another_tab_goes_on_when_the_leader_is_closed(String transport) throws Exception {
        var options = Conversation.over(transport);
        var leader = site.open(browser, "leader", options);
        var other = site.open(browser, "other", options);
        var third = site.open(browser, "third", options, "postern-shared.min.js");
        site.send(1, 400);
        for (var page : List.of(leader, other, third)) {
            say(page, 60);
        }
        awaitHeard(leader, 100);
        leader.close();
        assertHeard(other, 1, 400);
        assertHeard(third, 1, 400);
        assertSaid(other, "other", 60);
        assertSaid(third, "third", 60);
        awaitEvent(third, "resume " + transport);
        assertInOrder("leader");
        assertEquals(2, site.attachments());
    }

    /** Nothing is missing between what has arrived of a tab that is gone. */
    private void assertInOrder(String tab) {
        var arrived = site.said(tab);
        assertFalse(arrived.isEmpty());
        assertEquals(numbers(1, arrived.size()), arrived);
    }

    @Test
    void another_tab_goes_on_when_the_leader_crashes() throws Exception {
        var leader = open("leader");
        var other = open("other");
        var third = open("third");
        site.send(1, 400);
        for (var page : List.of(leader, other, third)) {
            say(page, 60);
        }
        awaitHeard(leader, 100);
        var crashed = new ArrayList<Page>();
        leader.onCrash(crashed::add);
        assertThrows(PlaywrightException.class, () -> leader.navigate("chrome://crash"));
        assertHeard(other, 1, 400);
        assertHeard(third, 1, 400);
        assertSaid(other, "other", 60);
        assertSaid(third, "third", 60);
        assertInOrder("leader");
        assertEquals(List.of(leader), crashed);
    }

    /** Headless Chromium freezes no tab, so the page is told what it would be told. */
    @Test
    void another_tab_goes_on_when_the_leader_is_frozen_which_hears_later_what_it_has_missed() throws Exception {
        var leader = open("leader");
        var other = open("other");
        site.send(1, 400);
        say(leader, 60);
        say(other, 60);
        awaitHeard(leader, 100);
        leader.evaluate("() => { document.dispatchEvent(new Event('freeze')); window.before = heard.length; }");
        awaitHeard(other, 300);
        assertEquals(true, leader.evaluate("() => heard.length === before"));
        leader.evaluate("() => { document.dispatchEvent(new Event('resume')); }");
        assertHeard(other, 1, 400);
        assertHeard(leader, 1, 400);
        assertSaid(leader, "leader", 60);
        assertSaid(other, "other", 60);
        assertEquals(2, site.attachments());
    }

    /** The debugger stops the page where it is, without a word. */
    private CDPSession stop(Page page) {
        page.evaluate("() => { setInterval(() => {}, 20); }"); // a script to be stopped
        var stopped = new ArrayList<JsonObject>();
        var devTools = browser.newCDPSession(page);
        devTools.on("Debugger.paused", stopped::add);
        devTools.send("Debugger.enable");
        devTools.send("Debugger.pause");
        page.waitForCondition(() -> !stopped.isEmpty());
        return devTools;
    }

    @Test
    void another_tab_goes_on_when_the_leader_stands_still() throws Exception {
        var leader = open("leader");
        var other = browser.newPage();
        other.addInitScript(FAST);
        site.begin(other, "other", SSE, "postern-shared.min.js");
        SharedSite.awaitOpen(other);
        site.send(1, 400);
        say(leader, 60);
        say(other, 60);
        awaitHeard(leader, 100);
        var devTools = stop(leader);
        assertHeard(other, 1, 400);
        assertSaid(other, "other", 60);
        devTools.send("Debugger.resume");
        assertHeard(leader, 1, 400);
        assertSaid(leader, "leader", 60);
        assertEquals(2, site.attachments());
        assertEquals(1, site.server().sessions().size());
    }

    /** Chromium drops what is posted to a page that its debugger has stopped. */
    @Test
    void a_tab_that_stood_still_can_lead_afterwards() throws Exception {
        var leader = open("leader");
        var other = open("other");
        var devTools = stop(other);
        say(leader, 20);
        assertSaid(leader, "leader", 20);
        devTools.send("Debugger.resume");
        site.send(1, 1);
        assertHeard(other, 1, 1);
        leader.close();
        site.send(2, 20);
        assertHeard(other, 1, 20);
        say(other, 20);
        assertSaid(other, "other", 20);
    }

    @Test
    void a_tab_that_opens_in_the_middle_hears_everything_from_then_on() throws Exception {
        var leader = open("leader");
        var sending = site.send(1, 400);
        awaitHeard(leader, 100);
        var other = open("other");
        say(other, 50);
        sending.join();
        site.send(401, 800); // for the case that it took long to open the tab
        awaitHeard(other, 500);
        leader.close();
        awaitHeard(other, 800);
        int first = (int) other.evaluate("() => heard[0]");
        assertTrue(first > 100, () -> "first: " + first);
        assertHeard(other, first, 800);
        assertSaid(other, "other", 50);
    }

    @Test
    void the_session_ends_with_the_last_tab() throws Exception {
        var leader = open("leader");
        var other = open("other");
        var third = open("third");
        leader.evaluate("() => socket.close(3001, 'good bye')");
        awaitEvent(leader, "close 3001 good bye true");
        awaitEvent(other, "resume sse");
        third.evaluate("() => { socket.send('third 1'); said = 1; socket.close(); }");
        awaitEvent(third, "close 1005  true");
        assertSaid(third, "third", 1);
        site.send(1, 20);
        assertHeard(other, 1, 20);
        assertNull(site.closes().poll());
        other.evaluate("() => { socket.send('other 1'); socket.close(3002, 'the last'); }");
        awaitEvent(other, "close 3002 the last true");
        assertEquals(CloseStatus.of(3002, "the last").toString(), site.closes().poll(10, TimeUnit.SECONDS));
        assertEquals(List.of(1), site.said("other"));
    }

    @Test
    void the_last_tab_that_is_left_closes_the_session_with_1001() throws Exception {
        var leader = open("leader");
        var other = open("other");
        site.load(leader);
        awaitEvent(other, "resume sse");
        assertNull(site.closes().poll());
        site.load(other);
        assertEquals(CloseStatus.of(1001, "").toString(), site.closes().poll(10, TimeUnit.SECONDS));
    }

    @Test
    void a_session_that_the_server_closes_ends_for_all_and_those_that_want_another_share_it() throws Exception {
        var options = "{ transports: ['sse'], reconnect: Infinity }";
        var leader = site.open(browser, "leader", options);
        var plain = open("plain");
        var other = site.open(browser, "other", options);
        site.session().close(CloseStatus.of(1012, "restart"));
        awaitEvent(plain, "close 1012 restart true");
        awaitEvent(leader, "reset 1012 0");
        awaitEvent(other, "reset 1012 0");
        say(leader, 20);
        say(other, 20);
        assertSaid(leader, "leader", 20);
        assertSaid(other, "other", 20);
        site.send(1, 20);
        assertHeard(leader, 1, 20);
        assertHeard(other, 1, 20);
        assertEquals(2, site.attachments());
    }

    @Test
    void a_tab_that_has_missed_too_much_is_told_so() throws Exception {
        var leader = open("leader");
        var other = open("other");
        other.evaluate("() => { document.dispatchEvent(new Event('freeze')); }");
        for (int number = 1; number <= 1001; number++) {
            site.session().send("" + number);
        }
        assertHeard(leader, 1, 1001);
        other.evaluate("() => { document.dispatchEvent(new Event('resume')); }");
        awaitEvent(other, "close 4507 too far behind false");
        assertEquals(1, site.server().sessions().size());
    }

    @Test
    void names_tell_apart() {
        site.open(browser, "one", "{ transports: ['sse'], name: 'Ann' }");
        site.open(browser, "two", "{ transports: ['sse'], name: 'Bob' }");
        assertEquals(2, site.server().sessions().size());
    }

    @Test
    void without_locks_a_tab_has_a_connection_of_its_own() {
        browser.addInitScript("Object.defineProperty(navigator, 'locks', { value: undefined })");
        var pages = List.of(open("one"), open("two"));
        assertEquals(2, site.server().sessions().size());
        say(pages.getFirst(), 20);
        assertSaid(pages.getFirst(), "one", 20);
    }

    @Test
    void where_locks_are_forbidden_a_tab_has_a_connection_of_its_own() {
        browser.addInitScript(
                "navigator.locks.request = () => Promise.reject(new DOMException('forbidden', 'SecurityError'))");
        var pages = List.of(open("one"), open("two"));
        assertEquals(2, site.server().sessions().size());
        say(pages.getLast(), 20);
        assertSaid(pages.getLast(), "two", 20);
    }

    @Test
    void a_new_tab_does_not_wait_for_a_leader_that_stands_still() throws Exception {
        var leader = open("leader");
        var devTools = stop(leader);
        var other = browser.newPage();
        other.addInitScript(FAST);
        site.begin(other, "other", SSE, "postern-shared.js");
        SharedSite.awaitOpen(other);
        assertEquals(2, site.server().sessions().size());
        devTools.send("Debugger.resume");
        say(leader, 20);
        say(other, 20);
        assertSaid(leader, "leader", 20);
        assertSaid(other, "other", 20);
    }
}
