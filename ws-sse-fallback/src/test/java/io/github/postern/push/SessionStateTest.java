package io.github.postern.push;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.postern.push.SessionEnd.Phase;
import io.github.postern.push.SessionState.Tick;
import io.github.postern.ws.connection.CloseInfo;
import io.github.postern.ws.connection.CloseInfo.Initiator;
import io.github.postern.ws.connection.Message;
import io.github.postern.ws.core.CloseStatus;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** PROTOCOL.md §4, §5, §8 to §11 as decisions, without a network. The clock is an argument. */
class SessionStateTest {
    private static final long SECOND = 1_000_000_000L;
    private static final SessionState.Timing TIMING = new SessionState.Timing(25 * SECOND, 20 * SECOND, 120 * SECOND);
    private static final PushLimits LIMITS =
            PushLimits.defaults().withUnacknowledged(3, 100).withUnreceived(3, 100);
    private static final Carrier CARRIER = new Carrier() {
        @Override
        public void wake() {}

        @Override
        public void cut() {}
    };

    private final SessionState state =
            new SessionState(SessionKind.POSTERN, LIMITS, ReplayBudget.unlimited(), TIMING, 0);

    private Attachment attach(long epoch, PushTransport transport, long position) {
        return attach(state, epoch, transport, position);
    }

    private static Attachment attach(SessionState state, long epoch, PushTransport transport, long position) {
        return assertInstanceOf(AttachResult.Taken.class, state.attach(epoch, transport, position, CARRIER, 0))
                .attachment();
    }

    private static void send(SessionState state, String text) {
        assertTrue(state.offer(message(text, text.length())));
    }

    private static Outgoing message(String text, int bytes) {
        return new SingleMessage(new Message.Text(text), bytes);
    }

    private static List<Long> numbers(Batch batch) {
        return batch.entries().stream().map(ReplayLog.Entry::number).toList();
    }

    @ParameterizedTest
    @EnumSource(
            value = PushTransport.class,
            names = {"WEBSOCKET", "SSE"})
    void an_acknowledgement_of_what_a_former_attachment_brought_leaves_no_number_out(PushTransport transport) {
        send(state, "a");
        send(state, "b");
        send(state, "c");
        write(state, attach(1, PushTransport.SSE, 0));
        var next = attach(2, transport, 0);
        assertTrue(state.acknowledge(3, 0));
        assertEquals(0, state.forgotten());
        assertEquals(List.of(1L, 2L, 3L), numbers(write(state, next)));
        assertNull(state.take(next));
        assertEquals(3, state.forgotten());
    }

    /** Takes and writes what there is. */
    private static Batch write(SessionState state, Attachment attachment) {
        var batch = state.take(attachment);
        assertNotNull(batch);
        state.written(attachment, batch, 0);
        return batch;
    }

    @Test
    void a_session_expires_when_nothing_carries_it() {
        assertEquals(Tick.NOTHING, state.tick(120 * SECOND - 1));
        assertEquals(Tick.EXPIRED, state.tick(120 * SECOND));
        var ending = state.ending();
        assertNotNull(ending);
        assertEquals(4408, ending.status().code());
        assertEquals(Initiator.NETWORK, ending.initiator());
        assertEquals(Tick.NOTHING, state.tick(240 * SECOND - 1));
        assertEquals(Tick.FORGOTTEN, state.tick(240 * SECOND));
    }

    @Test
    void an_attachment_keeps_a_session_alive() {
        var stream = attach(1, PushTransport.SSE, 0);
        assertEquals(Tick.WAKE, state.tick(1_000 * SECOND));
        state.detach(stream, 1_000 * SECOND);
        assertEquals(Tick.NOTHING, state.tick(1_120 * SECOND - 1));
        assertEquals(Tick.EXPIRED, state.tick(1_120 * SECOND));
    }

    @Test
    void the_client_of_an_expired_session_is_told_so() {
        assertEquals(Tick.EXPIRED, state.tick(120 * SECOND));
        var over =
                assertInstanceOf(AttachResult.Over.class, state.attach(2, PushTransport.SSE, 0, CARRIER, 121 * SECOND));
        assertEquals(SessionCodes.EXPIRED, over.close().status());
    }

