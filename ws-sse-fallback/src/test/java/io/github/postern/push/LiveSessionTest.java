package io.github.postern.push;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.postern.ws.connection.CloseInfo.Initiator;
import io.github.postern.ws.connection.ConnectionClosedException;
import io.github.postern.ws.connection.Message;
import io.github.postern.ws.connection.ReadyState;
import io.github.postern.ws.core.CloseStatus;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an application sees of a session: the contract of Connection and PushSession, without a network. */
@Timeout(20)
class LiveSessionTest {
    private static final PushOptions OPTIONS = PushOptions.defaults()
            .withLimits(PushLimits.defaults().withUnacknowledged(2, 10).withUnreceived(2, 100))
            .withSendTimeout(Duration.ofMillis(100))
            .withCloseTimeout(Duration.ofMillis(100));

    private final AtomicLong clock = new AtomicLong();
    private final AtomicInteger overs = new AtomicInteger();
    private final LiveSession session = session(OPTIONS);
    private final CountingCarrier carrier = new CountingCarrier();

    private LiveSession session(PushOptions options) {
        return new LiveSession(
                "id",
                "S3cret",
                SessionKind.POSTERN,
                options,
                ReplayBudget.unlimited(),
                new SessionObserver(1),
                clock::get,
                s -> overs.incrementAndGet());
    }

    private static final class CountingCarrier implements Carrier {
        final AtomicInteger wakes = new AtomicInteger();
        final AtomicInteger cuts = new AtomicInteger();

        @Override
        public void wake() {
            wakes.incrementAndGet();
        }

        @Override
        public void cut() {
            cuts.incrementAndGet();
        }
    }

    private Attachment attach(long epoch) {
        return assertInstanceOf(AttachResult.Taken.class, session.attach(epoch, PushTransport.WEBSOCKET, 0, carrier))
                .attachment();
    }

    @Test
    void send_blocks_until_there_is_room() throws Exception {
        var sent = new LinkedBlockingQueue<Object>();
        var patient = session(OPTIONS.withSendTimeout(Duration.ofSeconds(10)));
        var taken = assertInstanceOf(AttachResult.Taken.class, patient.attach(1, PushTransport.WEBSOCKET, 0, carrier));
        patient.application().send("1");
        patient.application().send("2");
        var sender = Thread.ofVirtual().start(() -> {
            try {
                patient.application().send("3");
                sent.add("sent");
            } catch (Exception e) {
                sent.add(e);
            }
        });
        awaitWaiting(sender);
        assertTrue(sent.isEmpty());
        assertNotNull(patient.take(taken.attachment()));
        assertTrue(patient.acknowledge(taken.attachment(), 1));
        assertEquals("sent", sent.take());
    }

    @Test
    void an_acknowledgement_wakes_the_writer_if_its_window_was_full_and_not_otherwise() throws Exception {
        var messages = Submission.WINDOW_MESSAGES;
        var wide = session(OPTIONS.withLimits(PushLimits.defaults().withUnacknowledged(messages + 1, 1 << 20)));
        var taken = assertInstanceOf(AttachResult.Taken.class, wide.attach(1, PushTransport.WEBSOCKET, 0, carrier))
                .attachment();
        for (int i = 0; i < messages + 1; i++) {
            wide.application().send("x");
        }
        var full = Objects.requireNonNull(wide.take(taken));
        assertEquals(messages, full.entries().size());
        assertNull(wide.takeAfter(taken, full), "the window is full");
        int before = carrier.wakes.get();
        assertTrue(wide.acknowledge(taken, 1));
        assertEquals(before + 1, carrier.wakes.get());
        var rest = Objects.requireNonNull(wide.take(taken));
        assertEquals(1, rest.entries().size());
        assertNull(wide.takeAfter(taken, rest));
        assertTrue(wide.acknowledge(taken, messages + 1));
        assertEquals(before + 1, carrier.wakes.get(), "there is nothing to write");
    }

    @Test
    void a_move_that_falls_between_two_polls_waits_for_the_next() {
        poll(0);
        session.upkeep().moveAfter(0);
        session.upkeep().tick();
        var next = assertInstanceOf(AttachResult.Taken.class, session.attach(1, PushTransport.LONG_POLLING, 0, carrier))
                .attachment();
        var batch = session.take(next);
        assertNotNull(batch);
        assertEquals(Attachment.Detach.MOVE, batch.detach());
    }

