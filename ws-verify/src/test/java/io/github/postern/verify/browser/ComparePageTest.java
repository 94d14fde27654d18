package io.github.postern.verify.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import io.github.postern.push.PushServer;
import io.github.postern.ws.connection.Connection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The page of the sample {@code compare} in Chromium, against {@link PushServer}. */
@Timeout(60)
class ComparePageTest {
    private static final List<String> LANES = List.of("polling", "long-polling", "sse", "websocket");
    private static final String STATS = """
            {"websocket": {"delivered": 10, "bytesDown": 425, "bytesUp": 50, "requests": 1}, "sse": {"delivered": 0, "bytesDown": 9, "bytesUp": 9, "requests": 1}}""";

    private Browsers browsers;
    private PushServer server;
    private Browsers.Tab tab;

    @BeforeEach
    void start(@TempDir Path folder) throws Exception {
        browsers = Browsers.open();
        Files.writeString(folder.resolve("compare.html"), Browsers.resource("/io/github/postern/samples/compare.html"));
        Files.writeString(folder.resolve("stats"), STATS);
        server = PushServer.builder()
                .path("/push", ComparePageTest::feed)
                .resources(folder)
                .start();
        tab = browsers.newTab();
        tab.page().navigate("http://localhost:" + server.port() + "/compare.html");
    }

    @AfterEach
    void stop() {
        if (browsers != null) {
            browsers.close();
        }
        if (server != null) {
            server.close();
        }
    }

    private static void feed(Connection connection) throws Exception {
        for (int n = 1; connection.closeInfo().isEmpty(); n++) {
            connection.send(
                    "{\"n\":%d,\"sent\":%d,\"data\":\"<b>%d</b>\"}".formatted(n, System.currentTimeMillis(), n));
            connection.receive(Duration.ofMillis(20));
        }
    }

    private static String value(Page page, String lane, String name) {
        return page.innerText("#lane-" + lane + " [data-value=" + name + "]");
    }

    @Test
    void receives_the_stream_in_four_lanes_without_loss_until_it_is_stopped() {
        var page = tab.page();
        page.fill("#poll-interval", "100");
        page.click("#start");
        for (var lane : LANES) {
            page.waitForFunction(
                    "(lane) => Number(document.querySelector(`#lane-${lane} [data-value=delivered]`).textContent) > 50",
                    lane);
        }
        page.click("#stop");
        PlaywrightAssertions.assertThat(page.locator("#status")).hasText("Stopped.");
        for (var lane : LANES) {
            assertEquals("closed", page.innerText("#lane-" + lane + " .state"));
            assertEquals("0", value(page, lane, "lost"));
            assertTrue(value(page, lane, "p99").matches("\\d+\\.\\d ms"), value(page, lane, "p99"));
            assertTrue(page.innerText("#lane-" + lane + " li >> nth=0").matches("#\\d+ \\d+\\.\\d ms <b>\\d+</b>"));
        }
        assertEquals("1", value(page, "websocket", "requests"));
        assertTrue(Integer.parseInt(value(page, "long-polling", "requests")) > 25);
        assertEquals(List.of(), tab.errors());
    }

    @Test
    void shows_bytes_on_the_wire_only_where_the_server_measured_them() {
        var page = tab.page();
        page.click("#start");
        PlaywrightAssertions.assertThat(page.locator("#lane-websocket [data-value=down]"))
                .hasText("42.5 B/message");
        PlaywrightAssertions.assertThat(page.locator("#lane-websocket [data-value=up]"))
                .hasText("5.0 B/message");
        PlaywrightAssertions.assertThat(page.locator("#lane-sse [data-value=down]"))
                .hasText("–");
        assertFalse(page.locator("#lane-polling [data-value=down]").isVisible());
        assertEquals(List.of(), tab.errors());
    }
}
