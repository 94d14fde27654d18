package io.github.postern.ws.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.postern.ws.connection.testkit.ManualClock;
import io.github.postern.ws.connection.testkit.MemoryTransport;
import io.github.postern.ws.core.Event;
import io.github.postern.ws.core.PreparedMessage;
import io.github.postern.ws.core.Role;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sending: order, coalescing, deadlines. */
@Timeout(30)
@ExtendWith(EveryConnectionEnds.class)
class SendingTest {
    private static final ConnectionOptions DEFAULTS =
            ConnectionOptions.defaults().withPingInterval(Duration.ZERO);
    private static final Duration MILLI = Duration.ofMillis(1);

    private final ManualClock clock = new ManualClock();

    /** While it is open, the watchdog writes nothing for handlers that take their time. */
    private static final class HeldWatchdog implements TimeSource, AutoCloseable {
        private final CountDownLatch held = new CountDownLatch(1);
        private final CountDownLatch release = new CountDownLatch(1);
        private final Fixture.WithPeer it = Fixture.WithPeer.of(Role.SERVER, DEFAULTS, this);

        void hold() throws Exception {
            it.peer().send(out -> out.text("1"), out -> out.text("2"));
            it.connection().receive();
            it.connection().send("a reply that waits");
            held.await();
        }

        /** Called by the watchdog when it has a reply written. */
        @Override
        public Thread start(String name, Runnable task) {
            held.countDown();
            try {
                release.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            return TimeSource.system().start(name, task);
        }

        @Override
        public long nanoTime() {
            return TimeSource.system().nanoTime();
        }

        @Override
        public long awaitNanos(Condition condition, long nanos) throws InterruptedException {
            return TimeSource.system().awaitNanos(condition, nanos);
        }

        @Override
        public boolean tryLock(Lock lock, long nanos) throws InterruptedException {
            return TimeSource.system().tryLock(lock, nanos);
        }

        @Override
        public void close() {
            release.countDown();
            it.connection().abort();
        }
    }

    @Test
    void replies_to_a_batch_of_pipelined_frames_leave_in_one_write() throws Exception {
        try (var watchdog = new HeldWatchdog()) {
            watchdog.hold();
            var it = Fixture.WithPeer.server();
            var echo = Fixture.start(() -> {
                for (var message : it.connection()) {
                    it.connection().send(message);
                }
                return true;
            });
            for (int i = 0; i < 20; i++) {
                int before = it.transport().writes();
                it.peer()
                        .send(
                                out -> out.text("1"),
                                out -> out.text("2"),
                                out -> out.ping(Fixture.bytes("p")),
                                out -> out.text("3"));
                it.peer().expectText("1");
                it.peer().expectText("2");
                assertInstanceOf(Event.Pong.class, it.peer().next());
                it.peer().expectText("3");
                assertEquals(1, it.transport().writes() - before, "writes");
            }
            it.connection().abort();
            assertTrue(echo.get());
        }
    }

    @ParameterizedTest(name = "{0} bytes in {1}")
    @CsvSource({"32764, 1", "32765, 2", "98294, 2", "98295, 3", "163830, 3", "163831, 4"})
    void a_large_message_leaves_in_one_buffer_and_then_in_pieces_of_64_kib(int size, int writes) throws Exception {
        var ends = MemoryTransport.pair(1 << 18);
        var server = Fixture.open(ends.one(), Role.SERVER, ConnectionOptions.defaults());
        var client = Fixture.open(ends.other(), Role.CLIENT, ConnectionOptions.defaults());
        var bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        server.send(ByteBuffer.wrap(bytes));
        assertEquals(writes, ends.one().writes());
        assertEquals(new Message.Binary(ByteBuffer.wrap(bytes)), client.receive());
        server.abort();
        client.abort();
    }

    @Test
    void several_messages_that_are_sent_together_leave_in_one_write() throws Exception {
        var it = Fixture.WithPeer.server();
        it.connection().sendAll(List.of(PreparedMessage.text("one"), PreparedMessage.binary(ByteBuffer.allocate(2))));
        assertEquals(1, it.transport().writes());
        assertEquals("one", assertInstanceOf(Event.Text.class, it.peer().next()).text());
        assertEquals(
                2, assertInstanceOf(Event.Binary.class, it.peer().next()).data().remaining());
        it.connection().sendAll(List.of());
        it.connection().abort();
        var lost = List.of(PreparedMessage.text("lost"));
        assertThrows(ConnectionClosedException.class, () -> it.connection().sendAll(lost));
    }

