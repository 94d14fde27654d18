package io.github.postern.verify.browser;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Many messages each way, each tenth binary, over each transport, while the page stays responsive. {@code -Dpostern.browser.messages=100000} sets how
 * many; a few thousand otherwise.
 */
@Timeout(600)
class ManyMessagesTest {
    private static final int MESSAGES = Integer.getInteger("postern.browser.messages", 5_000);

    /** A page that does nothing for longer feels stuck; this machine may be busy with other things besides. */
    private static final int LONGEST_PAUSE_MILLIS = 1_000;

    @ParameterizedTest
    @ValueSource(strings = {"websocket", "sse", "long-polling", "polling"})
    void all_arrive_once_and_in_order_while_the_page_is_responsive(String transport, @TempDir Path folder)
            throws Exception {
        try (var browsers = Browsers.open();
                var site = new EchoSite(folder);
                var tab = browsers.newTab()) {
            var page = tab.page();
            page.setDefaultTimeout(500_000);
            var conversation = Conversation.open(page, site.port(), Conversation.over(transport));
            page.evaluate("""
                    () => {
                      window.longest = 0;
                      window.ticks = 0;
                      let last = performance.now();
                      setInterval(() => {
                        longest = Math.max(longest, performance.now() - last);
                        last = performance.now();
                        ticks++;
                      }, 20);
                    }""");
            long began = System.nanoTime();
            page.evaluate("""
                    (count) => {
                      const timer = setInterval(() => {
                        if (socket.bufferedAmount < 1_000_000) say(Math.min(500, count - sent));
                        if (sent >= count) clearInterval(timer);
                      }, 5);
                    }""", MESSAGES);
            page.waitForFunction("(count) => received >= count || wrong !== ''", MESSAGES);
            conversation.settle();
            long millis = (System.nanoTime() - began) / 1_000_000;
            double longest = ((Number) page.evaluate("() => longest")).doubleValue();
            System.out.printf(
                    "%s: %,d messages each way in %,d ms, longest pause of the page %.0f ms%n",
                    transport, MESSAGES, millis, longest);
            assertTrue(longest < LONGEST_PAUSE_MILLIS, () -> "the page stood still for " + longest + " ms");
            conversation.close();
        }
    }
}
