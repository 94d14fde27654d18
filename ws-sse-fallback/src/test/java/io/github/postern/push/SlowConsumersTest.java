package io.github.postern.push;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.postern.ws.connection.ConnectionClosedException;
import io.github.postern.ws.connection.Message;
import io.github.postern.ws.connection.SlowConsumer;
import io.github.postern.ws.core.PreparedMessage;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Sending without waiting, and what is kept over all sessions (PROTOCOL.md §11). */
@Timeout(30)
class SlowConsumersTest {
    private static final PushLimits THREE_MESSAGES_TEN_BYTES =
            PushLimits.defaults().withUnacknowledged(3, 10);

    private final LiveSession live = session(THREE_MESSAGES_TEN_BYTES, ReplayBudget.unlimited());
    private final PushSession session = live.application();

    private static LiveSession session(PushLimits limits, ReplayBudget budget) {
        var options = PushOptions.defaults().withLimits(limits).withSendTimeout(Duration.ofMillis(1));
        return new LiveSession(
                "id",
                "S3cret",
                SessionKind.POSTERN,
                options,
                budget,
                new SessionObserver(1),
                System::nanoTime,
                s -> {});
    }

    private boolean trySend(String text, SlowConsumer policy) {
        return session.trySend(PreparedMessage.text(text), policy);
    }

    private static final Carrier NO_CARRIER = new Carrier() {
        @Override
        public void wake() {}

        @Override
        public void cut() {}
    };

    /** What an attachment that begins now is given, as "number:text". */
    private List<String> given(long epoch) {
        var taken =
                assertInstanceOf(AttachResult.Taken.class, live.attach(epoch, PushTransport.POLLING, 0, NO_CARRIER));
        var batch = live.take(taken.attachment());
        assertNotNull(batch);
        return batch.entries().stream()
                .map(entry -> entry.number() + ":" + ((Message.Text) entry.message()).text())
                .toList();
    }

    @Test
    void drop_newest_keeps_what_waits() {
        for (var text : List.of("a", "b", "c")) {
            assertTrue(trySend(text, SlowConsumer.DROP_NEWEST));
        }
        assertFalse(trySend("d", SlowConsumer.DROP_NEWEST));
        assertEquals(List.of("1:a", "2:b", "3:c"), given(1));
    }

    @Test
    void drop_oldest_leaves_no_gap_in_the_numbers() {
        for (var text : List.of("a", "b", "c", "d", "e")) {
            assertTrue(trySend(text, SlowConsumer.DROP_OLDEST));
        }
        assertEquals(List.of("1:c", "2:d", "3:e"), given(1));
        assertEquals(3, session.bufferedAmount());
    }

    @Test
    void a_message_that_an_attachment_was_given_is_never_dropped() {
        assertTrue(trySend("a", SlowConsumer.DROP_OLDEST));
        assertTrue(trySend("b", SlowConsumer.DROP_OLDEST));
        assertEquals(List.of("1:a", "2:b"), given(1));
        for (var text : List.of("c", "d", "e")) {
            assertTrue(trySend(text, SlowConsumer.DROP_OLDEST));
        }
        assertEquals(List.of("1:a", "2:b", "3:e"), given(2));
        assertFalse(trySend("f", SlowConsumer.DROP_OLDEST), "all three have been given out");
        assertFalse(trySend("f", SlowConsumer.conflate("key")));
        assertEquals(List.of("1:a", "2:b", "3:e"), given(3));
    }

    @Test
    void a_long_message_drops_as_many_as_it_needs_and_no_more() {
        for (var text : List.of("aaaa", "bbb", "ccc")) {
            assertTrue(trySend(text, SlowConsumer.DROP_OLDEST));
        }
        assertTrue(trySend("ddddd", SlowConsumer.DROP_OLDEST));
        assertEquals(List.of("1:ccc", "2:ddddd"), given(1));
    }

    @Test
    void conflate_replaces_the_value_that_waits() {
        var euro = SlowConsumer.conflate("EUR");
        assertTrue(trySend("e1", euro));
        assertTrue(trySend("x", SlowConsumer.conflate("USD")));
        assertTrue(trySend("e2", euro));
        assertEquals(List.of("1:e2", "2:x"), given(1));
        assertTrue(trySend("e3", euro));
        assertEquals(List.of("1:e2", "2:x", "3:e3"), given(2), "what was given out is not replaced");
    }

    @Test
    void conflate_replaces_by_a_longer_value_if_need_be_at_the_cost_of_the_oldest() {
        assertTrue(trySend("aaaa", SlowConsumer.DROP_OLDEST));
        assertTrue(trySend("e", SlowConsumer.conflate("EUR")));
        assertTrue(trySend("eeeeeeee", SlowConsumer.conflate("EUR")));
        assertEquals(List.of("1:eeeeeeee"), given(1));
    }

