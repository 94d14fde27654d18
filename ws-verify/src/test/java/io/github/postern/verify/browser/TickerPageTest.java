package io.github.postern.verify.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The sample {@code ticker} in a process of its own, its page in Chromium. */
@Timeout(120)
class TickerPageTest {
    private static Browsers browsers;
    private static SampleServer ticker;
    private Browsers.Tab tab;
    private Page page;

    @BeforeAll
    static void start() throws IOException {
        browsers = Browsers.open();
        ticker = SampleServer.start(
                "Ticker", "--rate", "1000"); // more than wait for a slow reader, in less than a poll's time
    }

    @AfterAll
    static void stop() {
        if (ticker != null) {
            ticker.close();
        }
        if (browsers != null) {
            browsers.close();
        }
    }

    @BeforeEach
    void open() {
        tab = browsers.newTab();
        page = tab.page();
        page.navigate(ticker.url());
    }

    @AfterEach
    void close() {
        tab.close();
    }

    private int value(String reader, String name) {
        return Integer.parseInt(
                page.innerText("#" + reader + " [data-value=" + name + "]").replace(",", ""));
    }

    private void awaitMissed(String reader, int count) {
        page.waitForFunction(
                "([reader, count]) => Number(document.querySelector(`#${reader} [data-value=missed]`).textContent.replaceAll(',', '')) > count",
                List.of(reader, count));
    }

    private void awaitStatus(String reader, String text) {
        assertThat(page.locator("#" + reader + " .state"))
                .containsText(text, new LocatorAssertions.ContainsTextOptions().setTimeout(30_000));
    }

    @Test
    void a_slow_reader_sees_conflated_values_and_how_many_were_left_out() {
        awaitStatus("fast", "(websocket)");
        awaitStatus("slow", "(polling)");
        awaitMissed("slow", 500);
        assertEquals("conflated", page.innerText("#slow [data-value=word]"));
        assertEquals(10, page.locator("#prices tr").count());
        // ten symbols a poll, against some hundreds of changes
        assertTrue(value("slow", "received") < value("fast", "received") / 4);
        assertTrue(page.innerText("#prices tr >> nth=0").matches("ASH\\s+\\d+\\.\\d\\d\\s+\\d+\\.\\d\\d\\s+\\d+"));
        assertEquals(List.of(), tab.errors());
    }

    @Test
    void a_reader_that_may_miss_nothing_is_closed_and_the_page_says_so() {
        page.selectOption("#policy", "CLOSE");
        awaitStatus("slow", "Closed: 4507");
        assertEquals(0, value("slow", "missed"));
        assertEquals(List.of(), tab.errors());
    }

    @Test
    void the_policy_and_the_pace_are_chosen_with_the_keyboard() {
        awaitStatus("slow", "every 2 s");
        page.keyboard().press("Tab");
        page.keyboard().press("ArrowDown");
        assertThat(page.locator("#slow [data-value=word]")).hasText("dropped");
        page.keyboard().press("Tab");
        page.keyboard().press("End");
        awaitStatus("slow", "every 10 s");
        assertEquals("10.0 s", page.innerText("#interval-value"));
        page.keyboard().press("Home");
        awaitStatus("slow", "every 0.5 s");
        assertEquals(List.of(), tab.errors());
    }
}