    @ParameterizedTest
    @EnumSource(value = PushTransport.class)
    void an_equal_epoch_is_only_for_the_next_poll(PushTransport transport) {
        attach(7, transport, 0);
        for (var other : PushTransport.values()) {
            var again = state.attach(7, other, 0, CARRIER, 0);
            boolean next = transport.isSeries() && other == transport;
            assertEquals(next, again instanceof AttachResult.Taken, other.name());
            assertEquals(!next, again instanceof AttachResult.Fenced, other.name());
        }
        assertInstanceOf(AttachResult.Fenced.class, state.attach(6, transport, 0, CARRIER, 0));
    }

    @Test
    void a_superseded_attachment_gets_no_more_messages() {
        var old = attach(1, PushTransport.SSE, 0);
        write(state, old);
        send(state, "a");
        attach(2, PushTransport.SSE, 0);
        var last = state.take(old);
        assertNotNull(last);
        assertEquals(Attachment.Detach.SUPERSEDED, last.detach());
        assertTrue(last.entries().isEmpty() && last.end());
        assertNull(state.take(old));
    }

    @Test
    void each_attachment_continues_at_its_position() {
        send(state, "a");
        send(state, "b");
        send(state, "c");
        assertEquals(List.of(1L, 2L, 3L), numbers(write(state, attach(1, PushTransport.SSE, 0))));
        assertEquals(List.of(3L), numbers(write(state, attach(2, PushTransport.SSE, 2))));
        assertInstanceOf(AttachResult.BadPosition.class, state.attach(3, PushTransport.SSE, 1, CARRIER, 0));
        assertInstanceOf(AttachResult.BadPosition.class, state.attach(3, PushTransport.SSE, 4, CARRIER, 0));
        assertEquals(List.of(), numbers(write(state, attach(3, PushTransport.SSE, 3))));
    }

    @Test
    void a_refused_attach_changes_nothing() {
        var stream = attach(5, PushTransport.SSE, 0);
        assertInstanceOf(AttachResult.BadPosition.class, state.attach(6, PushTransport.SSE, 1, CARRIER, 0));
        assertEquals(stream, state.current());
        assertEquals(5, state.epoch());
    }

    @Test
    void there_is_room_until_messages_or_bytes_are_unacknowledged() {
        send(state, "a");
        send(state, "b");
        assertFalse(state.offer(message("c", 99)));
        assertTrue(state.offer(message("c", 98)));
        assertFalse(state.offer(message("d", 0)));
        write(state, attach(1, PushTransport.SSE, 0));
        assertTrue(state.acknowledge(1, 0));
        assertTrue(state.offer(message("d", 1)));
        assertTrue(state.acknowledge(0, 0), "an old acknowledgement is no news");
        assertFalse(state.acknowledge(4, 0));
    }

    @Test
    void unwritten_bytes_count_each_message_once() {
        send(state, "aa");
        send(state, "bbb");
        assertEquals(5, state.unwrittenBytes());
        write(state, attach(1, PushTransport.SSE, 0));
        assertEquals(0, state.unwrittenBytes());
        write(state, attach(2, PushTransport.SSE, 0));
        assertEquals(0, state.unwrittenBytes());
        send(state, "c");
        assertEquals(1, state.unwrittenBytes());
    }

    @Test
    void a_bare_stream_forgets_the_oldest_that_was_written_but_nothing_else() {
        var bare = new SessionState(SessionKind.BARE_STREAM, LIMITS, ReplayBudget.unlimited(), TIMING, 0);
        send(bare, "1");
        send(bare, "2");
        send(bare, "3");
        assertFalse(bare.offer(message("4", 1)), "nothing was written");
        var stream = assertInstanceOf(AttachResult.Taken.class, bare.attachBare(PushTransport.SSE, 0, CARRIER, 0));
        write(bare, stream.attachment());
        send(bare, "4");
        var again = assertInstanceOf(AttachResult.Taken.class, bare.attachBare(PushTransport.SSE, 0, CARRIER, 0));
        var batch = write(bare, again.attachment());
        assertEquals(List.of(2L, 3L, 4L), numbers(batch));
        var lost = batch.lost();
        assertNotNull(lost);
        assertEquals("reason=overflow&from=1&to=1", lost.encode());
        assertInstanceOf(AttachResult.BadPosition.class, bare.attachBare(PushTransport.SSE, 5, CARRIER, 0));
    }

