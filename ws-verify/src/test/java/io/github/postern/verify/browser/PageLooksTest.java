package io.github.postern.verify.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How the pages of the samples look. With {@code -Dpostern.screenshots=FOLDER} it leaves pictures of them there. */
@Timeout(120)
class PageLooksTest {
    private static final String SCREENSHOTS = System.getProperty("postern.screenshots");

    /** How far contents moved without the user's doing, as browsers count it: 0 for not at all, and what is less than 0.1 counts as good. */
    private static final String LAYOUT_SHIFT = """
            () => new Promise((resolve) => {
              let sum = 0;
              new PerformanceObserver((list) => list.getEntries().forEach((entry) => (sum += entry.hadRecentInput ? 0 : entry.value)))
                .observe({ type: 'layout-shift', buffered: true });
              requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => resolve(sum), 0)));
            })""";

    private static Browsers browsers;

    @BeforeAll
    static void openBrowser() {
        browsers = Browsers.open();
    }

    @AfterAll
    static void closeBrowser() {
        if (browsers != null) {
            browsers.close();
        }
    }

    /** With something to see in it. */
    private static void use(String sample, Page page) {
        switch (sample) {
            case "Echo" -> {
                page.waitForFunction("() => document.querySelector('#ready-state').textContent === '1 OPEN'");
                page.fill("#message", "Hello, 世界. " + "A rather long message. ".repeat(10));
                page.click("#send");
                page.check("#as-blob");
                page.click("#send");
                page.waitForFunction("() => document.querySelectorAll('#log .received').length === 2");
            }
            case "Chat" -> {
                page.fill("#name", "A name that is quite long for a name");
                page.click("#join button");
                page.waitForFunction("() => document.querySelector('#status').dataset.state === 'open'");
                for (var text : List.of("hello", "a word without any space: " + "x".repeat(200), "שלום")) {
                    page.fill("#text", text);
                    page.press("#text", "Enter");
                }
                page.waitForFunction("() => document.querySelectorAll('#log li:not(.pending)').length === 3");
            }
            default -> {
                page.press("#interval", "Home"); // the slow reader's shortest
                page.waitForFunction(
                        "() => Number(document.querySelector('#slow [data-value=received]').textContent) > 20");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Echo", "Chat", "Ticker"})
    void a_page_is_light_or_dark_fits_a_phone_and_does_not_jump(String sample) throws Exception {
        try (var server = SampleServer.start(sample);
                var tab = browsers.newTab()) {
            var page = tab.page();
            page.setViewportSize(1100, 760);
            page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.LIGHT));
            page.navigate(server.url());
            use(sample, page);
            var shift = ((Number) page.evaluate(LAYOUT_SHIFT)).doubleValue();
            assertTrue(shift < 0.1, "layout shift " + shift);
            picture(page, sample, "light");
            var light = page.evaluate("() => getComputedStyle(document.body).backgroundColor");
            page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
            assertNotEquals(light, page.evaluate("() => getComputedStyle(document.body).backgroundColor"));
            picture(page, sample, "dark");
            page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.LIGHT));
            for (int width : List.of(390, 320)) {
                page.setViewportSize(width, 800);
                assertEquals(
                        width, page.evaluate("() => document.documentElement.scrollWidth"), "wider than the window");
                if (width == 390) {
                    picture(page, sample, "phone");
                }
            }
            assertEquals(List.of(), tab.errors());
        }
    }

    private static void picture(Page page, String sample, String kind) {
        if (SCREENSHOTS != null) {
            page.screenshot(new Page.ScreenshotOptions()
                    .setPath(Path.of(SCREENSHOTS, sample.toLowerCase(Locale.ROOT) + "-" + kind + ".png")));
        }
    }
}
