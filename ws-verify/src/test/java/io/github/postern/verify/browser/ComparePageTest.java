package io.github.postern.verify.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static java.util.stream.Collectors.toMap;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The sample {@code compare}, its page, its exports and its report, in Chromium. With the system property {@code postern.screenshots}, a folder, it leaves
 * there how they look.
 */
@Timeout(120)
class ComparePageTest {
    private static final List<String> LANES = List.of("polling", "long-polling", "sse", "websocket");

    /** Adds up how far what one sees has moved without anybody having touched anything, as browsers measure it: 1 is the whole window. */
    private static final String WATCH_SHIFTS = """
            window.shifts = 0;
            new PerformanceObserver((list) => {
              for (const shift of list.getEntries()) if (!shift.hadRecentInput) window.shifts += shift.value;
            }).observe({ type: 'layout-shift', buffered: true });""";

    @TempDir
    private static Path folder;

    private static CompareProgram program;
    private static Path report;

    private Browsers browsers;
    private Browsers.Tab tab;

    @BeforeAll
    static void startProgram() throws IOException {
        report = folder.resolve("report.html");
        program = CompareProgram.start(
                "--messages", "100", "--interval", "20", "--poll-interval", "200", "--report", report.toString());
    }

    @AfterAll
    static void stopProgram() {
        if (program != null) {
            program.close();
        }
    }

    @BeforeEach
    void openTab() {
        browsers = Browsers.open();
        tab = browsers.newTab();
        tab.page().addInitScript(WATCH_SHIFTS);
    }

