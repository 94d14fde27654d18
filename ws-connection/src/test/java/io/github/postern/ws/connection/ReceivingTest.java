package io.github.postern.ws.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.postern.ws.connection.testkit.ManualClock;
import io.github.postern.ws.connection.testkit.MemoryTransport;
import io.github.postern.ws.core.CloseStatus;
import io.github.postern.ws.core.Event;
import io.github.postern.ws.core.Role;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Receiving: who reads, what waits, and what happens while the application is not receiving. */
@Timeout(30)
@ExtendWith(EveryConnectionEnds.class)
class ReceivingTest {
    private static final Duration SHORT = Duration.ofMillis(20);
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration MILLI = Duration.ofMillis(1);

    private final ManualClock clock = new ManualClock();

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 125, 126, 255, 256, 257, 65_535, 65_536, 1 << 20})
    void messages_of_any_size_arrive_unchanged_both_ways(int size) throws Exception {
        var pair = Fixture.Pair.open();
        var text = "a".repeat(size);
        var echo = Fixture.start(() -> {
            pair.server().send(pair.server().receive());
            pair.server().send(pair.server().receive());
            return true;
        });
        pair.client().send(text);
        assertEquals(new Message.Text(text), pair.client().receive());
        pair.client().send(Fixture.bytes(text));
        assertEquals(new Message.Binary(Fixture.bytes(text)), pair.client().receive());
        assertTrue(echo.get());
        pair.client().abort();
        pair.server().abort();
    }

    @ParameterizedTest(name = "{0} bytes have arrived")
    @CsvSource({"16383, false", "16384, true", "16385, true"})
    void much_that_has_arrived_of_a_message_is_read_to_where_it_stays(int arrived, boolean inPlace) throws Exception {
        var ends = MemoryTransport.pair(1 << 16);
        var capacities = new ArrayList<Integer>();
        var server = Fixture.open(
                new TlsPair.Between(ends.one()) {
                    @Override
                    public int read(ByteBuffer dst, long timeoutNanos) throws IOException {
                        capacities.add(dst.capacity());
                        return plain.read(dst, timeoutNanos);
                    }
                },
                Role.SERVER,
                ConnectionOptions.defaults());
        var payload = new byte[InputBuffer.SMALL - 8 + arrived]; // behind a header of 8 bytes
        new Random(arrived).nextBytes(payload);
        new RawPeer(ends.other(), Role.CLIENT).send(out -> out.binary(ByteBuffer.wrap(payload)));
        var message = assertInstanceOf(Message.Binary.class, server.receive());
        assertEquals(ByteBuffer.wrap(payload), message.data());
        assertEquals(inPlace, capacities.contains(payload.length), "read to an array as long as the message");
        server.abort();
    }

    @Test
    void a_timeout_in_mid_message_loses_nothing() throws Exception {
        var it = Fixture.WithPeer.client();
        it.peer().sendHex("81 05 48 65");
        assertEquals(Optional.empty(), it.connection().receive(SHORT));
        it.peer().sendHex("6c 6c");
        assertEquals(Optional.empty(), it.connection().receive(SHORT));
        it.peer().sendHex("6f");
        assertEquals(new Message.Text("Hello"), it.connection().receive());
        it.connection().abort();
    }

    @Test
    void a_timeout_of_zero_takes_what_is_there() throws Exception {
        var it = Fixture.WithPeer.client();
        it.peer().sendHex("81 01 41");
        assertEquals(Optional.of(new Message.Text("A")), it.connection().receive(Duration.ZERO));
        assertEquals(Optional.empty(), it.connection().receive(Duration.ZERO));
        it.connection().abort();
    }

    @Test
    void receiving_ends_with_its_timeout_and_not_before() throws Exception {
        var it = Fixture.WithPeer.of(Role.CLIENT, ConnectionOptions.defaults(), clock);
        var leading = Fixture.start(clock, () -> it.connection().receive(SECOND));
        clock.advance(Duration.ZERO);
        var following = Fixture.start(clock, () -> it.connection().receive(SECOND));
        clock.advance(SECOND.minus(MILLI));
        assertFalse(leading.isDone() || following.isDone());
        clock.advance(MILLI);
        assertTrue(leading.isDone() && following.isDone());
        assertEquals(Optional.empty(), leading.get());
        assertEquals(Optional.empty(), following.get());
        var again = Fixture.start(clock, () -> it.connection().receive(SECOND));
        clock.advance(SECOND.minus(MILLI));
        it.peer().sendHex("81 01 41");
        assertEquals(Optional.of(new Message.Text("A")), again.get());
        it.connection().abort();
    }

    @Test
    void a_timeout_may_be_longer_than_there_are_nanoseconds() throws Exception {
        var forever = ChronoUnit.FOREVER.getDuration();
        var it = Fixture.WithPeer.client();
        it.peer().sendHex("81 01 41 81 01 42");
        assertEquals(Optional.of(new Message.Text("A")), it.connection().receive(forever));
        assertEquals(Optional.of(new Message.Text("B")), it.connection().receive(forever.negated()));
        var receiving = Fixture.start(() -> it.connection().receive(forever));
        it.transport().awaitReader();
        it.peer().sendHex("81 01 43");
        assertEquals(Optional.of(new Message.Text("C")), receiving.get());
        assertEquals(Optional.empty(), it.connection().receive(forever.negated()));
        it.connection().abort();
    }

    @Test
    void a_ping_is_answered_by_whoever_receives() throws Exception {
        var it = Fixture.WithPeer.server();
        var receiving = Fixture.start(() -> it.connection().receive());
        it.peer().send(out -> out.ping(Fixture.bytes("are you there")));
        var pong = assertInstanceOf(Event.Pong.class, it.peer().next());
        assertEquals(Fixture.bytes("are you there"), pong.payload());
        it.peer().send(out -> out.text("bye"));
        assertEquals(new Message.Text("bye"), receiving.get());
        it.connection().abort();
    }

    @Test
    void a_ping_is_answered_although_nobody_receives_for_a_second() throws Exception {
        var it = Fixture.WithPeer.of(Role.SERVER, ConnectionOptions.defaults(), clock);
        it.peer().send(out -> out.ping(Fixture.bytes("anybody")));
        clock.advance(SECOND.minus(MILLI));
        assertEquals(0, it.transport().writes());
        clock.advance(MILLI);
        assertEquals(1, it.transport().writes());
        assertInstanceOf(Event.Pong.class, it.peer().next());
        it.connection().abort();
    }

    @Test
    void a_close_is_answered_although_nobody_receives() throws Exception {
        var it = Fixture.WithPeer.of(Role.SERVER, ConnectionOptions.defaults(), clock);
        it.peer().send(out -> out.close(CloseStatus.NORMAL));
        clock.advance(SECOND);
        it.peer().expectClose(CloseStatus.NORMAL);
        it.peer().expectEnd();
        it.peer().shutdownOutput();
        assertThrows(ConnectionClosedException.class, it.connection()::receive);
    }

    @Test
    void what_arrived_while_nobody_received_is_received_in_order_and_then_what_follows() throws Exception {
        var it = Fixture.WithPeer.of(Role.SERVER, ConnectionOptions.defaults(), clock);
        it.peer().send(out -> out.text("1"), out -> out.text("2"), out -> out.ping(ByteBuffer.allocate(0)));
        clock.advance(SECOND);
        assertInstanceOf(Event.Pong.class, it.peer().next()); // a stand-in has read all three
        it.peer().send(out -> out.text("3"));
        assertEquals(new Message.Text("1"), it.connection().receive());
        assertEquals(new Message.Text("2"), it.connection().receive());
        assertEquals(new Message.Text("3"), it.connection().receive());
        it.peer().send(out -> out.text("4"));
        assertEquals(new Message.Text("4"), it.connection().receive());
        it.connection().abort();
    }

    @Test
    void reading_stops_when_the_application_leaves_too_much_unreceived() throws Exception {
        var options = ConnectionOptions.defaults().withUnreceivedBytes(1000);
        var it = Fixture.WithPeer.of(Role.SERVER, options, clock);
        var message = "x".repeat(1000);
        it.peer().send(out -> out.text(message), out -> out.text("second"), out -> out.ping(ByteBuffer.allocate(0)));
        clock.advance(SECOND.multipliedBy(10));
        assertEquals(0, it.transport().writes());
        assertEquals(new Message.Text(message), it.connection().receive());
        assertEquals(new Message.Text("second"), it.connection().receive());
        assertEquals(Optional.empty(), it.connection().receive(Duration.ZERO));
        assertInstanceOf(Event.Pong.class, it.peer().next());
        it.connection().abort();
    }

    @Test
    void several_receivers_share_the_messages() throws Exception {
        var pair = Fixture.Pair.open();
        var received = new LinkedBlockingQueue<Message>();
        var receivers = new ArrayList<Future<?>>();
        for (int i = 0; i < 4; i++) {
            receivers.add(Fixture.start(() -> {
                pair.server().forEach(received::add);
                return true;
            }));
        }
        for (int i = 0; i < 1000; i++) {
            pair.client().send(Integer.toString(i));
        }
        pair.client().close();
        for (var receiver : receivers) {
            receiver.get();
        }
        var numbers = received.stream()
                .map(m -> Integer.parseInt(((Message.Text) m).text()))
                .sorted()
                .toList();
        assertEquals(IntStream.range(0, 1000).boxed().toList(), numbers);
    }

    @Test
    void iteration_ends_with_the_connection() throws Exception {
        var pair = Fixture.Pair.open();
        var texts = Fixture.start(() -> {
            List<Message> seen = new ArrayList<>();
            pair.server().forEach(seen::add);
            return seen;
        });
        pair.client().send("one");
        pair.client().send(Fixture.bytes("two"));
        pair.client().close();
        assertEquals(List.of(new Message.Text("one"), new Message.Binary(Fixture.bytes("two"))), texts.get());
    }

    @Test
    void an_interrupt_before_receiving_leaves_the_connection_intact() throws Exception {
        var it = Fixture.WithPeer.client();
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, it.connection()::receive);
        it.peer().sendHex("81 01 41");
        assertEquals(new Message.Text("A"), it.connection().receive());
        it.connection().abort();
    }

    @Test
    void an_interrupt_while_reading_ends_the_connection() throws Exception {
        var it = Fixture.WithPeer.server();
        var thread = new LinkedBlockingQueue<Thread>();
        var receiving = Fixture.start(() -> {
            thread.add(Thread.currentThread());
            return assertThrows(InterruptedException.class, it.connection()::receive);
        });
        var receiver = thread.take();
        it.transport().awaitReader();
        receiver.interrupt();
        receiving.get();
        assertEquals(ReadyState.CLOSED, it.connection().readyState());
    }

    @Test
    void pongs_are_observed_with_a_payload_of_their_own() throws Exception {
        var it = Fixture.WithPeer.server();
        var pongs = new LinkedBlockingQueue<ByteBuffer>();
        it.connection().onPong(pongs::add);
        it.peer()
                .send(out -> out.pong(Fixture.bytes("a")), out -> out.pong(Fixture.bytes("b")), out -> out.text("end"));
        assertEquals(new Message.Text("end"), it.connection().receive());
        assertEquals(List.of(Fixture.bytes("a"), Fixture.bytes("b")), List.copyOf(pongs));
        it.connection().abort();
    }

    @Test
    void what_an_observer_of_pongs_throws_does_not_concern_who_receives() throws Exception {
        var it = Fixture.WithPeer.server();
        var pongs = new LinkedBlockingQueue<ByteBuffer>();
        it.connection().onPong(pong -> {
            pongs.add(pong);
            throw new IllegalStateException("as planted");
        });
        it.peer()
                .send(out -> out.pong(Fixture.bytes("a")), out -> out.pong(Fixture.bytes("b")), out -> out.text("end"));
        assertEquals(new Message.Text("end"), it.connection().receive());
        assertEquals(List.of(Fixture.bytes("a"), Fixture.bytes("b")), List.copyOf(pongs));
        assertEquals(ReadyState.OPEN, it.connection().readyState());
        it.connection().abort();
    }

    @Test
    void a_peer_may_send_twice_as_many_control_frames_at_once_as_a_second_allows_and_not_one_more() throws Exception {
        var options = ConnectionOptions.defaults().withControlFramesPerSecond(1);
        var within = Fixture.WithPeer.of(Role.SERVER, options);
        within.peer()
                .send(
                        out -> out.pong(Fixture.bytes("1")),
                        out -> out.pong(Fixture.bytes("2")),
                        out -> out.text("fine"));
        assertEquals(new Message.Text("fine"), within.connection().receive());
        within.connection().abort();

        var beyond = Fixture.WithPeer.of(Role.SERVER, options);
        var receiving =
                Fixture.start(() -> assertThrows(ConnectionClosedException.class, beyond.connection()::receive));
        beyond.peer()
                .send(
                        out -> out.pong(Fixture.bytes("1")),
                        out -> out.pong(Fixture.bytes("2")),
                        out -> out.pong(Fixture.bytes("3")));
        beyond.peer().expectCloseCode(1008);
        beyond.peer().shutdownOutput();
        receiving.get();
    }

    @Test
    void a_second_later_the_peer_may_send_as_many_control_frames_as_a_second_allows() throws Exception {
        var options = ConnectionOptions.defaults().withControlFramesPerSecond(2);
        var it = Fixture.WithPeer.of(Role.SERVER, options, clock);
        var receiving =
                Fixture.start(clock, () -> assertThrows(ConnectionClosedException.class, it.connection()::receive));
        for (int i = 0; i < 4 + 2; i++) {
            it.peer().send(out -> out.pong(Fixture.bytes("1")));
            clock.advance(i < 3 ? Duration.ZERO : SECOND.dividedBy(2));
        }
        assertEquals(ReadyState.OPEN, it.connection().readyState());
        it.peer().send(out -> out.pong(Fixture.bytes("1")));
        clock.advance(SECOND.dividedBy(2).minus(MILLI));
        assertEquals(ReadyState.OPEN, it.connection().readyState());
        it.peer().send(out -> out.pong(Fixture.bytes("1")));
        it.peer().expectCloseCode(1008);
        it.peer().shutdownOutput();
        receiving.get();
    }

    @Test
    void a_connection_that_is_received_from_needs_no_second_thread() throws Exception {
        var it = Fixture.WithPeer.client();
        it.peer().sendHex("81 01 41");
        assertEquals(new Message.Text("A"), it.connection().receive());
        assertFalse(it.transport().wasReadBy("postern-stand-in"));
        it.connection().abort();
    }
}