    @Test
    void a_stream_says_something_when_it_is_silent() {
        var stream = attach(1, PushTransport.SSE, 0);
        write(state, stream);
        assertEquals(Tick.NOTHING, state.tick(25 * SECOND - 1));
        assertNull(state.take(stream));
        assertEquals(Tick.WAKE, state.tick(25 * SECOND));
        assertTrue(write(state, stream).heartbeat());
    }

    @Test
    void a_hanging_poll_ends_when_its_time_comes() {
        write(state, attach(1, PushTransport.LONG_POLLING, 0));
        var poll = attach(1, PushTransport.LONG_POLLING, 0);
        assertNull(state.take(poll));
        assertEquals(Tick.NOTHING, state.tick(20 * SECOND - 1));
        assertEquals(Tick.WAKE, state.tick(20 * SECOND));
        var nothingAndTheEnd = new Batch(false, null, Batch.NO_ACK, List.of(), null, null, false, true);
        assertEquals(nothingAndTheEnd, write(state, poll));
        assertNull(state.current());
    }

    @Test
    void acknowledgements_on_a_websocket_wait_a_second_and_for_the_application() {
        var socket = attach(1, PushTransport.WEBSOCKET, 0);
        write(state, socket);
        assertTrue(state.deliver(socket, new Message.Text("a"), 1, 5 * SECOND));
        assertTrue(state.deliver(socket, new Message.Text("b"), 1, 5 * SECOND));
        assertEquals(Tick.NOTHING, state.tick(6 * SECOND - 1));
        assertEquals(Tick.WAKE, state.tick(6 * SECOND));
        assertTrue(state.deliver(socket, new Message.Text("c"), 1, 6 * SECOND));
        assertEquals(Tick.NOTHING, state.tick(7 * SECOND), "the application does not keep up");
        assertNotNull(state.nextReceived());
        assertTrue(state.wantsAck());
        assertEquals(3, write(state, socket).ack());
        assertNull(state.take(socket));
    }

    @Test
    void a_websocket_is_not_read_at_twice_the_limit() {
        var socket = attach(1, PushTransport.WEBSOCKET, 0);
        for (int n = 1; n <= 6; n++) {
            assertFalse(state.isOverfull(), "before message " + n);
            assertTrue(state.deliver(socket, new Message.Text("m"), 1, 0));
        }
        assertTrue(state.isOverfull());
    }

    @Test
    void a_post_waits_for_the_application_but_its_acknowledgement_does_not() {
        send(state, "down");
        write(state, attach(1, PushTransport.POLLING, 0));
        var three = List.of(item("1"), item("2"), item("3"));
        assertEquals(Upstream.Result.TAKEN, state.post(new Upstream(1, 1, 0, three, null), 0));
        var fourth = new Upstream(1, 4, 1, List.of(item("4")), null);
        assertEquals(Upstream.Result.FULL, state.post(fourth, 0));
        assertEquals(List.of(), numbers(write(state, attach(1, PushTransport.POLLING, 1))), "1 is acknowledged");
        assertNotNull(state.nextReceived());
        assertEquals(Upstream.Result.TAKEN, state.post(fourth, 0));
    }

    private static Upstream.Item item(String text) {
        return new Upstream.Item(new Message.Text(text), text.length());
    }

    @Test
    void a_close_takes_the_next_number_and_is_over_when_that_is_acknowledged() {
        var stream = attach(1, PushTransport.SSE, 0);
        send(state, "a");
        state.close(CloseStatus.NORMAL);
        var batch = write(state, stream);
        assertEquals(new Batch.Close(2, CloseStatus.NORMAL, 0), batch.close());
        assertTrue(batch.end());
        assertEquals(Phase.CLOSING, state.phase());
        assertTrue(state.acknowledge(1, 0));
        assertEquals(Phase.CLOSING, state.phase());
        assertTrue(state.acknowledge(2, 0));
        assertEquals(Phase.OVER, state.phase());
    }

    @Test
    void what_was_not_acknowledged_is_repeated_while_closing() {
        send(state, "a");
        state.close(CloseStatus.NORMAL);
        for (long epoch = 1; epoch <= 2; epoch++) {
            var batch = write(state, attach(epoch, PushTransport.SSE, 0));
            assertEquals(List.of(1L), numbers(batch));
            assertNotNull(batch.close());
        }
        var over = state.attach(3, PushTransport.SSE, 2, CARRIER, 0);
        assertInstanceOf(AttachResult.Over.class, over, "the position acknowledges the close");
    }

