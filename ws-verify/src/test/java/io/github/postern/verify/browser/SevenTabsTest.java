package io.github.postern.verify.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.Page;
import io.github.postern.push.PushOptions;
import io.github.postern.push.PushServer;
import io.github.postern.verify.tls.LocalCertificate;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** More tabs of one site than a browser opens connections of HTTP/1.1 to it, which are six. */
@Timeout(120)
class SevenTabsTest {
    private static final int CONNECTIONS = 6;
    private static final int CONNECTING = 0;

    /** Is told when it may not wait any longer. */
    private static final String OPEN_IN_VAIN = """
            async (transport) => {
              const { PushSocket } = await import('/postern/postern.js');
              const socket = new PushSocket('/push', [], { transports: [transport], connectTimeout: 500 });
              const events = [];
              await new Promise((resolve) => {
                socket.onopen = () => resolve(events.push('open'));
                socket.onerror = () => events.push(`error ${socket.readyState}`);
                socket.onclose = ({ code }) => resolve(events.push(`close ${code} ${socket.readyState}`));
              });
              return events.join(', ');
            }""";

    private static final String BEGIN_TO_OPEN = """
            async (transport) => {
              const { PushSocket } = await import('/postern/postern.js');
              window.socket = new PushSocket('/push', [], { transports: [transport], reconnect: Infinity });
            }""";

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

    /** Seven pages of one browser, loaded, since a page needs a connection for that, too. */
    private static List<Page> load(Browsers.Tab tab, String origin) {
        var pages = Stream.concat(
                        Stream.of(tab.page()),
                        Stream.generate(() -> tab.page().context().newPage()).limit(CONNECTIONS))
                .toList();
        pages.forEach(page -> Conversation.load(page, origin));
        return pages;
    }

    private static void talk(List<Page> pages, String transport) {
        var conversations = new ArrayList<Conversation>();
        for (var page : pages) {
            conversations.add(Conversation.openHere(page, Conversation.over(transport)));
        }
        for (int i = 0; i < 3; i++) {
            conversations.forEach(conversation -> conversation.say(20));
            conversations.forEach(Conversation::settle);
        }
        conversations.forEach(Conversation::close);
    }

    @Test
    void all_talk_over_web_sockets(@TempDir Path folder) throws Exception {
        try (var site = new EchoSite(folder);
                var tab = browsers.newTab()) {
            talk(load(tab, "http://localhost:" + site.port()), "websocket");
        }
    }

    @Test
    void all_talk_over_http_2(@TempDir Path folder) throws Exception {
        var tls = LocalCertificate.contextFor("dns:localhost");
        try (var site = new EchoSite(folder, PushServer.builder().tls(tls), PushOptions.defaults());
                var tab = browsers.newTrustingTab()) {
            var pages = load(tab, "https://localhost:" + site.port());
            assertEquals(
                    "h2", tab.page().evaluate("() => performance.getEntriesByType('navigation')[0].nextHopProtocol"));
            talk(pages, "sse");
            talk(pages, "long-polling");
        }
    }

    /** Six hold all connections, so what they say has to wait as well. Nothing of it is lost. */
    @ParameterizedTest
    @ValueSource(strings = {"sse", "long-polling"})
    void over_http_1_1_the_seventh_connects_until_another_closes(String transport, @TempDir Path folder)
            throws Exception {
        try (var site = new EchoSite(folder);
                var tab = browsers.newTab()) {
            var pages = load(tab, "http://localhost:" + site.port());
            var seventh = pages.getLast();
            var others = pages.subList(0, CONNECTIONS).stream()
                    .map(page -> Conversation.openHere(page, Conversation.over(transport)))
                    .toList();
            var sixth = others.getLast();
            sixth.say(10);
            assertEquals("error 3, close 1006 3", seventh.evaluate(OPEN_IN_VAIN, transport));
            assertEquals(10, pages.get(CONNECTIONS - 1).evaluate("() => socket.unconfirmed"));
            seventh.evaluate(BEGIN_TO_OPEN, transport);
            assertEquals(CONNECTING, seventh.evaluate("() => socket.readyState"));
            assertEquals(CONNECTIONS, site.server().sessions().size());
            pages.get(0).close();
            seventh.waitForFunction("() => socket.readyState === 1");
            pages.get(1).close();
            sixth.settle();
            sixth.sayAndSettle(10);
        }
    }
}
