package io.github.postern.ws.connection;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.postern.ws.connection.testkit.ManualClock;
import io.github.postern.ws.connection.testkit.MemoryTransport;
import io.github.postern.ws.core.CloseStatus;
import io.github.postern.ws.core.Event;
import io.github.postern.ws.core.Limits;
import io.github.postern.ws.core.Role;
import java.io.IOException;
import java.io.StringWriter;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages that are sent and received piece by piece (RFC 6455 §5.4). */
@Timeout(30)
@ExtendWith(EveryConnectionEnds.class)
class StreamingTest {
    private static final Duration SHORT = Duration.ofMillis(20);

    private final ManualClock clock = new ManualClock();

    private static Fixture.WithPeer serverWithFragments(int size) {
        return Fixture.WithPeer.of(Role.SERVER, ConnectionOptions.defaults().withFragmentSize(size));
    }

    // Out

    @Test
    void a_message_that_fits_into_a_fragment_is_one_frame() throws Exception {
        var it = serverWithFragments(8);
        try (var out = it.connection().openText()) {
            out.write("1234567");
        }
        it.peer().expectHex("81 07 31 32 33 34 35 36 37");
        it.connection().openBinary().close();
        it.peer().expectHex("82 00");
        it.connection().abort();
    }

    @Test
    void a_full_fragment_is_a_frame_and_the_end_is_another() throws Exception {
        var it = serverWithFragments(4);
        try (var out = it.connection().openText()) {
            out.write("abcd");
            it.peer().expectHex("01 04 61 62 63 64");
            out.write("efghi");
            it.peer().expectHex("00 04 65 66 67 68");
        }
        it.peer().expectHex("80 01 69");
        try (var out = it.connection().openBinary()) {
            out.write(new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9});
            it.peer().expectHex("02 04 01 02 03 04 00 04 05 06 07 08");
            out.write(10);
        }
        it.peer().expectHex("80 02 09 0a");
        it.connection().abort();
    }

    @Test
    void flush_is_a_fragment_boundary_if_there_is_something_to_flush() throws Exception {
        var it = serverWithFragments(100);
        try (var out = it.connection().openText()) {
            out.flush();
            out.write("ab");
            out.flush();
            out.flush();
            it.peer().expectHex("01 02 61 62");
            out.append('c');
        }
        it.peer().expectHex("80 01 63");
        try (var out = it.connection().openBinary()) {
            out.write(1);
            out.flush();
            out.flush();
            it.peer().expectHex("02 01 01");
        }
        it.peer().expectHex("80 00");
        it.connection().abort();
    }

    @Test
    void a_surrogate_pair_may_be_cut_by_a_fragment() throws Exception {
        var it = serverWithFragments(2);
        try (var out = it.connection().openText()) {
            out.write("a\ud83d\ude00");
        }
        it.peer().expectText("a\ud83d\ude00");
        it.connection().abort();
    }

    @Test
    void an_unpaired_surrogate_fails_the_message_alone_if_nothing_of_it_was_sent() throws Exception {
        var it = serverWithFragments(100);
        var out = it.connection().openText();
        out.write("a\ud83d");
        assertThrows(IllegalArgumentException.class, out::close);
        it.connection().send("next");
        it.peer().expectText("next");
        it.connection().abort();
    }

    @Test
    void an_unpaired_surrogate_in_a_message_that_has_begun_ends_the_connection_with_1011() throws Exception {
        var it = serverWithFragments(2);
        var out = it.connection().openText();
        out.write("ab");
        out.write("\udc00");
        assertThrows(IllegalArgumentException.class, out::flush);
        it.peer().expectCloseCode(1011);
        it.connection().abort();
    }

    @Test
    void control_frames_go_between_fragments_and_messages_wait_for_the_end() throws Exception {
        var it = serverWithFragments(1);
        var out = it.connection().openText();
        out.write("a");
        it.peer().expectHex("01 01 61");
        var other = Fixture.start(() -> {
            it.connection().send("other");
            return true;
        });
        it.connection().ping(Fixture.bytes("p"));
        it.peer().expectHex("89 01 70");
        out.write("b");
        it.peer().expectHex("00 01 62");
        assertFalse(other.isDone());
        out.close();
        it.peer().expectHex("80 00 81 05 6f 74 68 65 72");
        assertTrue(other.get());
        it.connection().abort();
    }

    @Test
    void streams_of_many_threads_do_not_mix() throws Exception {
        var it = Fixture.WithPeer.of(Role.SERVER, ConnectionOptions.defaults().withFragmentSize(3));
        var random = new Random(1);
        var texts = random.ints(40, 1, 50)
                .mapToObj(n -> Integer.toString(n % 10).repeat(n))
                .toList();
        var senders = texts.stream()
                .map(text -> Fixture.start(() -> {
                    try (var out = it.connection().openText()) {
                        out.write(text);
                    }
                    return true;
                }))
                .toList();
        var received = new ArrayList<String>();
        for (int i = 0; i < texts.size(); i++) {
            received.add(assertInstanceOf(Event.Text.class, it.peer().next()).text());
        }
        for (var sender : senders) {
            assertTrue(sender.get());
        }
        assertEquals(
                texts.stream().sorted().toList(), received.stream().sorted().toList());
        it.connection().abort();
    }

    @Test
    void waiting_for_the_end_of_a_stream_has_the_write_deadline() throws Exception {
        var options = ConnectionOptions.defaults()
                .withWriteTimeout(Duration.ofMillis(100))
                .withFragmentSize(1);
        var it = Fixture.WithPeer.of(Role.SERVER, options, clock);
        var out = it.connection().openText();
        out.write("a");
        var waiting = Fixture.start(
                clock,
                () -> assertThrows(
                        SocketTimeoutException.class, () -> it.connection().send("b")));
        clock.advance(Duration.ofMillis(99));
        assertFalse(waiting.isDone());
        clock.advance(Duration.ofMillis(1));
        assertTrue(waiting.isDone());
        assertEquals(
                "other senders kept this one waiting for 100 ms: nothing was sent",
                waiting.get().getMessage());
        out.close();
        it.peer().expectText("a");
        it.connection().send("c");
        it.peer().expectText("c");
        it.connection().abort();
    }

    @Test
    void a_close_in_mid_message_lets_nobody_wait_and_nothing_follow() throws Exception {
        var it = serverWithFragments(1);
        var out = it.connection().openText();
        out.write("a");
        var other = Fixture.start(() -> assertThrows(
                ConnectionClosedException.class, () -> it.connection().send("b")));
        var closing = Fixture.start(() -> {
            it.connection().close();
            return true;
        });
        it.peer().expectHex("01 01 61 88 02 03 e8");
        assertSame(ConnectionClosedException.class, other.get().getClass());
        assertThrows(ConnectionClosedException.class, () -> out.write("c"));
        it.connection().abort();
        assertTrue(closing.get());
    }

    @Test
    void a_stream_that_was_closed_takes_no_more() throws Exception {
        var it = Fixture.WithPeer.server();
        var text = it.connection().openText();
        text.close();
        text.close();
        assertThrows(IOException.class, () -> text.write("a"));
        assertThrows(IOException.class, text::flush);
        var binary = it.connection().openBinary();
        binary.close();
        binary.close();
        assertThrows(IOException.class, () -> binary.write(1));
        assertThrows(IOException.class, binary::flush);
        it.peer().expectHex("81 00 82 00");
        it.connection().abort();
    }

    // In

    @ParameterizedTest(name = "fragments of {0}")
    @ValueSource(ints = {1, 100, 4096, 70_000})
    void what_is_streamed_out_can_be_streamed_in(int fragmentSize) throws Exception {
        var options = ConnectionOptions.defaults()
                .withFragmentSize(fragmentSize)
                .withLimits(Limits.defaults().withMaxFragments(1 << 20));
        var pair = Fixture.Pair.open(options, List.of());
        var bytes = new byte[fragmentSize == 1 ? 2_000 : 300_000];
        new Random(2).nextBytes(bytes);
        var text = "größer 🙂 ".repeat(bytes.length / 20);
        var sender = Fixture.start(() -> {
            try (var out = pair.client().openBinary()) {
                out.write(bytes);
            }
            try (var out = pair.client().openText()) {
                out.write(text);
            }
            return true;
        });
        try (var message = pair.server().receiveStream()) {
            assertFalse(message.isText());
            assertArrayEquals(bytes, message.inputStream().readAllBytes());
        }
        try (var message = pair.server().receiveStream()) {
            assertTrue(message.isText());
            var received = new StringWriter();
            message.reader().transferTo(received);
            assertEquals(text, received.toString());
        }
        assertTrue(sender.get());
        pair.client().abort();
        pair.server().abort();
    }

    @Test
    void a_part_can_be_read_before_the_message_is_complete() throws Exception {
        var it = Fixture.WithPeer.client();
        it.peer().sendHex("01 02 61 62");
        var message = it.connection().receiveStream();
        var reader = message.reader();
        assertEquals('a', reader.read());
        assertEquals('b', reader.read());
        it.peer().sendHex("80 01 63");
        assertEquals('c', reader.read());
        assertEquals(-1, reader.read());
        assertEquals(-1, reader.read());
        assertSame(reader, message.reader());
        it.connection().abort();
    }

    @Test
    void a_peer_that_sends_faster_than_the_application_reads_is_held_up() throws Exception {
        var it = Fixture.WithPeer.client();
        var sender = Fixture.start(() -> {
            it.peer().send(out -> out.binaryPart(ByteBuffer.allocate(10), false));
            for (int i = 0; i < 12; i++) {
                it.peer().send(out -> out.binaryPart(ByteBuffer.allocate(MemoryTransport.CAPACITY / 2), false));
            }
            it.peer().send(out -> out.binaryPart(ByteBuffer.allocate(0), true));
            return true;
        });
        try (var message = it.connection().receiveStream()) {
            it.peer().transport().awaitWriter();
            assertFalse(sender.isDone());
            assertEquals(
                    10 + 6 * MemoryTransport.CAPACITY, message.inputStream().readAllBytes().length);
        }
        assertTrue(sender.get());
        it.connection().abort();
    }

    @Test
    void pings_are_answered_while_the_application_reads_a_message_slowly() throws Exception {
        var it = Fixture.WithPeer.of(Role.CLIENT, ConnectionOptions.defaults(), clock);
        it.peer().sendHex("01 01 61");
        var message = it.connection().receiveStream();
        it.peer().sendHex("89 01 70 00 01 62");
        clock.advance(Duration.ofSeconds(1)); // a stand-in meets them
        assertInstanceOf(Event.Pong.class, it.peer().next());
        it.peer().sendHex("80 01 63 81 01 64");
        var text = new StringWriter();
        message.reader().transferTo(text);
        assertEquals("abc", text.toString());
        assertEquals(new Message.Text("d"), it.connection().receive());
        it.connection().abort();
    }

    @Test
    void a_read_timeout_loses_nothing() throws Exception {
        var it = Fixture.WithPeer.of(Role.CLIENT, ConnectionOptions.defaults(), clock);
        it.peer().sendHex("02 01 01");
        var message = it.connection().receiveStream();
        message.readTimeout(SHORT);
        var in = message.inputStream();
        assertEquals(1, in.read());
        var reading = Fixture.start(clock, () -> assertThrows(SocketTimeoutException.class, in::read));
        clock.advance(SHORT.minusMillis(1));
        assertFalse(reading.isDone());
        clock.advance(Duration.ofMillis(1));
        assertTrue(reading.isDone());
        it.peer().sendHex("80 01 02");
        assertEquals(2, in.read());
        assertEquals(-1, in.read());
        it.connection().abort();
    }

    @Test
    void a_read_timeout_is_positive() throws Exception {
        var it = Fixture.WithPeer.client();
        it.peer().sendHex("82 00");
        var message = it.connection().receiveStream();
        assertThrows(IllegalArgumentException.class, () -> message.readTimeout(Duration.ZERO));
        it.connection().abort();
    }

    @Test
    void nothing_comes_within_the_timeout() throws Exception {
        var it = Fixture.WithPeer.client();
        assertEquals(Optional.empty(), it.connection().receiveStream(SHORT));
        it.peer().sendHex("81 01 61");
        assertEquals(
                'a', it.connection().receiveStream(SHORT).orElseThrow().reader().read());
        it.connection().abort();
    }

    @Test
    void what_is_left_of_a_closed_message_is_skipped() throws Exception {
        var it = Fixture.WithPeer.client();
        it.peer().sendHex("02 01 01");
        var message = it.connection().receiveStream();
        var in = message.inputStream();
        message.close();
        assertThrows(IOException.class, in::read);
        assertEquals(0, in.available());
        it.peer().sendHex("00 01 02 89 00 80 01 03 81 01 61");
        assertEquals(new Message.Text("a"), it.connection().receive());
        it.peer().sendHex("02 01 01");
        it.connection().receiveStream().close();
        it.peer().sendHex("80 01 02 81 01 62");
        assertEquals('b', it.connection().receiveStream().reader().read());
        it.connection().abort();
    }

    @Test
    void timeouts_may_be_longer_than_there_are_nanoseconds() throws Exception {
        var forever = ChronoUnit.FOREVER.getDuration();
        var it = Fixture.WithPeer.client();
        it.peer().sendHex("02 01 01");
        var message = it.connection().receiveStream(forever).orElseThrow();
        message.readTimeout(forever);
        var in = message.inputStream();
        assertEquals(1, in.read());
        var reading = Fixture.start(in::read);
        it.transport().awaitReader();
        it.peer().sendHex("80 01 02");
        assertEquals(2, reading.get());
        assertEquals(Optional.empty(), it.connection().receiveStream(forever.negated()));
        it.connection().abort();
    }

    @Test
    void another_message_is_not_received_by_the_thread_that_has_not_ended_one() throws Exception {
        var it = Fixture.WithPeer.client();
        it.peer().sendHex("02 01 01");
        var message = it.connection().receiveStream();
        assertThrows(IllegalStateException.class, () -> it.connection().receive());
        assertThrows(IllegalStateException.class, () -> it.connection().receiveStream());
        message.close();
        it.peer().sendHex("80 00 81 01 61");
        assertEquals(new Message.Text("a"), it.connection().receive());
        it.connection().abort();
    }

    @Test
    void another_thread_receives_the_next_message_when_this_one_has_ended() throws Exception {
        var it = Fixture.WithPeer.client();
        it.peer().sendHex("01 01 61");
        var message = it.connection().receiveStream();
        var next = Fixture.start(() -> it.connection().receive());
        it.peer().sendHex("80 01 62 81 01 63");
        assertEquals('a', message.reader().read());
        assertEquals('b', message.reader().read());
        assertEquals(-1, message.reader().read());
        assertEquals(new Message.Text("c"), next.get());
        it.connection().abort();
    }

    @Test
    void a_message_of_the_other_kind_has_no_such_stream() throws Exception {
        var it = Fixture.WithPeer.client();
        it.peer().sendHex("81 00 82 00");
        var text = it.connection().receiveStream();
        assertThrows(IllegalStateException.class, text::inputStream);
        var binary = it.connection().receiveStream();
        assertThrows(IllegalStateException.class, binary::reader);
        it.connection().abort();
    }

    @Test
    void a_connection_that_is_lost_in_mid_message_is_no_end_of_the_message() throws Exception {
        var it = Fixture.WithPeer.client();
        it.peer().sendHex("02 01 01");
        var in = it.connection().receiveStream().inputStream();
        assertEquals(1, in.read());
        it.peer().shutdownOutput();
        var thrown = assertThrows(ConnectionClosedException.class, in::read);
        assertEquals(CloseStatus.ABNORMAL, thrown.closeInfo().status());
    }

    @Test
    void text_that_becomes_invalid_fails_the_read_and_the_connection_with_1007() throws Exception {
        var it = Fixture.WithPeer.client();
        it.peer().sendHex("01 01 61");
        var reader = it.connection().receiveStream().reader();
        assertEquals('a', reader.read());
        it.peer().sendHex("80 01 ff");
        var thrown = Fixture.start(() -> assertThrows(ConnectionClosedException.class, reader::read));
        it.peer().expectCloseCode(1007);
        it.peer().shutdownOutput();
        assertEquals(CloseStatus.INVALID_PAYLOAD, thrown.get().closeInfo().sent());
    }

    @Test
    void the_limit_on_messages_holds_for_one_that_is_streamed_in() throws Exception {
        var options = ConnectionOptions.defaults()
                .withLimits(Limits.defaults().withMaxMessageSize(3).withMaxFrameSize(3));
        var it = Fixture.WithPeer.of(Role.CLIENT, options);
        it.peer().sendHex("02 03 01 02 03");
        var in = it.connection().receiveStream().inputStream();
        assertArrayEquals(new byte[] {1, 2, 3}, in.readNBytes(3));
        it.peer().sendHex("80 01 04");
        var thrown = Fixture.start(() -> assertThrows(ConnectionClosedException.class, in::read));
        it.peer().expectCloseCode(1009);
        it.peer().shutdownOutput();
        assertEquals(CloseStatus.MESSAGE_TOO_BIG, thrown.get().closeInfo().sent());
    }

    @Test
    void the_message_timeout_does_not_count_the_time_of_the_application() throws Exception {
        var options = ConnectionOptions.defaults().withMessageTimeout(Duration.ofMillis(50));
        var it = Fixture.WithPeer.of(Role.CLIENT, options, clock);
        it.peer().sendHex("02 01 01");
        var message = it.connection().receiveStream();
        var in = message.inputStream();
        assertEquals(1, in.read());
        message.readTimeout(Duration.ofMillis(200));
        var reading = Fixture.start(clock, () -> assertThrows(SocketTimeoutException.class, in::read));
        clock.advance(Duration.ofMillis(200));
        assertTrue(reading.isDone());
        it.peer().sendHex("80 01 02");
        assertEquals(2, in.read());
        it.connection().abort();
    }

    @Test
    void an_interrupt_while_reading_a_part_ends_the_connection() throws Exception {
        var it = Fixture.WithPeer.client();
        it.peer().sendHex("02 01 01");
        var in = it.connection().receiveStream().inputStream();
        assertEquals(1, in.read());
        var thread = new Thread[1];
        var reading = Fixture.start(() -> {
            thread[0] = Thread.currentThread();
            return assertThrows(IOException.class, in::read);
        });
        it.transport().awaitReader();
        thread[0].interrupt();
        reading.get();
        assertEquals(ReadyState.CLOSED, it.connection().readyState());
    }
}