    @Test
    void a_lone_message_leaves_at_once() throws Exception {
        var it = Fixture.WithPeer.server();
        it.peer().send(out -> out.text("1"));
        assertEquals(new Message.Text("1"), it.connection().receive());
        it.connection().send("reply");
        assertEquals(1, it.transport().writes());
        it.connection().abort();
    }

    @Test
    void a_reply_does_not_wait_for_a_handler_that_does_not_come_back() throws Exception {
        replyFromBatch(Fixture.WithPeer.server(), () -> {});
    }

    @Test
    void a_reply_that_waits_for_the_handler_is_written_when_a_clock_is_turned() throws Exception {
        var it = Fixture.WithPeer.of(Role.SERVER, DEFAULTS, clock);
        replyFromBatch(it, () -> {
            clock.advance(Duration.ZERO);
            assertEquals(1, it.transport().writes());
        });
    }

    @Test
    void replies_are_flushed_that_lay_while_the_watchdog_looked_away_and_not_those_that_came_meanwhile()
            throws Exception {
        try (var watchdog = new HeldWatchdog()) {
            watchdog.hold();
            var it = Fixture.WithPeer.server();
            it.peer().send(out -> out.text("1"), out -> out.text("2"));
            it.connection().receive();
            it.connection().send("one");
            it.connection().receive();
            it.connection().send("two");
            assertEquals(1, it.transport().writes());
            it.peer().send(out -> out.text("3"), out -> out.text("4"));
            it.connection().receive();
            it.connection().send("three");
            assertEquals(Sending.Deferred.NEWER, it.connection().flushLeftBehind());
            assertEquals(1, it.transport().writes());
            assertEquals(Sending.Deferred.LEFT_BEHIND, it.connection().flushLeftBehind());
            it.peer().expectText("one");
            it.peer().expectText("two");
            it.peer().expectText("three");
            assertEquals(Sending.Deferred.WRITTEN, it.connection().flushLeftBehind());
            it.connection().abort();
        }
    }

    @Test
    void a_handler_that_is_slow_for_once_is_not_waited_for() throws Exception {
        var it = Fixture.WithPeer.server();
        for (int i = 0; i < 1_000; i++) {
            it.peer().send(out -> out.text("1"), out -> out.text("2"));
            it.connection().receive();
            it.connection().send("one");
            it.connection().receive();
            it.connection().send("two");
            it.peer().expectText("one");
            it.peer().expectText("two");
        }
        replyFromBatch(it, () -> {});
    }

    private void replyFromBatch(Fixture.WithPeer it, Runnable between) throws Exception {
        var release = new CountDownLatch(1);
        it.peer().send(out -> out.text("1"), out -> out.text("2"));
        var slow = Fixture.start(clock, () -> {
            it.connection().receive();
            it.connection().send("reply");
            release.await();
            return true;
        });
        between.run();
        it.peer().expectText("reply");
        release.countDown();
        assertTrue(slow.get());
        it.connection().abort();
    }

    @Test
    void messages_of_many_senders_never_interleave_and_each_sender_s_stay_in_order() throws Exception {
        var it = Fixture.WithPeer.server();
        int senders = 8;
        int each = 200;
        var tasks = new ArrayList<Future<?>>();
        for (int s = 0; s < senders; s++) {
            int sender = s;
            tasks.add(Fixture.start(() -> {
                for (int i = 0; i < each; i++) {
                    it.connection().send(sender + ":" + i + ":" + "x".repeat(i * 7 % 900));
                }
                return true;
            }));
        }
        var next = new int[senders];
        for (int i = 0; i < senders * each; i++) {
            var parts =
                    assertInstanceOf(Event.Text.class, it.peer().next()).text().split(":", -1);
            int sender = Integer.parseInt(parts[0]);
            assertEquals(next[sender]++, Integer.parseInt(parts[1]));
        }
        for (var task : tasks) {
            task.get();
        }
        it.connection().abort();
    }

