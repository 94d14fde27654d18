package io.github.postern.verify.browser;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import io.github.postern.push.PushListener;
import io.github.postern.push.PushServer;
import io.github.postern.push.PushSession;
import io.github.postern.push.PushTransport;
import io.github.postern.ws.connection.CloseInfo;
import io.github.postern.ws.connection.Message;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** A push server whose sessions are sent numbers, and that keeps what the tabs of a browser say: each says its name and numbers. */
final class SharedSite implements AutoCloseable {
    private static final String OPEN = """
            async ([tab, options, script]) => {
              const { SharedPushSocket } = await import(script);
              window.heard = [];
              window.events = [];
              window.said = 0;
              window.socket = new SharedPushSocket('/push', [], new Function(`return ${options}`)());
              socket.onmessage = ({ data }) => heard.push(Number(data));
              socket.ontransport = ({ detail }) => events.push(`transport ${detail.to}`);
              socket.onresume = ({ detail }) => events.push(`resume ${detail.transport}`);
              socket.onreset = ({ detail }) => events.push(`reset ${detail.code} ${detail.unconfirmed}`);
              socket.onclose = ({ code, reason, wasClean }) => events.push(`close ${code} ${reason} ${wasClean}`);
              window.say = (count) => {
                const timer = setInterval(() => {
                  if (count-- > 0) socket.send(`${tab} ${++said}`);
                  else clearInterval(timer);
                }, 10);
              };
            }""";

    private final BlockingQueue<String> closes = new LinkedBlockingQueue<>();
    private final Map<String, List<Integer>> said = new ConcurrentHashMap<>();
    private final AtomicInteger attachments = new AtomicInteger();
    private final PushServer server;

    SharedSite(Path folder) throws IOException {
        Files.writeString(folder.resolve("blank.html"), "<!doctype html><link rel=icon href=data:,>");
        server = PushServer.builder()
                .path("/push", this::hear)
                .addListener(new PushListener() {
                    @Override
                    public void attached(PushSession session, PushTransport transport) {
                        attachments.incrementAndGet();
                    }

                    @Override
                    public void ended(PushSession session, CloseInfo info) {
                        closes.add(info.status().toString());
                    }
                })
                .resources(folder)
                .start();
    }

    private void hear(PushSession session) {
        for (var message : session) {
            if (message instanceof Message.Text(var text)) {
                int space = text.indexOf(' ');
                said.computeIfAbsent(text.substring(0, space), tab -> new CopyOnWriteArrayList<>())
                        .add(Integer.valueOf(text.substring(space + 1)));
            }
        }
    }

    /** Opens a {@code SharedPushSocket} in a new tab of that browser. */
    Page open(BrowserContext browser, String tab, String options) {
        return open(browser, tab, options, "postern-shared.js");
    }

    /** The same, from one of the builds. */
    Page open(BrowserContext browser, String tab, String options, String script) {
        var page = browser.newPage();
        begin(page, tab, options, script);
        awaitOpen(page);
        return page;
    }

    /** Begins to open it, in a tab that is there. */
    void begin(Page page, String tab, String options, String script) {
        page.setDefaultTimeout(20_000);
        load(page);
        page.evaluate(OPEN, List.of(tab, options, "/postern/" + script));
    }

    static void awaitOpen(Page page) {
        page.waitForFunction("() => socket.readyState === 1");
    }

    /** Leaves what is there for an empty page. */
    void load(Page page) {
        page.navigate("http://localhost:" + server.port() + "/blank.html");
    }

    /** The one session. */
    PushSession session() {
        var sessions = server.sessions();
        if (sessions.size() != 1) {
            throw new AssertionError("sessions: " + sessions.size());
        }
        return sessions.getFirst();
    }

    /** Sends the numbers from the first to the last, about 500 in a second, in a thread of its own. */
    Thread send(int first, int last) {
        var session = session();
        return Thread.ofVirtual().start(() -> {
            long due = System.nanoTime();
            try {
                for (int number = first; number <= last; number++) {
                    session.send("" + number);
                    due += Duration.ofMillis(2).toNanos();
                    LockSupport.parkNanos(due - System.nanoTime());
                }
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
    }

    PushServer server() {
        return server;
    }

    /** What that tab has said, in the order of arrival. */
    List<Integer> said(String tab) {
        return said.getOrDefault(tab, List.of());
    }

    /** How often a client has attached to a session. */
    int attachments() {
        return attachments.get();
    }

    /** How the sessions ended, in their order. */
    BlockingQueue<String> closes() {
        return closes;
    }

    @Override
    public void close() {
        server.close();
    }
}
