package io.github.postern.verify.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Page;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** A {@code PushSocket} in a page, in {@code window.socket}, that talks with an {@link EchoSite}: each numbered message comes back once and in order. */
final class Conversation {
    private static final String OPEN = """
            async (options) => {
              const { PushSocket } = await import('/postern/postern.js');
              window.sent = 0;
              window.received = 0;
              window.wrong = '';
              window.events = [];
              window.socket = new PushSocket('/push', [], new Function(`return ${options}`)());
              socket.binaryType = 'arraybuffer';
              socket.onmessage = ({ data }) => {
                const number = typeof data === 'string' ? Number(data) : new DataView(data).getUint32(0);
                if (number !== ++received && wrong === '') wrong = `${number} instead of ${received}`;
              };
              socket.ontransport = ({ detail }) => events.push(`transport ${detail.to}`);
              socket.onresume = ({ detail }) => events.push(`resume ${detail.transport}`);
              socket.onreset = ({ detail }) => events.push(`reset ${detail.code} ${detail.unconfirmed}`);
              socket.onclose = ({ code, reason, wasClean }) => events.push(`close ${code} ${reason} ${wasClean}`);
              const numbered = (number) => {
                const view = new DataView(new ArrayBuffer(4));
                view.setUint32(0, number);
                return view;
              };
              window.say = (count) => {
                for (let i = 0; i < count; i++) socket.send(++sent % 10 === 0 ? numbered(sent) : `${sent}`);
              };
              await new Promise((resolve, reject) => { socket.onopen = resolve; socket.onerror = () => reject(new Error('not opened')); });
              socket.onerror = null;
              return socket.transport;
            }""";

    private final Page page;

    private Conversation(Page page) {
        this.page = page;
    }

    /** Opens it on the site's empty page, which is loaded anew. */
    static Conversation open(Page page, int port, String options) {
        return open(page, "http://localhost:" + port, options);
    }

    static Conversation open(Page page, String origin, String options) {
        load(page, origin);
        return openHere(page, options);
    }

    /** Loads the empty page, and what opening a conversation there needs of scripts. */
    static void load(Page page, String origin) {
        page.navigate(origin + "/blank.html");
        page.evaluate("() => import('/postern/postern.js').then(() => {})");
    }

    /** Opens it on a page that is loaded. */
    static Conversation openHere(Page page, String options) {
        page.evaluate(OPEN, options);
        return new Conversation(page);
    }

    /** Options for that transport alone. */
    static String over(String transport) {
        return "{ transports: ['" + transport + "'], pollInterval: 20 }";
    }

    String transport() {
        return (String) page.evaluate("() => socket.transport");
    }

    /** Sends so many more, without waiting for them. */
    void say(int count) {
        page.evaluate("(count) => say(count)", count);
    }

    /** Waits until everything sent has come back, and nothing else. */
    void settle() {
        page.waitForFunction("() => received >= sent || wrong !== ''");
        var now = (List<?>) page.evaluate("() => [wrong, sent, received]");
        assertEquals("", now.get(0));
        assertEquals(now.get(1), now.get(2));
    }

    /** Sees that nothing comes back for so long. */
    void hearNothing(Duration time) {
        var before = page.evaluate("() => received");
        var after = page.evaluate(
                "(millis) => new Promise((done) => setTimeout(() => done(received), millis))",
                Math.toIntExact(time.toMillis()));
        assertEquals(before, after, "came while nothing should");
    }

    void sayAndSettle(int count) {
        say(count);
        settle();
    }

    void awaitTransport(String transport) {
        page.waitForFunction("(transport) => socket.transport === transport", transport);
    }

    void awaitEvent(String event) {
        page.waitForFunction("(event) => events.includes(event)", event);
    }

    /** Waits until another session has taken the place of one that was lost. */
    void awaitReset(int code) {
        page.waitForFunction("(code) => events.some((event) => event.startsWith(`reset ${code} `))", code);
    }

    /** Waits until it has ended by itself, for one of these reasons. */
    void awaitClose(String... reasons) {
        page.waitForFunction("() => socket.readyState === 3");
        var last = (String) page.evaluate("() => events.at(-1)");
        assertTrue(Stream.of(reasons).anyMatch(reason -> last.equals("close " + reason + " false")), last);
    }

    /** Counts from the start again, since it has another session. */
    void beginAnew() {
        page.evaluate("() => { sent = received = 0; }");
    }

    List<?> events() {
        return (List<?>) page.evaluate("() => events");
    }

    /** Tells the page that the network has changed. */
    void networkChanges() {
        page.evaluate("() => { dispatchEvent(new Event('online')); }");
    }

    /** Closes it, and waits for the end. */
    void close() {
        page.evaluate("() => socket.close(3001, 'good bye')");
        page.waitForFunction("() => socket.readyState === 3");
        assertEquals("close 3001 good bye true", page.evaluate("() => events.at(-1)"));
        assertEquals(0, page.evaluate("() => socket.unconfirmed"));
    }
}
