package io.github.postern.verify.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import io.github.postern.faults.Fault;
import io.github.postern.faults.FaultProxy;
import io.github.postern.faults.Injection;
import io.github.postern.faults.Request;
import io.github.postern.push.PushServer;
import io.github.postern.verify.interop.Npm;
import io.github.postern.ws.connection.Connection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** In pages and libraries that were written for {@code WebSocket}, another constructor is the only change. */
@Timeout(120)
class DropInTest {
    /** The change. */
    private static final String ANOTHER_CONSTRUCTOR =
            "<script src=\"/postern/postern.global.js\"></script><script>window.WebSocket = PushSocket;</script>";

    /** What postern.js gives a stream for its first byte. */
    private static final int FIRST_BYTE_MILLIS = 3_000;

    private Browsers browsers;
    private PushServer server;
    private @Nullable Injection muted;

    @RegisterExtension
    final FaultProxy proxy = FaultProxy.to(() -> server.port());

    @TempDir
    Path folder;

    @BeforeEach
    void start() throws Exception {
        browsers = Browsers.open();
        var page = Browsers.resource("/io/github/postern/samples/echo.html");
        Files.writeString(
                folder.resolve("echo.html"), page.replaceFirst("(?i)</title>", "</title>" + ANOTHER_CONSTRUCTOR));
        Files.writeString(folder.resolve("blank.html"), "<!doctype html><link rel=icon href=data:,>");
        server = PushServer.builder()
                .path("/echo", DropInTest::echo)
                .resources(folder)
                .start();
    }

    @AfterEach
    void stop() {
        browsers.close();
        server.close();
    }

    private static void echo(Connection connection) throws Exception {
        for (var message : connection) {
            connection.send(message);
        }
    }

    /** Leaves to browsers no more than that transport. */
    private void leave(String transport) {
        if (!transport.equals("websocket")) {
            proxy.every(Request.upgrade(), Fault.answer(403));
        }
        if (transport.equals("long-polling")) {
            muted = proxy.every(Request.field("Postern-Transport", "sse"), Fault.muteBody());
        }
    }

    /** A page whose clock can be turned. */
    private static Page open(Browsers.Tab tab, URI uri) {
        var page = tab.page();
        page.clock().install();
        page.navigate(uri.toString());
        return page;
    }

    /** Turns the page's clock over the time that it waits for a stream, if one is held back. */
    private void skipWaiting(Page page) throws Exception {
        var held = muted;
        if (held != null) {
            held.await();
            page.clock().fastForward(FIRST_BYTE_MILLIS);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"websocket", "sse", "long-polling"})
    void the_echo_page(String transport) throws Exception {
        leave(transport);
        try (var tab = browsers.newTab()) {
            var page = open(tab, proxy.uri("/echo.html"));
            skipWaiting(page);
            PlaywrightAssertions.assertThat(page.locator("#ready-state")).hasText("1 OPEN");
            page.fill("#message", "我是阿宝哥");
            page.click("#send");
            page.check("#as-blob");
            page.fill("#message", "bytes");
            page.click("#send");
            PlaywrightAssertions.assertThat(page.locator("#log .received")).hasCount(2);
            assertTrue(page.innerText("#log").contains("我是阿宝哥"));
            assertEquals(
                    transport.toUpperCase(Locale.ROOT).replace('-', '_'),
                    server.sessions().getFirst().transport().name());
            page.click("#close");
            PlaywrightAssertions.assertThat(page.locator("#ready-state")).hasText("3 CLOSED");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"websocket", "sse", "long-polling"})
    void a_library_that_connects_again_by_itself(String transport) throws Exception {
        Npm.install("reconnecting-websocket@4.4.0");
        Files.copy(Npm.file("reconnecting-websocket/dist/reconnecting-websocket-mjs.js"), folder.resolve("library.js"));
        leave(transport);
        try (var tab = browsers.newTab()) {
            var page = open(tab, proxy.uri("/blank.html"));
            page.evaluate("""
                    async () => {
                      const { default: ReconnectingWebSocket } = await import('/library.js');
                      const { PushSocket } = await import('/postern/postern.min.js');
                      window.log = [];
                      window.opened = [];
                      window.socket = new ReconnectingWebSocket(`ws://${location.host}/echo`, [], {
                        WebSocket: class extends PushSocket { constructor(url) { super(url); opened.push(this); } },
                        connectionTimeout: 15_000, minReconnectionDelay: 10, maxReconnectionDelay: 10,
                      });
                      socket.send('before it is open');
                      socket.addEventListener('message', ({ data }) => log.push(data));
                      socket.onclose = ({ code }) => log.push(code);
                    }""");
            skipWaiting(page);
            page.waitForFunction("() => socket.readyState === 1 && log.length === 1");
            page.evaluate("() => socket.reconnect(3000)");
            page.waitForFunction("() => opened.length === 2 && socket.readyState === 1");
            page.evaluate("() => socket.send('after it')");
            page.waitForFunction("() => log.includes('after it')");
            assertEquals(transport, page.evaluate("() => opened.at(-1).transport"));
            page.evaluate("() => socket.close()");
            page.waitForFunction("() => socket.readyState === 3");
            assertEquals(2, page.evaluate("() => opened.length"));
        }
    }

    @Test
    void npm_packs_the_client_and_nothing_else() throws Exception {
        var folder = Path.of("..", "ws-sse-fallback", "target", "npm").toAbsolutePath();
        var packed = Npm.npm(folder, "pack", folder.toString(), "--dry-run", "--json");
        for (var name : new String[] {
            "LICENSE",
            "README.md",
            "package.json",
            "postern.js",
            "postern.d.ts",
            "postern.min.js",
            "postern.global.js",
            "postern-shared.js",
            "postern-shared.d.ts",
            "postern-shared.min.js"
        }) {
            assertTrue(packed.contains("\"path\": \"" + name + "\""), packed);
        }
        assertTrue(packed.contains("\"entryCount\": 10"), packed);
    }
}