    @Test
    void a_peer_that_does_not_read_is_cut_off_after_the_write_timeout() throws Exception {
        var it = Fixture.WithPeer.of(Role.SERVER, DEFAULTS, clock);
        var big = "x".repeat(4 * MemoryTransport.CAPACITY);
        var sending = Fixture.start(
                clock,
                () -> assertThrows(
                        ConnectionClosedException.class, () -> it.connection().send(big)));
        clock.advance(DEFAULTS.writeTimeout().minus(MILLI));
        assertEquals(ReadyState.OPEN, it.connection().readyState());
        clock.advance(MILLI);
        assertTrue(sending.isDone());
        assertInstanceOf(SocketTimeoutException.class, sending.get().closeInfo().cause());
        assertTrue(it.transport().isClosed());
    }

    @Test
    void a_sender_whose_turn_does_not_come_within_the_write_timeout_gives_up_and_ends_nothing() throws Exception {
        var it = Fixture.WithPeer.of(Role.SERVER, DEFAULTS, clock);
        var big = ByteBuffer.allocate(4 * MemoryTransport.CAPACITY);
        var first = Fixture.start(clock, () -> {
            it.connection().send(big);
            return true;
        });
        clock.advance(Duration.ZERO);
        var second = Fixture.start(
                clock,
                () -> assertThrows(
                        SocketTimeoutException.class, () -> it.connection().send("second")));
        clock.advance(DEFAULTS.writeTimeout().dividedBy(2));
        readRaw(it, 2 * MemoryTransport.CAPACITY); // so that another write of the first began just now
        clock.advance(DEFAULTS.writeTimeout().dividedBy(2).minus(MILLI));
        assertFalse(second.isDone());
        clock.advance(MILLI);
        assertTrue(second.isDone());
        assertEquals(
                "other senders kept this one waiting for 20000 ms: nothing was sent",
                second.get().getMessage());
        readRaw(it, 2 * MemoryTransport.CAPACITY);
        assertTrue(first.get());
        it.connection().abort();
    }

    private static void readRaw(Fixture.WithPeer it, int length) throws Exception {
        var bytes = ByteBuffer.allocate(length);
        while (bytes.hasRemaining()) {
            it.peer().transport().read(bytes, 0);
        }
    }

    @Test
    void a_pong_is_owed_while_another_thread_is_blocked_in_a_write_and_the_reader_reads_on() throws Exception {
        var it = Fixture.WithPeer.server();
        var big = "x".repeat(4 * MemoryTransport.CAPACITY);
        var sending = Fixture.start(() -> {
            it.connection().send(big);
            return true;
        });
        it.transport().awaitWriter();
        var receiving = Fixture.start(() -> it.connection().receive());
        it.peer()
                .send(
                        out -> out.ping(Fixture.bytes("old")),
                        out -> out.ping(Fixture.bytes("new")),
                        out -> out.text("read"));
        assertEquals(new Message.Text("read"), receiving.get());
        it.peer().expectText(big);
        assertTrue(sending.get());
        var pong = assertInstanceOf(Event.Pong.class, it.peer().next());
        assertEquals(Fixture.bytes("new"), pong.payload(), "only the newest ping needs an answer");
        it.connection().abort();
    }

    @Test
    void the_buffered_amount_is_what_the_transport_has_not_taken() throws Exception {
        var it = Fixture.WithPeer.server();
        assertEquals(0, it.connection().bufferedAmount());
        var data = ByteBuffer.allocate(4 * MemoryTransport.CAPACITY);
        var sending = Fixture.start(() -> {
            it.connection().send(data);
            return true;
        });
        it.transport().awaitWriter();
        assertEquals(4 * MemoryTransport.CAPACITY, it.connection().bufferedAmount());
        it.peer().next();
        assertTrue(sending.get());
        assertEquals(0, it.connection().bufferedAmount());
        it.connection().abort();
    }

    @Test
    void an_unpaired_surrogate_is_the_caller_s_fault_and_harms_nothing() throws Exception {
        var it = Fixture.WithPeer.server();
        assertThrows(IllegalArgumentException.class, () -> it.connection().send("a\ud800b"));
        it.connection().send("fine");
        it.peer().expectText("fine");
        it.connection().abort();
    }

    @Test
    void a_ping_of_125_bytes_is_sent_and_one_of_126_refused() throws Exception {
        var it = Fixture.WithPeer.server();
        it.connection().ping(ByteBuffer.allocate(125));
        assertInstanceOf(Event.Ping.class, it.peer().next());
        assertThrows(IllegalArgumentException.class, () -> it.connection().ping(ByteBuffer.allocate(126)));
        it.connection().abort();
    }
}
