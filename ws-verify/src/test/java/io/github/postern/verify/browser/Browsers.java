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
import org.jspecify.annotations.Nullable;

/**
 * Tabs in a Chromium of this machine, for the thread that runs the tests. Without one a test is skipped, except in CI, where that is a failure.
 * The system property {@code chromium} names it; otherwise it is looked for on the path.
 */
public final class Browsers implements AutoCloseable {
    private static final List<String> NAMES =
            List.of("chromium", "chromium-browser", "google-chrome", "chromium-headless-shell");
    private static final List<String> FLAGS = List.of(
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync");

    /** Of this process, with which it ends: to start one takes longer than most tests. */
    private static @Nullable Browser running;

    private final Browser browser;
    private final List<Tab> tabs = new ArrayList<>();

    private Browsers(Browser browser) {
        this.browser = browser;
    }

    public static Browsers open() {
        var browser = running;
        if (browser == null) {
            browser = start();
            running = browser;
        }
        return new Browsers(browser);
    }

    private static Browser start() {
        var executable = find();
        if (executable.isEmpty() && "true".equals(System.getenv("CI"))) {
            throw new AssertionError("no Chromium on the path");
        }
        var path = executable.orElseGet(() -> abort("no Chromium on the path"));
        return Playwright.create(new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")))
                .chromium()
                .launch(new BrowserType.LaunchOptions().setExecutablePath(path).setArgs(FLAGS));
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
        return newTab(new Browser.NewContextOptions());
    }

    /** A page that takes any certificate for good. */
    public Tab newTrustingTab() {
        return newTab(new Browser.NewContextOptions().setIgnoreHTTPSErrors(true));
    }

    private Tab newTab(Browser.NewContextOptions options) {
        var tab = new Tab(browser.newContext(options).newPage());
        tabs.add(tab);
        return tab;
    }

    /** Closes the tabs that are open. */
    @Override
    public void close() {
        tabs.forEach(Tab::close);
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

        /** Leaves its page, and forgets what that has stored and reported: as good as a new one, and sooner. */
        public void clear() {
            page.evaluate("() => { if (origin !== 'null') localStorage.clear(); }");
            page.navigate("about:blank");
            page.context().clearCookies();
            errors.clear();
        }

        @Override
        public void close() {
            page.context().close();
        }
    }
}
