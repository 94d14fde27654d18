package io.github.postern.verify.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import io.github.postern.faults.Fault;
import io.github.postern.faults.FaultProxy;
import io.github.postern.faults.Request;
import io.github.postern.push.PushClient;
import io.github.postern.push.PushSession;
import io.github.postern.ws.connection.Message;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The sample {@code chat} in a process of its own, its page in Chromium behind a network that breaks, and Ann, who is a {@link PushClient} without faults. Each
 * test has a room of its own.
 */
@Timeout(180)
class ChatPageTest {
    private static final int PATIENCE_MILLIS = 60_000;
    private static final Duration PATIENCE = Duration.ofMillis(PATIENCE_MILLIS);

    private static final AtomicInteger ROOMS = new AtomicInteger();

    private static Browsers browsers;

    /** For the tests that leave it as it is. */
    private static SampleServer shared;

    @TempDir
    Path folder;

    private final String room = "room-" + ROOMS.incrementAndGet();
    private SampleServer chat = shared;
    private FaultProxy proxy;
    private Browsers.Tab tab;
    private Page page;

    /** What the chat takes for Ann's messages, in order. */
    private final List<String> said = new ArrayList<>();

    @BeforeAll
    static void startShared(@TempDir Path histories) throws IOException {
        browsers = Browsers.open();
        shared = startChat(histories);
    }

    @AfterAll
    static void stopShared() {
        if (shared != null) {
            shared.close();
        }
        if (browsers != null) {
            browsers.close();
        }
    }

    @BeforeEach
    void open() {
        proxy = FaultProxy.to(() -> chat.port()).start();
        tab = browsers.newTab();
        page = tab.page();
    }

    private static SampleServer startChat(Path folder, String... more) throws IOException {
        var arguments =
                new ArrayList<>(List.of("--history", folder.resolve("history").toString()));
        arguments.addAll(List.of(more));
        return SampleServer.start("Chat", arguments.toArray(String[]::new));
    }

    @AfterEach
    void close() {
        tab.close();
        proxy.close();
        if (chat != shared) {
            chat.close();
        }
    }

    // the page

    private void open(String name, String transport) {
        page.navigate(proxy.uri("/").toString());
        page.fill("#name", name);
        page.fill("#room-name", room);
        page.selectOption("#transport", transport);
        page.click("#join button");
        awaitOver(transport.isEmpty() ? "websocket" : transport);
    }

    private void awaitOver(String transport) {
        assertThat(page.locator("#status")).hasText("In " + room + ", over " + transport, patient());
    }

    private static LocatorAssertions.HasTextOptions patient() {
        return new LocatorAssertions.HasTextOptions().setTimeout(PATIENCE_MILLIS);
    }

    private void sayInPage(String text) {
        page.fill("#text", text);
        page.press("#text", "Enter");
    }

    /** The texts that the page shows as said, once there are so many and nothing is being sent any more. */
    private List<String> shown(int count) {
        var confirmed = page.locator("#log li:not(.pending) .text");
        assertThat(confirmed).hasCount(count, new LocatorAssertions.HasCountOptions().setTimeout(PATIENCE_MILLIS));
        assertEquals(0, page.locator("#log .pending").count());
        return confirmed.allInnerTexts();
    }

    // the other participant

    private PushSession ann() throws IOException {
        var ann = PushClient.connect(URI.create("http://localhost:" + chat.port() + "/push"));
        ann.send("{\"join\":\"" + room + "\",\"name\":\"Ann\"}");
        return ann;
    }

    private void sayAsAnn(PushSession ann, String text) throws IOException {
        var object = new JsonObject();
        object.addProperty("say", text);
        object.addProperty("id", "ann-" + said.size());
        said.add(text);
        ann.send(object.toString());
    }

    /** The next value of that name that Ann gets. */
    private static String next(PushSession ann, String name) throws Exception {
        while (true) {
            var message = (Message.Text) ann.receive(PATIENCE).orElseThrow();
            var object = JsonParser.parseString(message.text()).getAsJsonObject();
            if (object.has(name)) {
                return object.get(name).getAsString();
            }
        }
    }

    private static List<String> heard(PushSession ann, int count) throws Exception {
        var texts = new ArrayList<String>();
        while (texts.size() < count) {
            texts.add(next(ann, "said"));
        }
        return texts;
    }

