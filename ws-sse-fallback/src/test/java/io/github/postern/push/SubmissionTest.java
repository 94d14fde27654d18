package io.github.postern.push;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.postern.ws.connection.Message;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The direction to the server: PROTOCOL.md §7, and the flow control of §8. */
class SubmissionTest {
    private final Submission submission = new Submission(new ReplayLog(5_000, 2_000_000));

    private void append(int... sizes) {
        for (int size : sizes) {
            submission.append(new Message.Binary(ByteBuffer.allocate(size)), size);
        }
    }

    private List<Long> drain() {
        var numbers = new ArrayList<Long>();
        for (var entry = submission.next(); entry != null; entry = submission.next()) {
            numbers.add(entry.number());
        }
        return numbers;
    }

    private static List<Long> numbers(List<ReplayLog.Entry> entries) {
        return entries.stream().map(ReplayLog.Entry::number).toList();
    }

    @Test
    void gives_each_message_to_a_websocket_once() {
        append(1, 2, 3);
        assertEquals(List.of(1L, 2L, 3L), drain());
        append(4);
        assertEquals(List.of(4L), drain());
    }

    @Test
    void repeats_to_the_next_websocket_what_is_not_acknowledged() {
        append(1, 2, 3);
        drain();
        submission.acknowledge(1);
        submission.rewind();
        assertEquals(List.of(2L, 3L), drain());
    }

    @Test
    void skips_what_was_acknowledged_before_it_was_written_again() {
        append(1, 2, 3);
        drain();
        submission.rewind();
        submission.acknowledge(2);
        assertEquals(List.of(3L), drain());
    }

    @Test
    void keeps_within_the_window_of_messages() {
        for (int i = 0; i < Submission.WINDOW_MESSAGES + 10; i++) {
            append(1);
        }
        assertEquals(Submission.WINDOW_MESSAGES, drain().size());
        submission.acknowledge(1);
        assertEquals(List.of(Submission.WINDOW_MESSAGES + 1L), drain());
        submission.acknowledge(11);
        assertEquals(9, drain().size());
    }

    @ParameterizedTest(name = "last message of {0} bytes")
    @ValueSource(ints = {999, 1_000, 1_001})
    void keeps_within_the_window_of_bytes(int size) {
        append(Submission.WINDOW_BYTES - 1_000, size);
        assertEquals(size <= 1_000 ? 2 : 1, drain().size());
        submission.acknowledge(1);
        assertEquals(size <= 1_000 ? 0 : 1, drain().size());
    }

    @Test
    void writes_a_message_larger_than_the_window_alone() {
        append(10, Submission.WINDOW_BYTES + 1, 10);
        assertEquals(List.of(1L), drain());
        submission.acknowledge(1);
        assertEquals(List.of(2L), drain());
        submission.acknowledge(2);
        assertEquals(List.of(3L), drain());
    }

    @Test
    void opens_the_whole_window_to_the_next_websocket() {
        append(Submission.WINDOW_BYTES, 10);
        drain();
        submission.rewind();
        assertEquals(List.of(1L), drain());
    }

    @Test
    void a_post_begins_with_the_oldest_message_that_is_not_acknowledged() {
        append(1, 2, 3);
        submission.acknowledge(1);
        assertEquals(List.of(2L, 3L), numbers(submission.batch(10_000)));
        assertEquals(List.of(2L, 3L), numbers(submission.batch(10_000)));
    }

    @Test
    void a_repeated_post_contains_the_one_before() {
        append(3_000, 3_000, 3_000);
        var before = numbers(submission.batch(9_000));
        append(1, 1);
        assertEquals(before, numbers(submission.batch(9_000)));
    }

    @Test
    void a_post_takes_one_message_at_least() {
        append(5_000, 1);
        assertEquals(List.of(1L), numbers(submission.batch(100)));
    }

    @Test
    void no_record_is_larger_than_it_is_counted() {
        var texts = List.of(
                "",
                "\n".repeat(3_000),
                "x".repeat(3_000),
                "\r".repeat(2_999),
                " a\n b",
                "\u00e4\n".repeat(99),
                "a\r\nb");
        for (var text : texts) {
            var one = new Submission(new ReplayLog(10, 100_000));
            one.append(new Message.Text(text), Texts.utf8Length(text));
            one.append(new Message.Text(text), Texts.utf8Length(text));
            int size = new Post("s", 1, one.batch(Integer.MAX_VALUE), null, Batch.NO_ACK).body().length;
            int limit = size - 1;
            assertEquals(1, one.batch(limit).size(), "a body of two, limited to one byte less");
        }
    }

    @Test
    void counts_the_bytes_that_no_connection_has_taken() {
        append(10, 20, 30);
        assertEquals(60, submission.unwrittenBytes());
        assertNotNull(submission.next());
        assertEquals(50, submission.unwrittenBytes());
        submission.rewind();
        assertNotNull(submission.next());
        assertEquals(50, submission.unwrittenBytes(), "a repetition is not counted again");
        submission.acknowledge(2);
        assertEquals(30, submission.unwrittenBytes());
        submission.clear();
        assertEquals(0, submission.unwrittenBytes());
    }

    @Test
    void an_older_acknowledgement_is_no_news() {
        append(1, 2);
        submission.acknowledge(2);
        submission.acknowledge(1);
        assertEquals(2, submission.acknowledged());
        assertNull(submission.next());
        assertTrue(submission.isAllWritten());
    }

    @Test
    void is_not_all_written_while_the_window_is_full() {
        append(Submission.WINDOW_BYTES, 1);
        drain();
        assertFalse(submission.isAllWritten());
    }
}