    private Page open(String url, int width, ColorScheme scheme) {
        var page = tab.page();
        page.setViewportSize(width, 900);
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));
        page.navigate(url);
        return page;
    }

    private Page openMeasuring() {
        return openMeasuring(1400, ColorScheme.LIGHT);
    }

    private Page openMeasuring(int width, ColorScheme scheme) {
        var page = open(program.url(), width, scheme);
        assertThat(page.locator("#status")).hasText("Measuring.");
        return page;
    }

    @AfterEach
    void close() {
        if (tab != null) {
            assertEquals(List.of(), tab.errors());
        }
        if (browsers != null) {
            browsers.close();
        }
    }

    private static long number(Page page, String lane, String name) {
        return Long.parseLong(
                page.innerText("#lane-" + lane + " [data-value=" + name + "]").replace(",", ""));
    }

    /** Waits until a lane has more than so many messages. */
    private static void awaitDelivered(Page page, String lane, long messages) {
        page.waitForFunction(
                "([lane, messages]) => Number(document.querySelector(`#lane-${lane} [data-value=delivered]`).textContent.replaceAll(',', '')) > messages",
                List.of(lane, Math.toIntExact(messages)));
    }

    private static void awaitMore(Page page) {
        assertThat(page.locator("#lane-websocket [data-value=delivered]")).hasText(Pattern.compile("\\d"));
        var before = LANES.stream().collect(toMap(lane -> lane, lane -> number(page, lane, "delivered")));
        before.forEach((lane, delivered) -> awaitDelivered(page, lane, delivered + 50));
    }

    private static void assertNothingLost(Page page) {
        for (var lane : LANES) {
            assertEquals(0, number(page, lane, "lost"), lane);
        }
    }

    private static JsonObject json(String text) {
        return JsonParser.parseString(text).getAsJsonObject();
    }

    @Test
    void every_lane_delivers_live() {
        var page = openMeasuring();
        awaitMore(page);
        assertNothingLost(page);
        for (var lane : LANES) {
            var newest = page.innerText("#lane-" + lane + " .newest li >> nth=0");
            assertTrue(newest.matches("#\\d+ \\d+\\.\\d+ ms \\{\"loadAverage.*"), newest);
        }
        assertThat(page.locator("#lane-sse .carrier")).hasText("carried by Server-Sent Events × 1");
    }

    @Test
    void every_chart_is_drawn_and_explained() {
        var page = openMeasuring();
        awaitMore(page);
        assertEquals(8, page.locator("#charts figure").count());
        assertEquals(8L, ((Number) page.evaluate("""
                        () => [...document.querySelectorAll('figure')].filter((figure) => {
                          const chart = Chart.getChart(figure.querySelector('canvas'));
                          return figure.querySelector('figcaption').textContent.length > 50
                            && chart.data.datasets.some((set) => set.data.some((value) => (value?.y ?? value) > 0));
                        }).length""")).longValue());
    }

    @Test
    void a_blocked_web_socket_moves_and_moves_back_and_nothing_is_lost() {
        var page = openMeasuring();
        var lane = page.locator("#lane-websocket");
        page.check("#web-socket-blocked");
        assertThat(lane.locator(".carrier")).hasText("carried by Server-Sent Events × 1");
        assertThat(lane.locator(".events")).containsText("moved from WebSocket to SSE");
        awaitMore(page);
        assertNothingLost(page);
        page.uncheck("#web-socket-blocked");
        assertThat(lane.locator(".carrier")).hasText("carried by WebSocket × 1");
        assertThat(lane.locator(".events")).containsText("moved from SSE to WebSocket");
        awaitMore(page);
        assertNothingLost(page);
    }

    @Test
    void cut_connections_are_resumed_and_added_latency_shows() {
        var page = openMeasuring();
        page.click("#cut");
        assertThat(page.locator("#lane-sse .events")).containsText("resumed after");
        assertThat(page.locator("#lane-websocket .events")).containsText("resumed after");
        page.fill("#latency", "150");
        page.press("#latency", "Tab");
        page.waitForFunction(
                "() => Number(document.querySelector('#lane-websocket .newest li b').textContent.split(' ')[1]) >= 150");
        page.fill("#latency", "0");
        page.press("#latency", "Tab");
        page.waitForFunction(
                "() => Number(document.querySelector('#lane-websocket .newest li b').textContent.split(' ')[1]) < 150");
        awaitMore(page);
        assertNothingLost(page);
    }

    @Test
    void a_new_measurement_has_the_settings_that_were_typed_in() {
        var page = openMeasuring();
        page.fill("#clients", "3");
        page.fill("#size", "500");
        page.press("#size", "Enter");
        assertThat(page.locator("#status")).hasText("Measuring.");
        assertThat(page.locator("#lane-long-polling .carrier")).hasText("carried by Long polling × 3");
        awaitMore(page);
        assertNothingLost(page);
        var bytes = json(page.request().get(program.url() + "compare.json").text())
                .getAsJsonObject("websocket")
                .getAsJsonObject("bytesPerMessage");
        assertTrue(bytes.get("payload").getAsDouble() > 500, bytes.toString());
        page.fill("#clients", "1");
        page.fill("#size", "0");
        page.press("#size", "Enter");
        assertThat(page.locator("#lane-long-polling .carrier")).hasText("carried by Long polling × 1");
    }

    @Test
    void exports_parse_and_agree_with_the_page() throws IOException {
        var page = openMeasuring();
        awaitMore(page);
        var json = page.waitForDownload(() -> page.click("#export-json"));
        assertEquals("compare.json", json.suggestedFilename());
        var all = json(Files.readString(json.path()));
        assertEquals(20, all.get("intervalMillis").getAsInt());
        for (var lane : LANES) {
            var measured = all.getAsJsonObject(lane);
            assertTrue(measured.get("delivered").getAsLong() >= 50, measured.toString());
            assertTrue(!measured.getAsJsonArray("series").isEmpty());
        }
        var csv = page.waitForDownload(() -> page.click("#export-csv"));
        var lines = Files.readAllLines(csv.path());
        assertEquals(5, lines.size());
        assertTrue(lines.get(4).startsWith("websocket,"), lines.get(4));
    }

    @Test
    void a_wrong_value_is_told_in_a_sentence() {
        var page = openMeasuring();
        page.evaluate("() => { document.getElementById('settings').noValidate = true; }");
        var before = page.inputValue("#interval");
        page.fill("#interval", "0");
        page.press("#interval", "Enter");
        assertThat(page.locator("#status"))
                .hasText("the time between two messages must be between 1 and 60000 ms, not 0.");
        assertTrue(page.isEnabled("#measure"));
        page.fill("#interval", before);
    }

    @Test
    void all_controls_are_reached_with_the_keyboard() {
        var page = openMeasuring();
        for (var id : List.of(
                "interval",
                "size",
                "clients",
                "poll-interval",
                "measure",
                "latency",
                "web-socket-blocked",
                "buffering",
                "cut",
                "export-json",
                "export-csv")) {
            page.keyboard().press("Tab");
            assertEquals(id, page.evaluate("document.activeElement.id"));
        }
    }

    @ParameterizedTest(name = "{0} pixels, {1}")
    @CsvSource({"1400, LIGHT", "1400, DARK", "390, LIGHT", "390, DARK"})
    void the_page_fits_and_does_not_jump(int width, ColorScheme scheme) {
        var page = openMeasuring(width, scheme);
        awaitMore(page);
        assertLooksSettled(page, "compare", width, scheme);
    }

    @ParameterizedTest(name = "{0} pixels, {1}")
    @CsvSource({"1400, LIGHT", "390, DARK"})
    void the_report_stands_alone(int width, ColorScheme scheme) {
        tab.page().context().setOffline(true);
        var page = open(report.toUri().toString(), width, scheme);
        assertThat(page.locator("#charts figure")).hasCount(8);
        var row = program.table().stream()
                .filter(line -> line.startsWith("websocket "))
                .findFirst()
                .orElseThrow()
                .trim()
                .split(" +", -1);
        assertThat(page.locator("#table tr >> nth=4 >> td >> nth=0")).hasText(row[1]);
        assertThat(page.locator("#table tr >> nth=4 >> td >> nth=3")).hasText(row[4]);
        assertLooksSettled(page, "report", width, scheme);
    }

    private static void assertLooksSettled(Page page, String name, int width, ColorScheme scheme) {
        int overflow = (int) page.evaluate("document.documentElement.scrollWidth - innerWidth");
        assertEquals(0, overflow, "wider than the window");
        double shifts = ((Number) page.evaluate("window.shifts")).doubleValue();
        assertTrue(shifts < 0.01, () -> "what one sees has moved: " + shifts);
        var screenshots = System.getProperty("postern.screenshots");
        if (screenshots != null) {
            var file = name + "-" + scheme.name().toLowerCase(Locale.ROOT) + "-" + width + ".png";
            page.screenshot(new Page.ScreenshotOptions().setFullPage(true).setPath(Path.of(screenshots, file)));
        }
    }
}