    @Test
    void close_ends_the_session_and_says_why() {
        for (var text : List.of("a", "b", "c")) {
            assertTrue(trySend(text, SlowConsumer.CLOSE));
        }
        assertFalse(trySend("d", SlowConsumer.CLOSE));
        assertEquals(4507, session.closeInfo().orElseThrow().status().code());
        assertThrows(ConnectionClosedException.class, () -> session.send("e"));
        assertFalse(trySend("e", SlowConsumer.DROP_OLDEST));
        assertEquals(List.of("1:a", "2:b", "3:c"), given(1), "what was taken is still delivered");
    }

    @Test
    void a_message_longer_than_all_that_is_kept_is_the_callers_mistake() {
        assertTrue(trySend("x".repeat(10), SlowConsumer.DROP_OLDEST));
        assertThrows(IllegalArgumentException.class, () -> trySend("x".repeat(11), SlowConsumer.DROP_OLDEST));
    }

    @Test
    void all_sessions_together_keep_no_more_than_the_budget() throws Exception {
        var budget = new ReplayBudget(10);
        var limits = PushLimits.defaults();
        var one = session(limits, budget);
        var other = session(limits, budget);
        one.application().send("x".repeat(6));
        var message = PreparedMessage.text("y".repeat(5));
        assertFalse(other.application().trySend(message, SlowConsumer.DROP_OLDEST), "n + 1");
        assertTrue(other.application().trySend(PreparedMessage.text("yyyy"), SlowConsumer.DROP_OLDEST), "n");
        assertEquals(10, budget.used());
        assertTrue(other.application().trySend(PreparedMessage.text("yyy"), SlowConsumer.DROP_OLDEST), "n - 1");
        assertEquals(9, budget.used());
        var e = assertThrows(
                ConnectionClosedException.class, () -> other.application().send("zz"));
        assertEquals(4507, e.closeInfo().status().code());
        one.application().abort();
        other.application().abort();
        assertEquals(0, budget.used());
    }

    @Test
    void a_sender_goes_on_when_another_session_gives_room_back() throws Exception {
        var budget = new ReplayBudget(10);
        var one = session(PushLimits.defaults(), budget);
        var patient = new LiveSession(
                "id",
                "S3cret",
                SessionKind.POSTERN,
                PushOptions.defaults(),
                budget,
                new SessionObserver(1),
                System::nanoTime,
                s -> {});
        one.application().send("x".repeat(10));
        var sent = new LinkedBlockingQueue<Boolean>();
        var sender = Thread.ofVirtual().start(() -> {
            try {
                patient.application().send("y");
                sent.add(true);
            } catch (Exception e) {
                sent.add(false);
            }
        });
        while (sender.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        one.application().abort();
        assertEquals(SessionState.Tick.NOTHING, patient.upkeep().tick());
        assertTrue(sent.take());
    }

    @ParameterizedTest
    @EnumSource
    void what_is_prepared_arrives_over_every_transport(PushTransport transport) throws Exception {
        var sessions = new LinkedBlockingQueue<PushSession>();
        try (var server = PushServer.builder()
                        .path("/push", pushed -> {
                            sessions.add(pushed);
                            pushed.forEach(message -> {});
                        })
                        .start();
                var client = PushClient.builder(URI.create("http://localhost:" + server.port() + "/push"))
                        .transport(transport)
                        .options(PushClientOptions.defaults().withPollInterval(Duration.ofMillis(10)))
                        .connect()) {
            var pushed = sessions.take();
            var binary = PreparedMessage.binary(ByteBuffer.wrap(new byte[] {1, 2}));
            assertTrue(pushed.trySend(PreparedMessage.text("a\nb\r"), SlowConsumer.CLOSE));
            assertTrue(pushed.trySend(binary, SlowConsumer.CLOSE));
            pushed.send(PreparedMessage.text("c"));
            assertEquals(new Message.Text("a\nb\r"), client.receive());
            assertEquals(new Message.Binary(ByteBuffer.wrap(new byte[] {1, 2})), client.receive());
            assertEquals(new Message.Text("c"), client.receive());
        }
    }

    @Test
    void a_client_sends_without_waiting_too() throws Exception {
        var received = new LinkedBlockingQueue<Message>();
        try (var server = PushServer.builder()
                        .path("/push", pushed -> pushed.forEach(received::add))
                        .start();
                var client = PushClient.connect(URI.create("http://localhost:" + server.port() + "/push"))) {
            assertTrue(client.trySend(PreparedMessage.text("hello"), SlowConsumer.DROP_NEWEST));
            assertEquals(new Message.Text("hello"), received.take());
            client.abort();
            assertFalse(client.trySend(PreparedMessage.text("late"), SlowConsumer.DROP_NEWEST));
        }
    }
}
