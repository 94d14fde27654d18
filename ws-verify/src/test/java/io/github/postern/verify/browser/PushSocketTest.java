package io.github.postern.verify.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.Page;
import io.github.postern.verify.browser.FaultyProxy.Fault;
import io.github.postern.ws.core.CloseStatus;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code postern.js} in Chromium against {@code PushServer}: each transport, falling back, resuming, closing. */
@Timeout(60)
class PushSocketTest {
    /** Opens a PushSocket, and keeps what it receives and reports in {@code window}. */
    private static final String OPEN = """
            async (options) => {
              const { PushSocket } = await import('/postern/postern.js');
              window.messages = [];
              window.events = [];
              window.socket = new PushSocket('/push', [], options);
              socket.binaryType = 'arraybuffer';
              socket.onmessage = ({ data }) => messages.push(typeof data === 'string' ? data : [...new Uint8Array(data)].join(' '));
              socket.ontransport = ({ detail }) => events.push(`transport ${detail.to}`);
              socket.onresume = () => events.push('resume');
              const opened = new Promise((resolve) => (socket.onopen = resolve));
              socket.onclose = ({ code, reason, wasClean }) => events.push(`close ${code} ${reason} ${wasClean}`);
              await opened;
              return socket.transport;
            }""";

    private static Browsers browsers;
    private static Browsers.Tab tab;
    private EchoSite site;

    @BeforeAll
    static void openBrowser() {
        browsers = Browsers.open();
        tab = browsers.newTab();
    }

    @AfterAll
    static void closeBrowser() {
        if (browsers != null) {
            browsers.close();
        }
    }

    @BeforeEach
    void start(@TempDir Path folder) throws Exception {
        site = new EchoSite(folder);
        tab.clear();
    }

    @AfterEach
    void stop() {
        site.close();
    }

    private Object open(int port, String options) {
        tab.page().navigate("http://localhost:" + port + "/blank.html");
        return tab.page().evaluate("(" + OPEN + ")(" + options + ")");
    }

    private void converse(Page page) {
        page.evaluate("""
                () => {
                  socket.send('a 😀');
                  socket.send('two\\nlines\\n');
                  socket.send(new Blob([Uint8Array.of(0, 1, 255)]));
                  socket.send('after the Blob, with\\rCR');
                  socket.send(Uint8Array.of(1, 2, 3).subarray(1));
                  socket.send('');
                }""");
        page.waitForFunction("() => messages.length === 6");
        assertEquals(
                List.of("a 😀", "two\nlines\n", "0 1 255", "after the Blob, with\rCR", "2 3", ""),
                page.evaluate("() => messages"));
    }

    private void closeFromPage(Page page) throws InterruptedException {
        page.evaluate("() => socket.close(3001, 'good bye')");
        page.waitForFunction("() => socket.readyState === 3");
        assertEquals("close 3001 good bye true", page.evaluate("() => events.at(-1)"));
        assertEquals(CloseStatus.of(3001, "good bye").toString(), site.closes().poll(10, TimeUnit.SECONDS));
    }

    @Test
    void prefers_a_web_socket() throws Exception {
        assertEquals("websocket", open(site.port(), "{ headStart: 20000 }"));
        converse(tab.page());
        closeFromPage(tab.page());
        assertEquals(List.of(), tab.errors());
    }

    @ParameterizedTest
    @ValueSource(strings = {"websocket", "sse", "long-polling", "polling"})
    void carries_messages_both_ways_in_order(String transport) throws Exception {
        assertEquals(transport, open(site.port(), "{ transports: ['" + transport + "'], pollInterval: 20 }"));
        converse(tab.page());
        tab.page().evaluate("() => { messages.length = 0; for (let i = 1; i <= 3000; i++) socket.send(`${i}`); }");
        tab.page().waitForFunction("() => messages.length >= 3000");
        assertEquals(true, tab.page().evaluate("() => messages.every((message, i) => message === `${i + 1}`)"));
        closeFromPage(tab.page());
        assertEquals(List.of(), tab.errors());
    }