    @Test
    void a_closing_session_still_takes_messages_but_never_waits_for_the_application() {
        attach(1, PushTransport.POLLING, 0);
        state.close(CloseStatus.NORMAL);
        var items = List.of(item("1"), item("2"), item("3"), item("4"));
        assertEquals(Upstream.Result.TAKEN, state.post(new Upstream(1, 1, 0, items, null), 0));
        assertEquals(4, state.received());
    }

    @Test
    void a_poll_is_expected_only_while_it_could_tell_the_end() {
        write(state, attach(1, PushTransport.POLLING, 0));
        assertFalse(state.expectsPoll(SECOND, 2 * SECOND), "it is not closing");
        state.close(CloseStatus.GOING_AWAY);
        assertTrue(state.expectsPoll(2 * SECOND - 1, 2 * SECOND));
        assertFalse(state.expectsPoll(2 * SECOND, 2 * SECOND), "the client has stayed away");
        write(state, attach(1, PushTransport.POLLING, 0));
        assertFalse(state.expectsPoll(SECOND, 2 * SECOND), "it was told");
    }

    @Test
    void a_client_that_has_closed_is_not_expected() {
        write(state, attach(1, PushTransport.POLLING, 0));
        assertEquals(Upstream.Result.TAKEN, state.post(new Upstream(1, 1, 0, List.of(), CloseStatus.NORMAL), 0));
        assertFalse(state.expectsPoll(0, SECOND));
    }

    @Test
    void both_sides_may_close_at_once() {
        attach(1, PushTransport.SSE, 0);
        state.close(CloseStatus.GOING_AWAY);
        var close = new Upstream(1, 1, 0, List.of(), CloseStatus.NORMAL);
        assertEquals(Upstream.Result.TAKEN, state.post(close, 0));
        var ending = state.ending();
        assertNotNull(ending);
        assertEquals(CloseStatus.NORMAL, ending.received());
        assertEquals(CloseStatus.GOING_AWAY, ending.sent());
        assertEquals(Initiator.LOCAL, ending.initiator());
        assertEquals(Upstream.Result.NOTHING_NEW, state.post(close, 0));
    }

    @Test
    void a_large_backlog_goes_out_in_several_batches() {
        var limits = PushLimits.defaults();
        var large = new SessionState(SessionKind.POSTERN, limits, ReplayBudget.unlimited(), TIMING, 0);
        for (int i = 0; i < 10; i++) {
            assertTrue(large.offer(message("x", 10_000)));
        }
        var stream = attach(large, 1, PushTransport.SSE, 0);
        assertEquals(List.of(1L, 2L, 3L, 4L), numbers(write(large, stream)));
        assertEquals(List.of(5L, 6L, 7L, 8L), numbers(write(large, stream)));
        var poll = attach(large, 2, PushTransport.POLLING, 0);
        assertEquals(10, write(large, poll).entries().size(), "but a poll brings all");
    }

    @Test
    void a_stream_rotates_between_two_records_when_its_time_has_come() {
        var stream = attach(1, PushTransport.SSE, 0);
        stream.rotation = 10 * SECOND;
        write(state, stream);
        assertEquals(Tick.NOTHING, state.tick(10 * SECOND - 1));
        assertNull(state.take(stream));
        assertEquals(Tick.WAKE, state.tick(10 * SECOND));
        send(state, "a");
        var last = write(state, stream);
        assertEquals(Attachment.Detach.ROTATE, last.detach());
        assertTrue(last.end() && last.entries().isEmpty());
        assertNull(state.current());
        assertEquals(List.of(1L), numbers(write(state, attach(2, PushTransport.SSE, 0))));
    }

    @Test
    void a_stream_that_tells_of_the_end_does_not_rotate() {
        var stream = attach(1, PushTransport.SSE, 0);
        stream.rotation = SECOND;
        state.close(CloseStatus.NORMAL);
        assertEquals(Tick.NOTHING, state.tick(SECOND));
        assertNull(write(state, stream).detach());
    }

