package com.example.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import io.github.postern.push.PushServer;
import io.github.postern.push.PushTransport;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** In the Chromium of this machine. */
@Timeout(60)
class PagesTest {
    private PushServer server;

    @BeforeEach
    void start() throws Exception {
        server = Pages.serve(0);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"jar", "package"})
    void a_page_is_answered(String source) {
        var options = new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1"));
        try (var playwright = Playwright.create(options);
                var browser = playwright
                        .chromium()
                        .launch(new BrowserType.LaunchOptions()
                                .setExecutablePath(chromium())
                                .setArgs(List.of("--no-sandbox")))) {
            var page = browser.newPage();
            var errors = new ArrayList<String>();
            page.onPageError(errors::add);
            page.navigate("http://localhost:" + server.port() + "/" + source + ".html");
            assertThat(page.locator("li")).hasText("hello from the " + source);
            assertEquals(PushTransport.WEBSOCKET, server.sessions().getFirst().transport());
            assertEquals(List.of(), errors);
        }
    }

    private static Path chromium() {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .flatMap(folder -> Stream.of("chromium", "chromium-browser", "google-chrome", "chromium-headless-shell")
                        .map(name -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no Chromium on the path"));
    }
}