    @ParameterizedTest
    @ValueSource(strings = {"websocket", "sse", "long-polling", "polling"})
    void hears_why_the_server_closes(String transport) {
        open(site.port(), "{ transports: ['" + transport + "'], pollInterval: 20 }");
        tab.page().evaluate("() => { socket.send('last'); socket.send('stop'); }");
        tab.page().waitForFunction("() => socket.readyState === 3");
        assertEquals(List.of("last"), tab.page().evaluate("() => messages"));
        assertEquals("close 3005 done true", tab.page().evaluate("() => events.at(-1)"));
        assertEquals(List.of(), tab.errors());
    }

    @Test
    void falls_back_to_sse_when_a_web_socket_is_refused() throws Exception {
        checkFallBack(EnumSet.of(Fault.REFUSE_WEB_SOCKETS), "{ headStart: 20000 }", "sse");
    }

    @Test
    void falls_back_to_sse_when_a_web_socket_is_mute() throws Exception {
        checkFallBack(EnumSet.of(Fault.MUTE_WEB_SOCKETS), "{ headStart: 500 }", "sse");
    }

    @Test
    void falls_back_to_long_polling_when_sse_is_mute_too() throws Exception {
        checkFallBack(
                EnumSet.of(Fault.REFUSE_WEB_SOCKETS, Fault.MUTE_STREAMS),
                "{ headStart: 20000, firstByteTimeout: 500 }",
                "long-polling");
    }

    /** Times in the options that are long enough for a busy machine where they are not waited for, and short where they are. */
    private void checkFallBack(Set<Fault> faults, String options, String transport) throws Exception {
        try (var proxy = new FaultyProxy(site.port(), faults)) {
            assertEquals(transport, open(proxy.port(), options));
            converse(tab.page());
            closeFromPage(tab.page());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"websocket", "sse", "long-polling", "polling"})
    void resumes_after_a_cut_without_losing_or_doubling_a_message(String transport) throws Exception {
        try (var proxy = new FaultyProxy(site.port(), Set.of())) {
            open(proxy.port(), "{ transports: ['" + transport + "'], pollInterval: 20 }");
            var page = tab.page();
            for (int round = 1; round <= 3; round++) {
                page.evaluate("() => socket.send('send 100')");
                page.waitForFunction("(count) => messages.length >= count", 200 * round - 100);
                proxy.cut();
                page.evaluate("() => socket.send('send 100')");
                page.waitForFunction("(count) => messages.length >= count", 200 * round);
            }
            var expected =
                    IntStream.rangeClosed(1, 600).mapToObj(Integer::toString).toList();
            assertEquals(expected, page.evaluate("() => messages"));
            closeFromPage(page);
        }
    }

    @Test
    void resumes_a_stream_that_has_not_carried_a_message() throws Exception {
        try (var proxy = new FaultyProxy(site.port(), Set.of())) {
            open(proxy.port(), "{ transports: ['sse'] }");
            proxy.cut();
            tab.page().waitForFunction("() => events.includes('resume')");
            converse(tab.page());
            closeFromPage(tab.page());
        }
    }

    @Test
    void tells_an_error_and_1006_when_nothing_gets_through() throws Exception {
        var faults = EnumSet.of(Fault.REFUSE_WEB_SOCKETS);
        try (var proxy = new FaultyProxy(site.port(), faults)) {
            open(proxy.port(), "{}");
            var events = tab.page().evaluate("""
                    () => new Promise((resolve) => {
                      const events = [];
                      const PushSocket = socket.constructor;
                      const other = new PushSocket('/push', [], { transports: ['websocket'] });
                      for (const type of ['open', 'error', 'close']) {
                        other.addEventListener(type, ({ code, wasClean }) => {
                          events.push(`${type} ${code} ${wasClean} ${other.readyState}`);
                          if (type === 'close') resolve(events);
                        });
                      }
                    })""");
            assertEquals(List.of("error undefined undefined 3", "close 1006 false 3"), events);
        }
    }
}
