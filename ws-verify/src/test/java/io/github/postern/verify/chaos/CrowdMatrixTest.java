package io.github.postern.verify.chaos;

import static io.github.postern.push.PushTransport.WEBSOCKET;
import static io.github.postern.verify.chaos.Scene.ALL;
import static io.github.postern.verify.chaos.Scene.PATIENCE;
import static io.github.postern.verify.chaos.Scene.PER_SECOND;
import static io.github.postern.verify.chaos.Scene.SEED;
import static io.github.postern.verify.chaos.Scene.abort;
import static io.github.postern.verify.chaos.Scene.atOnce;
import static io.github.postern.verify.chaos.Scene.client;
import static io.github.postern.verify.chaos.Scene.options;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.postern.faults.Fault;
import io.github.postern.faults.FaultProxy;
import io.github.postern.faults.Request;
import io.github.postern.push.ClientPushSession;
import io.github.postern.push.PushLimits;
import io.github.postern.push.PushSession;
import io.github.postern.push.PushTransport;
import io.github.postern.push.Topic;
import io.github.postern.ws.connection.ConnectionClosedException;
import io.github.postern.ws.connection.SlowConsumer;
import io.github.postern.ws.core.CloseStatus;
import java.util.ArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/** Many sessions at once, on a bad network: part of the matrix of {@link FaultMatrixTest}. The herd of a server that was killed is in {@code HerdTest}. */
@Timeout(120)
class CrowdMatrixTest {
    private static final int OTHERS = 1_000;

    /** Far below what a write or a sender waits for a reader that does not read, and far above what a busy machine adds to some milliseconds. */
    private static final long HELD_UP_MILLIS = 6_000;

    @TestFactory
    Stream<DynamicTest> tabs_of_one_browser_come_through_together() {
        return atOnce(Stream.of(ALL)
                .map(transport ->
                        DynamicTest.dynamicTest("7 tabs on HTTP/1.1 × " + transport, () -> together(transport, 7))));
    }

    @Test
    void a_herd_comes_back_when_the_network_does() throws Exception {
        together(WEBSOCKET, 300);
    }

    /** As many messages a second as one session has in the other rows, and no fewer than some of each. */
    private static void together(PushTransport transport, int count) throws Exception {
        var clients = new ArrayList<PushSession>();
        try (var site = new PushSite(options());
                var proxy = FaultProxy.to(site::port).start()) {
            var conversations = new ArrayList<Conversation>();
            for (int i = 0; i < count; i++) {
                var client = client(proxy).transport(transport).connect();
                clients.add(client);
                conversations.add(
                        new Conversation(client, site.take(client), Math.max(5, PER_SECOND / count), SEED + i).start());
            }
            proxy.resetAll();
            // counted from now on for all of them, since each says little
            var received =
                    conversations.stream().map(c -> c.client().received()).toList();
            for (int i = 0; i < count; i++) {
                assertNull(conversations.get(i).client().awaitReceived(received.get(i) + 3, PATIENCE));
            }
            for (var conversation : conversations) {
                assertNull(conversation.finish(PATIENCE));
            }
            abort(clients);
        }
    }

    @Test
    void slow_readers_are_told_of_their_overflow_and_delay_none_of_a_thousand_others() throws Exception {
        var small = options()
                .withLimits(
                        PushLimits.defaults().withUnacknowledged(50, 1 << 16).withSessions(2_000, 2_000));
        var sentAt = new AtomicLongArray(1_000);
        var topic = Topic.of("news");
        var slow = new ArrayList<ClientPushSession>();
        var followers = new ArrayList<Follower>();
        var applications = new ArrayList<PushSession>();
        try (var site = new PushSite(small);
                var proxy = FaultProxy.to(site::port).start()) {
            for (var transport : ALL) {
                slow.add(client(proxy).transport(transport).connect());
                applications.add(site.take(slow.getLast()));
            }
            for (int i = 0; i < OTHERS; i++) {
                followers.add(new Follower(site.port(), sentAt::get));
                applications.add(site.take());
            }
            applications.forEach(topic::subscribe);
            var throttled = proxy.every(Request.any(), Fault.throttleResponse(1));
            proxy.now(Request.any(), Fault.throttleResponse(1));
            var pace = new Semaphore(0);
            int last = 0;
            while (topic.subscribers().size() > OTHERS || last < 100) {
                assertTrue(last < 900, "the slow readers do not overflow");
                last++;
                sentAt.set(last, System.nanoTime());
                topic.publish(Integer.toString(last), SlowConsumer.CLOSE);
                assertTrue(!pace.tryAcquire(15, TimeUnit.MILLISECONDS));
            }
            throttled.clear();
            proxy.resetAll();
            for (int i = 0; i < ALL.length; i++) {
                assertEquals(
                        4507,
                        applications.get(i).closeInfo().orElseThrow().status().code());
                assertEquals(4507, codeOfEnd(slow.get(i)));
            }
            applications.subList(ALL.length, applications.size()).forEach(session -> session.close(CloseStatus.NORMAL));
            long latest = 0;
            for (var follower : followers) {
                assertEquals(last, follower.awaitLast());
                latest = Math.max(latest, follower.longestDelayMillis());
            }
            System.out.printf("%d messages to each of %d; the latest came after %d ms%n", last, OTHERS, latest);
            assertTrue(latest < HELD_UP_MILLIS, latest + " ms");
        } finally {
            for (var follower : followers) {
                follower.close();
            }
            abort(slow);
        }
    }

    /** Takes what has come, to the end. */
    private static int codeOfEnd(ClientPushSession session) {
        var end = assertThrows(ConnectionClosedException.class, () -> {
            while (true) {
                assertNotNull(session.receive(PATIENCE).orElse(null));
            }
        });
        return end.closeInfo().status().code();
    }
}
