package io.github.postern.verify.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Takes the pictures of {@code docs/images} anew, from the samples as they run. Not in the test command: see CONTRIBUTING.md. */
@Tag("pictures")
@Timeout(300)
class ReadmePicturesTest {
    private static final Path FOLDER = Path.of("..", "docs", "images");
    private static final int WIDTH = 1200;
    private static final int HEIGHT = 440;
    private static final int MARGIN = 8;
    private static final int LARGEST_BYTES = 150 * 1024;

    private Browsers browsers;

    @BeforeEach
    void openBrowser() {
        browsers = Browsers.open();
    }

    @AfterEach
    void closeBrowser() {
        browsers.close();
    }

    private Page open(String url) {
        var page = browsers.newTab().page();
        page.setDefaultTimeout(100_000);
        page.setViewportSize(WIDTH, HEIGHT);
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.LIGHT));
        page.navigate(url);
        return page;
    }

    /** Takes what is between two heights of the page. */
    private static void take(Page page, String name, double top, double bottom) throws IOException {
        Files.createDirectories(FOLDER);
        var file = FOLDER.resolve(name);
        page.screenshot(
                new Page.ScreenshotOptions().setPath(file).setFullPage(true).setClip(0, top, WIDTH, bottom - top));
        assertEquals(WIDTH, ImageIO.read(file.toFile()).getWidth());
        assertTrue(Files.size(file) < LARGEST_BYTES, () -> "too large: " + file);
    }

    private static double top(Page page, String selector) {
        return page.locator(selector).boundingBox().y - MARGIN;
    }

    private static double bottom(Page page, String selector) {
        var box = page.locator(selector).boundingBox();
        return box.y + box.height + MARGIN;
    }

    private static void awaitSecond(Page page, int second) {
        page.waitForFunction(
                "(second) => Chart.getChart(document.querySelector('#chart-latency canvas'))?.options.scales.x.max >= second",
                second);
    }

    @Test
    void compare_while_web_sockets_are_blocked_and_after_it() throws Exception {
        try (var program = CompareProgram.start()) {
            var page = open(program.url());
            awaitSecond(page, 15);
            page.check("#web-socket-blocked");
            assertThat(page.locator("#lane-websocket .carrier")).hasText("carried by Server-Sent Events × 1");
            awaitSecond(page, 25);
            page.uncheck("#web-socket-blocked");
            assertThat(page.locator("#lane-websocket .carrier")).hasText("carried by WebSocket × 1");
            awaitSecond(page, 35);
            take(page, "compare.png", 0, bottom(page, "#lanes"));
            take(page, "compare-charts.png", top(page, "#chart-distribution"), bottom(page, "#chart-requests"));
        }
    }

    @Test
    void chat_with_three_who_talk() throws Exception {
        try (var chat = SampleServer.start("Chat")) {
            var ann = join(chat, "Ann", "websocket");
            var ben = join(chat, "Ben", "long-polling");
            var eve = join(chat, "Eve", "");
            say(ann, "Hello! Who is here? I am, over a WebSocket.");
            say(ben, "Me too, but by long polling.");
            say(eve, "Hej! And I by whatever gets through.");
            say(ann, "Then all of us see the same, in the same order.");
            say(ben, "Also when a connection breaks. Pull the cable, and see.");
            eve.waitForFunction("() => document.querySelectorAll('#log li:not(.pending) .text').length === 5");
            take(eve, "chat.png", 0, HEIGHT);
        }
    }

    private Page join(SampleServer chat, String name, String transport) {
        var page = open(chat.url());
        page.fill("#name", name);
        page.selectOption("#transport", transport);
        page.click("#join button");
        page.waitForFunction("() => document.querySelector('#status').dataset.state === 'open'");
        return page;
    }

    private static void say(Page page, String text) {
        page.fill("#text", text);
        page.press("#text", "Enter");
        page.waitForFunction("() => document.querySelectorAll('#log .pending').length === 0");
    }
}
