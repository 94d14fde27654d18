package io.github.postern.ws.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.postern.ws.connection.CloseInfo.Initiator;
import io.github.postern.ws.connection.testkit.MemoryTransport;
import io.github.postern.ws.core.Event;
import io.github.postern.ws.core.PreparedMessage;
import io.github.postern.ws.core.Role;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Messages that are prepared for many, and sent without waiting for one. */
@Timeout(30)
@ExtendWith(EveryConnectionEnds.class)
class TrySendTest {
    private static final PreparedMessage LARGE =
            PreparedMessage.binary(ByteBuffer.allocate(2 * MemoryTransport.CAPACITY));

    private static Fixture.WithPeer serverThatKeeps(int messages) {
        return Fixture.WithPeer.of(Role.SERVER, ConnectionOptions.defaults().withUnsentMessages(messages));
    }

    /** Has a sender stuck in a write. */
    private static FutureTask<Boolean> stall(Fixture.WithPeer it) throws InterruptedException {
        var stalled = Fixture.start(() -> {
            it.connection().send(LARGE);
            return true;
        });
        it.transport().awaitWriter();
        return stalled;
    }

    @Test
    void a_prepared_message_is_sent_like_any_other() throws Exception {
        var it = Fixture.WithPeer.server();
        it.connection().send(PreparedMessage.text("größer"));
        it.peer().expectText("größer");
        it.connection().send(PreparedMessage.binary(ByteBuffer.wrap(new byte[] {1})));
        assertEquals(
                new Event.Binary(ByteBuffer.wrap(new byte[] {1})), it.peer().next());
        it.connection().abort();
    }

    @Test
    void what_is_tried_is_sent_without_further_ado() throws Exception {
        var it = Fixture.WithPeer.server();
        assertTrue(it.connection().trySend(PreparedMessage.text("a"), SlowConsumer.DROP_NEWEST));
        it.peer().expectText("a");
        it.connection().abort();
    }

    @Test
    void what_is_tried_and_what_is_sent_keep_their_order() throws Exception {
        var it = serverThatKeeps(1000);
        for (int i = 0; i < 500; i += 2) {
            assertTrue(it.connection().trySend(PreparedMessage.text("" + i), SlowConsumer.DROP_NEWEST));
            it.connection().send("" + (i + 1));
        }
        for (int i = 0; i < 500; i++) {
            it.peer().expectText("" + i);
        }
        it.connection().abort();
    }

    @Test
    void it_does_not_wait_for_a_peer_that_does_not_read_and_counts_what_waits() throws Exception {
        var it = serverThatKeeps(2);
        var stalled = stall(it);
        assertTrue(it.connection().trySend(PreparedMessage.text("a"), SlowConsumer.DROP_NEWEST));
        assertTrue(it.connection().trySend(PreparedMessage.text("bc"), SlowConsumer.DROP_NEWEST));
        assertFalse(it.connection().trySend(PreparedMessage.text("d"), SlowConsumer.DROP_NEWEST));
        assertEquals(LARGE.size() + 3, it.connection().bufferedAmount());
        assertInstanceOf(Event.Binary.class, it.peer().next());
        it.peer().expectText("a");
        it.peer().expectText("bc");
        assertTrue(stalled.get());
        it.connection().send("e");
        it.peer().expectText("e");
        assertEquals(0, it.connection().bufferedAmount());
        it.connection().abort();
    }

    @Test
    void the_latest_of_a_value_arrives_when_the_peer_reads_again() throws Exception {
        var it = serverThatKeeps(10);
        var stalled = stall(it);
        for (int i = 0; i < 50; i++) {
            assertTrue(it.connection().trySend(PreparedMessage.text("a" + i), SlowConsumer.conflate("a")));
            assertTrue(it.connection().trySend(PreparedMessage.text("b" + i), SlowConsumer.conflate("b")));
        }
        it.peer().next();
        it.peer().expectText("a49");
        it.peer().expectText("b49");
        assertTrue(stalled.get());
        it.connection().abort();
    }

    @Test
    void a_slow_consumer_is_closed_with_1013_if_that_is_wanted() throws Exception {
        var it = serverThatKeeps(1);
        var stalled = stall(it);
        assertTrue(it.connection().trySend(PreparedMessage.text("a"), SlowConsumer.CLOSE));
        assertFalse(it.connection().trySend(PreparedMessage.text("b"), SlowConsumer.CLOSE));
        it.peer().next();
        it.peer().expectText("a");
        it.peer().expectCloseCode(1013);
        assertTrue(stalled.get());
        assertFalse(it.connection().trySend(PreparedMessage.text("c"), SlowConsumer.DROP_OLDEST));
        it.connection().abort();
    }

