package io.github.postern.verify.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The sample {@code echo} in a process of its own, its page in Chromium. */
@Timeout(60)
class EchoPageTest {
    private static Browsers browsers;
    private static SampleServer echo;
    private Browsers.Tab tab;

    @BeforeAll
    static void start() throws IOException {
        browsers = Browsers.open();
        echo = SampleServer.start("Echo");
    }

    @AfterAll
    static void stop() {
        if (echo != null) {
            echo.close();
        }
        if (browsers != null) {
            browsers.close();
        }
    }

    @BeforeEach
    void open() {
        tab = browsers.newTab();
        tab.page().navigate(echo.url());
        PlaywrightAssertions.assertThat(tab.page().locator("#ready-state")).hasText("1 OPEN");
    }

    @AfterEach
    void close() {
        tab.close();
    }

    /** What the log shows of a received message, its time left out. */
    private List<String> received(int count) {
        var entries = tab.page().locator("#log .received");
        PlaywrightAssertions.assertThat(entries).hasCount(count);
        var about = entries.last().locator(".about").innerText();
        var shown = new ArrayList<String>();
        shown.add(about.substring(0, about.indexOf(" ·")));
        shown.addAll(entries.last().locator(".content").allInnerTexts());
        return shown;
    }

    @Test
    void sends_text_and_shows_it() {
        tab.page().fill("#message", "<b onclick=alert(1)>我是阿宝哥</b>\n😀");
        tab.page().click("#send");
        assertEquals(List.of("text, 44 bytes", "<b onclick=alert(1)>我是阿宝哥</b>\n😀"), received(1));
        assertEquals(0, tab.page().locator("#log b").count());
        assertEquals(List.of(), tab.errors());
    }

    @Test
    void sends_a_blob_and_shows_it() {
        tab.page().check("#as-blob");
        tab.page().fill("#message", "héllo");
        tab.page().click("#send");
        assertEquals(List.of("binary as Blob, 6 bytes", "héllo", "68 c3 a9 6c 6c 6f"), received(1));
        assertEquals(List.of(), tab.errors());
    }

    @Test
    void sends_an_array_buffer_of_hexadecimal_bytes_and_receives_one() {
        tab.page().check("#as-arraybuffer");
        tab.page().check("#hex");
        tab.page().selectOption("#binary-type", "arraybuffer");
        tab.page().fill("#message", "0x41 00 ff");
        tab.page().press("#message", "Control+Enter");
        assertEquals(List.of("binary as ArrayBuffer, 3 bytes", "A··", "41 00 ff"), received(1));
        assertEquals(List.of(), tab.errors());
    }

    @Test
    void sends_a_file(@TempDir Path folder) throws Exception {
        var file = Files.writeString(folder.resolve("file.txt"), "x".repeat(100_000), StandardCharsets.US_ASCII);
        tab.page().setInputFiles("#file", file);
        tab.page().click("#send-file");
        var shown = received(1);
        assertEquals("binary as Blob, 100,000 bytes", shown.get(0));
        assertTrue(shown.get(1).endsWith("x… and 99,488 bytes more"), shown.get(1));
        assertEquals(List.of(), tab.errors());
    }

    @Test
    void shows_how_the_connection_closed_and_connects_again() {
        var page = tab.page();
        page.fill("#close-code", "1001");
        page.click("#close");
        assertTrue(page.innerText("#close-error").contains("1001"), "the browser refuses 1001");
        page.fill("#close-code", "3001");
        page.fill("#close-reason", "good bye");
        page.click("#close");
        PlaywrightAssertions.assertThat(page.locator("#ready-state")).hasText("3 CLOSED");
        PlaywrightAssertions.assertThat(page.locator("#close-event")).hasText("3001, no reason, clean");
        page.click("#connect");
        PlaywrightAssertions.assertThat(page.locator("#ready-state")).hasText("1 OPEN");
        assertEquals("0 bytes", page.innerText("#buffered-amount"));
        sendAgain(page);
        assertEquals(List.of(), tab.errors());
    }

    private void sendAgain(Page page) {
        page.fill("#message", "again");
        page.click("#send");
        assertEquals(List.of("text, 5 bytes", "again"), received(1));
    }

    @Test
    void says_what_is_wrong_with_the_input() {
        var page = tab.page();
        page.check("#as-blob");
        page.check("#hex");
        page.fill("#message", "123");
        page.click("#send");
        PlaywrightAssertions.assertThat(page.locator("#send-error")).hasText("not pairs of hexadecimal digits");
        assertEquals(0, page.locator("#log .sent").count());
        assertEquals(List.of(), tab.errors());
    }
}
