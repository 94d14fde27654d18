package io.github.postern.ws.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.postern.ws.connection.Outbox.Outcome;
import io.github.postern.ws.core.PreparedMessage;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What waits to be sent, and what happens when there is no room. */
class OutboxTest {
    private static Outbox outbox(int bytes, int messages) {
        return new Outbox(ConnectionOptions.defaults().withUnsentBytes(bytes).withUnsentMessages(messages));
    }

    private static PreparedMessage text(String text) {
        return PreparedMessage.text(text);
    }

    /** The sizes of all that waits, which tell the messages of a test apart. */
    private static List<Integer> drained(Outbox outbox) {
        var sizes = new ArrayList<Integer>();
        for (var message = outbox.poll(); message != null; message = outbox.poll()) {
            sizes.add(message.size());
        }
        return sizes;
    }

    @Test
    void the_first_has_to_be_seen_to_and_the_others_follow_it() {
        var outbox = outbox(100, 10);
        assertTrue(outbox.isEmpty());
        assertEquals(Outcome.FIRST, outbox.offer(text("1"), SlowConsumer.DROP_NEWEST));
        assertEquals(Outcome.TAKEN, outbox.offer(text("12"), SlowConsumer.DROP_NEWEST));
        assertFalse(outbox.leaveIfEmpty());
        assertEquals(3, outbox.bytes());
        assertEquals(List.of(1, 2), drained(outbox));
        assertEquals(Outcome.TAKEN, outbox.offer(text("123"), SlowConsumer.DROP_NEWEST));
        assertEquals(List.of(3), drained(outbox));
        assertTrue(outbox.leaveIfEmpty());
        assertEquals(Outcome.FIRST, outbox.offer(text("1"), SlowConsumer.DROP_NEWEST));
    }

    @Test
    void there_is_room_for_as_many_messages_as_allowed() {
        for (int allowed = 1; allowed < 4; allowed++) {
            var outbox = outbox(100, allowed);
            for (int i = 0; i < allowed; i++) {
                assertTrue(outbox.offer(text(""), SlowConsumer.DROP_NEWEST) != Outcome.DROPPED);
            }
            assertEquals(Outcome.DROPPED, outbox.offer(text(""), SlowConsumer.DROP_NEWEST));
            outbox.poll();
            assertEquals(Outcome.TAKEN, outbox.offer(text(""), SlowConsumer.DROP_NEWEST));
        }
    }

    @Test
    void there_is_room_for_as_many_bytes_as_allowed() {
        assertEquals(Outcome.TAKEN, secondOf(10, "12345", "1234"));
        assertEquals(Outcome.TAKEN, secondOf(10, "12345", "12345"));
        assertEquals(Outcome.DROPPED, secondOf(10, "12345", "123456"));
    }

    private static Outcome secondOf(int bytes, String first, String second) {
        var outbox = outbox(bytes, 10);
        outbox.offer(text(first), SlowConsumer.DROP_NEWEST);
        return outbox.offer(text(second), SlowConsumer.DROP_NEWEST);
    }

    @Test
    void one_message_may_be_longer_than_what_may_wait() {
        var outbox = outbox(1, 1);
        assertEquals(Outcome.FIRST, outbox.offer(text("12345"), SlowConsumer.CLOSE));
        assertEquals(List.of(5), drained(outbox));
    }

    @Test
    void drop_newest_keeps_what_waits() {
        var outbox = outbox(100, 2);
        for (int i = 1; i <= 4; i++) {
            outbox.offer(text("x".repeat(i)), SlowConsumer.DROP_NEWEST);
        }
        assertEquals(List.of(1, 2), drained(outbox));
    }

    @Test
    void drop_oldest_keeps_the_latest() {
        var outbox = outbox(100, 2);
        for (int i = 1; i <= 4; i++) {
            assertTrue(outbox.offer(text("x".repeat(i)), SlowConsumer.DROP_OLDEST) != Outcome.DROPPED);
        }
        assertEquals(List.of(3, 4), drained(outbox));
    }

    @Test
    void drop_oldest_drops_as_many_as_the_message_needs() {
        var outbox = outbox(10, 10);
        for (int i = 1; i <= 4; i++) {
            outbox.offer(text("x".repeat(i)), SlowConsumer.DROP_OLDEST);
        }
        outbox.offer(text("x".repeat(5)), SlowConsumer.DROP_OLDEST);
        assertEquals(9, outbox.bytes());
        assertEquals(List.of(4, 5), drained(outbox));
    }

    @Test
    void close_says_that_the_connection_is_to_be_closed() {
        var outbox = outbox(100, 1);
        outbox.offer(text("1"), SlowConsumer.CLOSE);
        assertEquals(Outcome.OVERFLOWN, outbox.offer(text("12"), SlowConsumer.CLOSE));
        assertEquals(List.of(1), drained(outbox));
    }

    @Test
    void conflate_replaces_the_value_of_an_equal_key_where_it_waits() {
        var outbox = outbox(100, 10);
        outbox.offer(text("1"), SlowConsumer.conflate("a"));
        outbox.offer(text("12"), SlowConsumer.conflate("b"));
        outbox.offer(text("123"), SlowConsumer.DROP_NEWEST);
        assertEquals(Outcome.TAKEN, outbox.offer(text("1234"), SlowConsumer.conflate(new String("a"))));
        assertEquals(9, outbox.bytes());
        assertEquals(List.of(4, 2, 3), drained(outbox));
    }

    @Test
    void conflate_makes_room_as_drop_oldest_does_if_the_key_is_new() {
        var outbox = outbox(100, 2);
        outbox.offer(text("1"), SlowConsumer.conflate("a"));
        outbox.offer(text("12"), SlowConsumer.conflate("b"));
        outbox.offer(text("123"), SlowConsumer.conflate("c"));
        assertEquals(List.of(2, 3), drained(outbox));
    }

    @Test
    void nothing_waits_once_it_is_closed() {
        var outbox = outbox(100, 10);
        outbox.offer(text("1"), SlowConsumer.DROP_OLDEST);
        outbox.close();
        assertNull(outbox.poll());
        assertEquals(0, outbox.bytes());
        assertEquals(Outcome.DROPPED, outbox.offer(text("1"), SlowConsumer.DROP_OLDEST));
        assertNull(outbox.poll());
    }
}