    /** Otherwise the peer would get what comes behind a message that it missed. */
    @Test
    void nothing_is_sent_behind_the_message_that_a_slow_consumer_is_closed_for() throws Exception {
        var it = serverThatKeeps(1);
        var stalled = stall(it);
        assertTrue(it.connection().trySend(PreparedMessage.text("a"), SlowConsumer.CLOSE));
        assertFalse(it.connection().trySend(PreparedMessage.text("b"), SlowConsumer.CLOSE));
        assertEquals(ReadyState.CLOSING, it.connection().readyState());
        assertFalse(it.connection().trySend(PreparedMessage.text("c"), SlowConsumer.DROP_OLDEST));
        var sending = Fixture.start(() -> assertThrows(
                ConnectionClosedException.class, () -> it.connection().send("d")));
        it.peer().next();
        it.peer().expectText("a");
        it.peer().expectCloseCode(1013);
        assertTrue(stalled.get());
        assertEquals(Initiator.LOCAL, sending.get().closeInfo().initiator());
        it.connection().abort();
    }

    /** Several times, because it is about who comes first. */
    @RepeatedTest(20)
    void a_handler_that_returns_does_not_turn_1013_into_1000() throws Exception {
        var it = serverThatKeeps(1);
        var stalled = stall(it);
        var tried = new CountDownLatch(1);
        var handled = Fixture.start(() -> {
            ConnectionHandler<WebSocket> handler = ws -> {
                assertTrue(ws.trySend(PreparedMessage.text("a"), SlowConsumer.CLOSE));
                assertFalse(ws.trySend(PreparedMessage.text("b"), SlowConsumer.CLOSE));
                tried.countDown();
            };
            handler.serve(it.connection());
            return true;
        });
        tried.await(); // until then nothing may make room
        it.peer().next();
        it.peer().expectText("a");
        it.peer().expectCloseCode(1013);
        it.transport().close();
        assertTrue(stalled.get());
        assertTrue(handled.get());
    }

    @Test
    void what_waits_goes_before_a_close() throws Exception {
        var it = serverThatKeeps(10);
        var stalled = stall(it);
        it.connection().trySend(PreparedMessage.text("a"), SlowConsumer.CLOSE);
        var closing = Fixture.start(() -> {
            it.connection().close();
            return true;
        });
        it.peer().next();
        it.peer().expectText("a");
        it.peer().expectCloseCode(1000);
        assertTrue(stalled.get());
        it.connection().abort();
        assertTrue(closing.get());
    }

    @Test
    void what_is_tried_waits_for_the_end_of_a_message_that_is_streamed() throws Exception {
        var it = Fixture.WithPeer.server();
        try (var out = it.connection().openText()) {
            out.write("a");
            out.flush();
            assertTrue(it.connection().trySend(PreparedMessage.text("c"), SlowConsumer.CLOSE));
            out.write("b");
        }
        it.peer().expectText("ab");
        it.peer().expectText("c");
        it.connection().abort();
    }

    @Test
    void nothing_is_taken_once_the_connection_has_ended() {
        var it = Fixture.WithPeer.server();
        it.connection().abort();
        assertFalse(it.connection().trySend(PreparedMessage.text("a"), SlowConsumer.DROP_OLDEST));
        assertEquals(0, it.connection().bufferedAmount());
    }

    @Test
    void many_threads_may_try() throws Exception {
        var it = serverThatKeeps(10_000);
        int threads = 8;
        int each = 200;
        var tasks = new ArrayList<FutureTask<Boolean>>();
        for (int t = 0; t < threads; t++) {
            int thread = t;
            tasks.add(Fixture.start(() -> IntStream.range(0, each)
                    .allMatch(i -> it.connection()
                            .trySend(PreparedMessage.text(thread + ":" + i), SlowConsumer.DROP_NEWEST))));
        }
        var next = new int[threads];
        for (int i = 0; i < threads * each; i++) {
            var parts =
                    assertInstanceOf(Event.Text.class, it.peer().next()).text().split(":", -1);
            assertEquals(next[Integer.parseInt(parts[0])]++, Integer.parseInt(parts[1]));
        }
        for (var task : tasks) {
            assertTrue(task.get());
        }
        it.connection().abort();
    }
}