    @Test
    void a_client_that_attaches_anew_by_itself_is_not_asked_to() {
        poll(0);
        session.upkeep().moveAfter(0);
        session.upkeep().tick();
        var anew = assertInstanceOf(AttachResult.Taken.class, session.attach(2, PushTransport.LONG_POLLING, 0, carrier))
                .attachment();
        var greeting = session.take(anew);
        assertNotNull(greeting);
        assertNull(greeting.detach());
        session.written(anew, greeting);
        var next = assertInstanceOf(AttachResult.Taken.class, session.attach(2, PushTransport.LONG_POLLING, 0, carrier))
                .attachment();
        assertNull(session.take(next));
    }

    /** One poll that is answered and has ended. */
    private Attachment poll(long position) {
        var poll = assertInstanceOf(
                        AttachResult.Taken.class, session.attach(1, PushTransport.LONG_POLLING, position, carrier))
                .attachment();
        var greeting = session.take(poll);
        assertNotNull(greeting);
        assertTrue(greeting.end());
        session.written(poll, greeting);
        return poll;
    }

    private static void awaitWaiting(Thread thread) {
        while (thread.getState() != Thread.State.WAITING && thread.getState() != Thread.State.TIMED_WAITING) {
            assertTrue(thread.isAlive(), "it has ended and not waited");
            Thread.onSpinWait();
        }
    }

    @Test
    void a_poll_acknowledges_and_wakes_the_sender() throws Exception {
        var patient = session(OPTIONS.withSendTimeout(Duration.ofSeconds(15)));
        patient.application().send("1");
        patient.application().send("2");
        var sent = new LinkedBlockingQueue<Object>();
        var sender = Thread.ofVirtual().start(() -> {
            try {
                patient.application().send("3");
                sent.add("sent");
            } catch (IOException e) {
                sent.add(e);
            }
        });
        awaitWaiting(sender);
        var first = assertInstanceOf(AttachResult.Taken.class, patient.attach(1, PushTransport.POLLING, 0, carrier));
        assertNotNull(patient.take(first.attachment()));
        assertInstanceOf(AttachResult.Taken.class, patient.attach(1, PushTransport.POLLING, 2, carrier));
        assertEquals("sent", sent.poll(5, TimeUnit.SECONDS), "null: the sender sleeps on");
    }

    @Test
    void a_sender_that_waits_too_long_ends_the_session_with_a_reason() throws Exception {
        session.application().send("1");
        session.application().send("2");
        var e = assertThrows(
                ConnectionClosedException.class, () -> session.application().send("3"));
        assertEquals(4507, e.closeInfo().status().code());
        assertEquals(ReadyState.CLOSED, session.application().readyState());
        var closed = assertThrows(ConnectionClosedException.class, session.application()::receive);
        assertEquals(4507, closed.closeInfo().status().code());
        var attachment = attach(1);
        var batch = session.take(attachment);
        assertNotNull(batch);
        assertEquals(2, batch.entries().size(), "what was taken is still delivered");
        var close = batch.close();
        assertNotNull(close);
        assertEquals(SessionCodes.OVERFLOW, close.status());
    }

    @ParameterizedTest
    @ValueSource(ints = {9, 10, 11})
    void a_message_larger_than_the_buffer_is_refused_and_nothing_happens(int size) throws Exception {
        if (size <= 10) {
            session.application().send("x".repeat(size));
        } else {
            var text = assertThrows(
                    IllegalArgumentException.class, () -> session.application().send("x".repeat(size)));
            assertEquals("message longer than 10 bytes: 11", text.getMessage());
            assertThrows(
                    IllegalArgumentException.class, () -> session.application().send(ByteBuffer.allocate(size)));
        }
        assertEquals(ReadyState.OPEN, session.application().readyState());
    }

    @Test
    void an_interrupt_while_sending_loses_nothing() throws Exception {
        var patient = session(OPTIONS.withSendTimeout(Duration.ofSeconds(10)));
        patient.application().send("1");
        patient.application().send("2");
        var thrown = new LinkedBlockingQueue<Object>();
        var sender = Thread.ofVirtual().start(() -> {
            try {
                patient.application().send("3");
            } catch (Exception e) {
                thrown.add(e);
            }
        });
        awaitWaiting(sender);
        sender.interrupt();
        assertInstanceOf(InterruptedIOException.class, thrown.take());
        assertEquals(ReadyState.OPEN, patient.application().readyState());
        assertEquals(2, patient.application().bufferedAmount());
    }

    @Test
    void a_binary_message_is_copied_and_consumed() throws Exception {
        var buffer = ByteBuffer.wrap(new byte[] {1, 2, 3});
        session.application().send(buffer);
        assertFalse(buffer.hasRemaining());
        buffer.put(0, (byte) 9);
        var batch = session.take(attach(1));
        assertNotNull(batch);
        assertEquals(
                new Message.Binary(ByteBuffer.wrap(new byte[] {1, 2, 3})),
                batch.entries().getFirst().message());
    }