    @Test
    void a_move_ends_a_response_and_leaves_a_websocket_open() {
        var stream = attach(1, PushTransport.SSE, 0);
        write(state, stream);
        state.move();
        assertEquals(Attachment.Detach.MOVE, write(state, stream).detach());
        assertNull(state.current());
        var socket = attach(2, PushTransport.WEBSOCKET, 0);
        write(state, socket);
        state.move();
        var asking = write(state, socket);
        assertEquals(Attachment.Detach.MOVE, asking.detach());
        assertFalse(asking.end());
        assertEquals(socket, state.current());
        send(state, "a");
        assertEquals(List.of(1L), numbers(write(state, socket)), "until the client has attached anew");
    }

    @ParameterizedTest
    @EnumSource(
            value = PushTransport.class,
            names = {"LONG_POLLING", "POLLING"})
    void a_move_while_a_poll_is_being_answered_ends_the_next_one(PushTransport transport) {
        var first = attach(1, transport, 0);
        var answer = state.take(first);
        assertNotNull(answer);
        state.move();
        state.written(first, answer, 0);
        send(state, "a");
        assertEquals(
                Attachment.Detach.MOVE, write(state, attach(1, transport, 0)).detach());
        var anew = write(state, attach(2, transport, 0));
        assertNull(anew.detach());
        assertEquals(List.of(1L), numbers(anew), "nothing was lost with it");
        send(state, "b");
        assertNull(write(state, attach(2, transport, 1)).detach(), "it was asked once");
    }

    @Test
    void a_server_that_stops_takes_in_what_its_client_had_sent() {
        var socket = attach(1, PushTransport.WEBSOCKET, 0);
        write(state, socket);
        state.goAway();
        assertTrue(write(state, socket).end());
        for (int i = 0; i < 3; i++) {
            assertTrue(state.deliver(socket, new Message.Text("a"), 1, 0));
        }
        assertEquals(Batch.NO_ACK, state.handOverAck(socket), "the application does not keep up");
        assertEquals(new Message.Text("a"), state.nextReceived());
        assertEquals(3, state.handOverAck(socket), "at once, since the client waits for it");
        assertEquals(Batch.NO_ACK, state.handOverAck(socket));
        assertTrue(state.acknowledge(1, 0));
        assertEquals(Phase.OVER, state.phase());
    }

    @Test
    void a_server_that_stops_takes_in_no_more_than_the_application_can() {
        attach(1, PushTransport.SSE, 0);
        state.goAway();
        var three = List.of(
                new Upstream.Item(new Message.Text("a"), 1),
                new Upstream.Item(new Message.Text("b"), 1),
                new Upstream.Item(new Message.Text("c"), 1));
        assertEquals(Upstream.Result.TAKEN, state.post(new Upstream(1, 1, Upstream.NO_POSITION, three, null), 0));
        assertEquals(Upstream.Result.FULL, state.post(new Upstream(1, 4, Upstream.NO_POSITION, three, null), 0));
        assertEquals(new Message.Text("a"), state.nextReceived());
    }

    @Test
    void tells_how_many_messages_the_client_had_not_confirmed() {
        var stream = attach(1, PushTransport.SSE, 0);
        send(state, "a");
        send(state, "b");
        state.take(stream);
        assertEquals(2, state.unconfirmed());
        assertTrue(state.acknowledge(1, 0));
        assertEquals(1, state.unconfirmed());
        state.goAway();
        state.end(new CloseInfo(CloseStatus.GOING_AWAY, Initiator.LOCAL, null, null, null), 0);
        assertEquals(1, state.unconfirmed());
    }

    @Test
    void waits_for_a_client_until_nothing_was_heard_of_it_for_long_enough() {
        var stream = attach(1, PushTransport.SSE, 0);
        assertTrue(state.mayHandOver(100 * SECOND, SECOND), "it has not been told");
        state.goAway();
        assertTrue(state.mayHandOver(100 * SECOND, SECOND), "it is attached");
        state.detach(stream, 100 * SECOND);
        assertTrue(state.mayHandOver(101 * SECOND - 1, SECOND));
        assertFalse(state.mayHandOver(101 * SECOND, SECOND));
        state.post(new Upstream(1, 0, 0, List.of(), null), 102 * SECOND);
        assertTrue(state.mayHandOver(103 * SECOND - 1, SECOND));
        assertFalse(state.mayHandOver(103 * SECOND, SECOND));
    }
}
