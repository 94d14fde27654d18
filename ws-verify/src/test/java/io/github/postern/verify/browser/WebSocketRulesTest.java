package io.github.postern.verify.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code PushSocket} has the interface of the browser's {@code WebSocket}: the rules of {@code websocket-rules.mjs}, over each transport, and for the browser's own
 * one as well, so that a rule is known to be right. So has {@code SharedPushSocket}.
 */
@Timeout(180)
class WebSocketRulesTest {
    private static final List<String> KINDS =
            List.of("native", "websocket", "sse", "long-polling", "polling", "shared");

    private static final String LIST = "async () => Object.keys((await import('/websocket-rules.mjs')).rules)";

    private static final String RUN = """
            async ([kind, name]) => {
              const { rules } = await import('/websocket-rules.mjs');
              const { PushSocket } = await import('/postern/postern.js');
              const { SharedPushSocket } = await import('/postern/postern-shared.js');
              const [Base, transport] = kind === 'shared' ? [SharedPushSocket, 'sse'] : [PushSocket, kind];
              class Socket extends Base {
                constructor(url, protocols) {
                  if (arguments.length === 0) super();
                  else super(url, protocols, { transports: [transport], pollInterval: 10, name: crypto.randomUUID() });
                }
              }
              Object.setPrototypeOf(Socket.prototype, Base.prototype);
              const url = `ws://${location.host}/push`;
              try {
                const limit = new Promise((_, reject) => setTimeout(() => reject(new Error('takes too long')), 15_000));
                const Tested = kind === 'native' ? WebSocket : name.startsWith('constructor: has') ? PushSocket : Socket;
                await Promise.race([rules[name]({ Socket: Tested, url, httpUrl: `${location.origin}/push`, repeatsReason: kind !== 'native' }), limit]);
                return '';
              } catch (error) {
                return `${error}`;
              }
            }""";

    private static Browsers browsers;
    private static EchoSite site;
    private static Browsers.Tab tab;

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        browsers = Browsers.open();
        Files.writeString(
                folder.resolve("websocket-rules.mjs"),
                Browsers.resource("/io/github/postern/verify/browser/websocket-rules.mjs"));
        site = new EchoSite(folder);
        tab = browsers.newTab();
        tab.page().navigate("http://localhost:" + site.port() + "/blank.html");
    }

    @AfterAll
    static void stop() {
        if (browsers != null) {
            browsers.close();
        }
        if (site != null) {
            site.close();
        }
    }

    @TestFactory
    Stream<DynamicContainer> keeps_the_rules_of_the_browsers_web_socket() {
        var names = (List<?>) tab.page().evaluate(LIST);
        assertTrue(names.size() > 30, () -> "rules are missing: " + names);
        return KINDS.stream()
                .map(kind -> DynamicContainer.dynamicContainer(
                        kind,
                        names.stream()
                                .map(Object::toString)
                                // it is a PushSocket itself, and has of that what this rule is about
                                .filter(name -> !kind.equals("shared") || !name.startsWith("constructor: has"))
                                .map(name -> DynamicTest.dynamicTest(
                                        name, () -> assertEquals("", tab.page().evaluate(RUN, List.of(kind, name)))))));
    }

    /** A rule that a broken implementation passes would be none. */
    @TestFactory
    Stream<DynamicTest> rules_notice_an_implementation_that_breaks_them() {
        var broken = Map.of(
                "send: keeps the order of texts, bytes and Blobs",
                "send(data) { if (data instanceof Blob) setTimeout(() => super.send(data), 100); else super.send(data); }",
                "close: tells code and reason, and is clean",
                "close(code, ...reason) { super.close(code === 4999 ? 4998 : code, ...reason); }",
                "binaryType: ignores what it does not know",
                "get binaryType() { return this.kept ?? super.binaryType; } set binaryType(type) { this.kept = type; super.binaryType = type; }",
                "send: takes the bytes as they are then",
                "send(data) { setTimeout(() => super.send(data), 10); }");
        return broken.entrySet().stream()
                .map(fault -> DynamicTest.dynamicTest(fault.getKey(), () -> {
                    var noticed = (String) tab.page().evaluate("""
                            async ([name, member]) => {
                              const { rules } = await import('/websocket-rules.mjs');
                              const Socket = new Function(`return class extends WebSocket { ${member} }`)();
                              const limit = new Promise((_, reject) => setTimeout(() => reject(new Error('takes too long')), 3000));
                              return Promise.race([rules[name]({ Socket, url: `ws://${location.host}/push`, httpUrl: '', repeatsReason: false }), limit]).then(() => '', (error) => `${error}`);
                            }""", List.of(fault.getKey(), fault.getValue()));
                    assertTrue(!noticed.isEmpty(), "not noticed");
                }));
    }
}