    @Test
    void an_unpaired_surrogate_is_refused() {
        assertThrows(IllegalArgumentException.class, () -> session.application().send("\uD800"));
    }

    @Test
    void a_receive_timeout_loses_nothing() throws Exception {
        assertEquals(Optional.empty(), session.application().receive(Duration.ofMillis(1)));
        assertEquals(Optional.empty(), session.application().receive(Duration.ZERO));
        assertTrue(session.deliver(attach(1), new Message.Text("m"), 1));
        assertEquals(Optional.of(new Message.Text("m")), session.application().receive(Duration.ofMillis(-1)));
    }

    @Test
    void an_interrupt_while_receiving_loses_nothing() throws Exception {
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, session.application()::receive);
        assertTrue(session.deliver(attach(1), new Message.Text("m"), 1));
        assertEquals(new Message.Text("m"), session.application().receive());
    }

    @Test
    void messages_before_the_end_are_received_before_it() throws Exception {
        var attachment = attach(1);
        assertTrue(session.deliver(attachment, new Message.Text("last"), 4));
        session.peerClosed(attachment, CloseStatus.of(3000, "done"));
        assertFalse(session.deliver(attachment, new Message.Text("late"), 4));
        assertEquals(new Message.Text("last"), session.application().receive());
        var e = assertThrows(ConnectionClosedException.class, session.application()::receive);
        assertEquals(CloseStatus.of(3000, "done"), e.closeInfo().status());
        assertEquals(Initiator.REMOTE, e.closeInfo().initiator());
        assertThrows(
                ConnectionClosedException.class, () -> session.application().send("x"));
        assertEquals(1, overs.get());
    }

    @Test
    void close_is_bounded_and_the_client_can_still_come_for_the_rest() throws Exception {
        session.application().send("1");
        session.application().close();
        assertEquals(ReadyState.CLOSED, session.application().readyState());
        var info = session.application().closeInfo().orElseThrow();
        assertEquals(1006, info.status().code());
        assertEquals(CloseStatus.NORMAL, info.sent());
        assertFalse(info.clean());
        assertEquals(0, overs.get(), "the session waits for its client");
        var batch = session.take(attach(1));
        assertNotNull(batch);
        assertEquals(1, batch.entries().size());
        assertNotNull(batch.close());
    }

    @Test
    void close_returns_as_soon_as_the_client_has_acknowledged() {
        var patient = session(OPTIONS.withCloseTimeout(Duration.ofSeconds(15)));
        var taken = assertInstanceOf(AttachResult.Taken.class, patient.attach(1, PushTransport.WEBSOCKET, 0, carrier));
        var closer = Thread.ofVirtual().start(patient.application()::close);
        awaitWaiting(closer);
        assertEquals(ReadyState.CLOSING, patient.application().readyState());
        assertThrows(
                ConnectionClosedException.class, () -> patient.application().send("x"));
        assertFalse(patient.acknowledge(taken.attachment(), 1), "the client does not know of the close yet");
        assertNotNull(patient.take(taken.attachment()));
        assertTrue(patient.acknowledge(taken.attachment(), 1));
        assertTrue(patient.application().closeInfo().orElseThrow().clean());
    }

    @ParameterizedTest
    @ValueSource(ints = {1004, 1006, 1015, 2999, 4400, 4599, 5000})
    void refuses_codes_that_must_not_be_sent(int code) {
        assertThrows(IllegalArgumentException.class, () -> session.application().close(CloseStatus.of(code)));
        assertEquals(ReadyState.OPEN, session.application().readyState());
    }

    /** 1005 means that there is neither code nor reason. */
    @Test
    void refuses_a_reason_without_a_code() {
        var reason = CloseStatus.of(1005, "a reason");
        assertThrows(IllegalArgumentException.class, () -> session.application().close(reason));
        assertEquals(ReadyState.OPEN, session.application().readyState());
    }

    @Test
    void abort_cuts_the_attachment_off_and_forgets() {
        attach(1);
        session.application().abort();
        assertEquals(1, carrier.cuts.get());
        assertEquals(
                1006, session.application().closeInfo().orElseThrow().status().code());
        var over = assertInstanceOf(AttachResult.Over.class, session.attach(2, PushTransport.SSE, 0, carrier));
        assertEquals(SessionCodes.UNKNOWN, over.close().status());
    }

    @Test
    void expiry_ends_what_waits() throws Exception {
        var ended = new LinkedBlockingQueue<Object>();
        var receiver = Thread.ofVirtual().start(() -> {
            try {
                ended.add(session.application().receive());
            } catch (Exception e) {
                ended.add(e);
            }
        });
        awaitWaiting(receiver);
        clock.set(Duration.ofMinutes(2).toNanos());
        assertEquals(SessionState.Tick.EXPIRED, session.upkeep().tick());
        var e = assertInstanceOf(ConnectionClosedException.class, ended.take());
        assertEquals(4408, e.closeInfo().status().code());
        assertEquals(1, overs.get());
    }

    @Test
    void a_reader_that_waits_for_the_application_is_freed_by_a_takeover() throws Exception {
        var attachment = attach(1);
        for (int i = 0; i < 4; i++) {
            assertTrue(session.deliver(attachment, new Message.Text("m"), 1));
        }
        var delivered = new LinkedBlockingQueue<Boolean>();
        var reader =
                Thread.ofVirtual().start(() -> delivered.add(session.deliver(attachment, new Message.Text("m"), 1)));
        awaitWaiting(reader);
        attach(2);
        assertFalse(delivered.take());
    }

    /** It has stopped receiving, and so has nothing that the client's acknowledgement of the close should wait for. */
    @Test
    void a_reader_that_waits_for_the_application_is_freed_when_that_closes() throws Exception {
        var patient = session(OPTIONS.withCloseTimeout(Duration.ofDays(1)));
        var result = patient.attach(1, PushTransport.WEBSOCKET, 0, carrier);
        var attachment = assertInstanceOf(AttachResult.Taken.class, result).attachment();
        for (int i = 0; i < 4; i++) {
            assertTrue(patient.deliver(attachment, new Message.Text("m"), 1));
        }
        var delivered = new LinkedBlockingQueue<Boolean>();
        var reader =
                Thread.ofVirtual().start(() -> delivered.add(patient.deliver(attachment, new Message.Text("m"), 1)));
        awaitWaiting(reader);
        var closer = Thread.ofVirtual().start(patient.application()::close);
        assertTrue(delivered.take());
        assertNotNull(patient.take(attachment));
        assertTrue(patient.acknowledge(attachment, 1));
        closer.join();
        assertEquals(
                1000, patient.application().closeInfo().orElseThrow().status().code());
    }

    @Test
    void a_sender_that_waits_for_room_is_freed_by_a_close_at_once() throws Exception {
        var patient = session(OPTIONS.withSendTimeout(Duration.ofDays(1)).withCloseTimeout(Duration.ofDays(1)));
        patient.application().send("1");
        patient.application().send("2");
        var outcome = new LinkedBlockingQueue<Exception>();
        var sender = Thread.ofVirtual().start(() -> {
            try {
                patient.application().send("3");
            } catch (Exception e) {
                outcome.add(e);
            }
        });
        awaitWaiting(sender);
        var closer = Thread.ofVirtual().start(patient.application()::close);
        assertInstanceOf(ConnectionClosedException.class, outcome.take());
        patient.application().abort();
        closer.join();
    }

    /** What the client hands over meanwhile is confirmed to it, so the application has to get it. */
    @Test
    void credentials_that_expire_while_the_server_stops_do_not_end_the_session_once_more() throws Exception {
        assertTrue(session.admit(Authentication.admitted("a").until(Instant.EPOCH)));
        var attachment = attach(1);
        session.upkeep().goAway();
        session.upkeep().tick();
        assertEquals(Optional.empty(), session.application().receive(Duration.ZERO));
        assertTrue(session.deliver(attachment, new Message.Text("handed over"), 11));
        assertEquals(new Message.Text("handed over"), session.application().receive());
    }

    @Test
    void receives_with_the_longest_timeout_there_is() throws Exception {
        assertTrue(session.deliver(attach(1), new Message.Text("m"), 1));
        var longest = Duration.ofSeconds(Long.MAX_VALUE);
        assertEquals(Optional.of(new Message.Text("m")), session.application().receive(longest));
    }

    @Test
    void each_message_wakes_the_carrier() throws Exception {
        attach(1);
        int before = carrier.wakes.get();
        session.application().send("1");
        assertEquals(before + 1, carrier.wakes.get());
    }

    @Test
    void the_secret_is_in_no_string() {
        assertFalse(session.toString().contains("S3cret"));
        var headers = PushHeaders.read(name -> name.equals("Postern-Session") ? "S3cret" : null);
        assertNotNull(headers);
        assertFalse(headers.toString().contains("S3cret"));
        assertFalse(
                new StreamRecord("attach", null, "session=S3cret").toString().contains("S3cret"));
    }
}
