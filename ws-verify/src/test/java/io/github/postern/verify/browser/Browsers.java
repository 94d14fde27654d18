package io.github.postern.verify.browser;

import static org.junit.jupiter.api.Assumptions.abort;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A Chromium of this machine, for the thread that opened it. Without one a test is skipped, except in CI, where that is a failure.
 * The system property {@code chromium} names it; otherwise it is looked for on the path.
 */
public final class Browsers implements AutoCloseable {
    private static final List<String> NAMES = List.of("chromium", "chromium-browser", "google-chrome");
    private static final List<String> FLAGS = List.of(
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync");

    private final Playwright playwright;
    private final Browser browser;

    private Browsers(Path executable) {
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(executable)
                        .setArgs(FLAGS));
    }

    public static Browsers open() {
        var executable = find();
        if (executable.isEmpty() && "true".equals(System.getenv("CI"))) {
            throw new AssertionError("no Chromium on the path");
        }
        return new Browsers(executable.orElseGet(() -> abort("no Chromium on the path")));
    }

    private static Optional<Path> find() {
        var named = System.getProperty("chromium");
        if (named != null) {
            return Optional.of(Path.of(named));
        }
        return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .flatMap(folder -> NAMES.stream().map(name -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** A page with its own cookies and cache, and everything it reported. */
    public Tab newTab() {
        return new Tab(browser.newContext().newPage());
    }

    @Override
    public void close() {
        playwright.close();
    }

    /** A resource of another module on the class path, such as a page. */
    public static String resource(String name) throws Exception {
        try (var in = Browsers.class.getResourceAsStream(name)) {
            return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** A page in a browser. */
    public static final class Tab implements AutoCloseable {
        private final Page page;
        private final List<String> errors = new ArrayList<>();

        private Tab(Page page) {
            this.page = page;
            page.setDefaultTimeout(20_000);
            page.onPageError(errors::add);
            page.onConsoleMessage(message -> {
                if (message.type().equals("error")) {
                    errors.add(message.text());
                }
            });
        }

        public Page page() {
            return page;
        }

        /** What the scripts threw and nobody caught, and what the console shows as an error. */
        public List<String> errors() {
            return errors;
        }

        @Override
        public void close() {
            page.context().close();
        }
    }
}