    private static List<String> numbered(String word, int count) {
        return IntStream.rangeClosed(1, count).mapToObj(i -> word + i).toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"websocket", "sse", "long-polling", "polling"})
    void talks_over_any_transport_without_an_error(String transport) throws Exception {
        try (var ann = ann()) {
            open("Bob", transport);
            for (var text : numbered("a", 10)) {
                sayAsAnn(ann, text);
            }
            numbered("b", 10).forEach(this::sayInPage);
            var texts = shown(20);
            assertEquals(texts, heard(ann, 20));
            assertEquals(20, new HashSet<>(texts).size());
            assertEquals(List.of("Ann", "Bob"), page.locator("#people li").allInnerTexts());
        }
        assertThat(page.locator("#people-title")).hasText("Here: 1");
        assertEquals(List.of(), tab.errors());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "<img src=x onerror=hacked=1>   | <script>hacked=1</script>",
                "\"><svg onload=hacked=1>       | </li></ol><img src=x onerror=hacked=1>",
                "{{7*7}}${hacked=1}             | javascript:hacked=1 &lt;b&gt; &amp;",
                "__proto__                      | constructor",
            })
    void names_and_texts_are_shown_as_they_are_and_do_nothing(String name, String text) throws Exception {
        try (var ann = ann()) {
            open(name, "");
            sayInPage(text);
            assertEquals(text, next(ann, "said"));
            sayAsAnn(ann, text);
            assertEquals(List.of(text, text), shown(2));
            assertEquals(List.of(name, "Ann"), page.locator("#log .by").allInnerTexts());
            assertTrue(page.locator("#people li").allInnerTexts().contains(name));
            assertNull(page.evaluate("() => window.hacked ?? null"));
            assertEquals(0, page.locator("#room :is(img, script, svg, b)").count());
        }
        assertEquals(List.of(), tab.errors());
    }

    @Test
    void can_be_used_with_the_keyboard_alone() throws Exception {
        page.navigate(proxy.uri("/").toString());
        var keyboard = page.keyboard();
        keyboard.type("Bob");
        keyboard.press("Tab");
        keyboard.type(room);
        keyboard.press("Tab");
        keyboard.press("Tab");
        keyboard.press("Enter");
        awaitOver("websocket");
        keyboard.type("hello");
        keyboard.press("Enter");
        assertEquals(List.of("hello"), shown(1));
        keyboard.type("again");
        keyboard.press("Tab");
        keyboard.press("Space");
        assertEquals(List.of("hello", "again"), shown(2));
        keyboard.press("Shift+Tab");
        assertEquals("log-region", page.evaluate("() => document.activeElement.id"));
        assertEquals(List.of(), tab.errors());
    }

    @Test
    void misses_and_doubles_nothing_when_the_server_is_killed_and_starts_anew() throws Exception {
        chat = startChat(folder);
        try (var ann = ann()) {
            open("Bob", "");
            for (var text : numbered("a", 10)) {
                sayAsAnn(ann, text);
            }
            numbered("b", 10).forEach(this::sayInPage);
            shown(20);
            numbered("unknown whether it arrived ", 5).forEach(this::sayInPage);
        }
        chat.kill();
        numbered("nobody there ", 5).forEach(this::sayInPage);
        chat = startChat(folder);
        var texts = shown(30);
        assertEquals(30, new HashSet<>(texts).size());
        awaitOver("websocket");
        try (var ann = ann()) {
            assertEquals(texts, heard(ann, 30));
            sayAsAnn(ann, "still here");
            assertEquals("still here", shown(31).getLast());
        }
    }

    @Test
    void goes_on_in_the_same_session_when_web_sockets_are_blocked() throws Exception {
        try (var ann = ann()) {
            assertEquals("Ann", next(ann, "came"));
            open("Bob", "");
            assertEquals("Bob", next(ann, "came"));
            proxy.every(Request.upgrade(), Fault.answer(403));
            for (var text : numbered("a", 20)) {
                sayAsAnn(ann, text);
                if (text.equals("a10")) {
                    proxy.resetAll();
                }
            }
            numbered("b", 20).forEach(this::sayInPage);
            awaitOver("sse");
            var texts = shown(40);
            assertEquals(40, new HashSet<>(texts).size());
            assertEquals(texts, heard(ann, 40));
            ann.send("{\"join\":\"" + room + "\",\"name\":\"Ann\",\"after\":" + Long.MAX_VALUE / 2 + "}");
            assertEquals("Ann", next(ann, "came"), "Bob has not come a second time");
        }
    }

    /** Its session is over when it wakes up: the server waits two seconds here, where it waits two minutes of ten otherwise. */
    @Test
    void catches_up_when_it_has_slept_for_ten_minutes() throws Exception {
        chat = startChat(folder, "--expiry", "2");
        page.clock().install();
        try (var ann = ann()) {
            open("Bob", "");
            sayInPage("good night");
            shown(1);
            proxy.cutAll();
            proxy.refuse();
            page.clock().pauseAt(System.currentTimeMillis() + 60_000);
            assertEquals("good night", next(ann, "said"));
            assertEquals("Bob", next(ann, "went"));
            for (var text : numbered("a", 50)) {
                sayAsAnn(ann, text);
            }
            heard(ann, 50);
            proxy.admit();
            page.clock().fastForward("10:00");
            page.clock().resume();
            var expected = Stream.concat(Stream.of("good night"), said.stream()).toList();
            assertEquals(expected, shown(51));
            assertEquals("Bob", next(ann, "came"));
            sayInPage("good morning");
            assertEquals("good morning", next(ann, "said"));
        }
    }

    /** Headless Chromium freezes no tab (it ignores {@code Page.setWebLifecycleState}), but its debugger stops one in the same way: no script runs, and what comes waits. */
    @Test
    void a_frozen_tab_gets_everything_in_order_when_it_thaws() throws Exception {
        try (var ann = ann()) {
            open("Bob", "");
            sayInPage("first");
            shown(1);
            var frozen = new ArrayList<JsonObject>();
            var devTools = page.context().newCDPSession(page);
            devTools.on("Debugger.paused", frozen::add);
            devTools.send("Debugger.enable");
            devTools.send("Debugger.pause");
            for (var text : numbered("a", 300)) {
                sayAsAnn(ann, text);
            }
            heard(ann, 301);
            devTools.send("Debugger.resume");
            var expected = Stream.concat(Stream.of("first"), said.stream()).toList();
            assertEquals(expected, shown(301));
            assertEquals(1, frozen.size());
        }
    }

    @Test
    void says_what_is_wrong_and_does_not_come_back_for_it() {
        open("Bob", "");
        page.evaluate("() => (document.querySelector('#text').maxLength = 10000)");
        page.fill("#text", "x".repeat(2001));
        page.press("#text", "Enter");
        assertThat(page.locator("#status")).hasText("Closed: 1008 not a message of this chat", patient());
        assertEquals("closed", page.getAttribute("#status", "data-state"));
    }
}
