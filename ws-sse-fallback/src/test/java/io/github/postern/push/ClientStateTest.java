package io.github.postern.push;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.postern.push.ClientEnd.Phase;
import io.github.postern.push.ClientState.Taken;
import io.github.postern.ws.connection.CloseInfo.Initiator;
import io.github.postern.ws.connection.Message;
import io.github.postern.ws.core.CloseStatus;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the client decides: PROTOCOL.md §4 to §9. */
class ClientStateTest {
    private static final long SECOND = 1_000_000_000L;
    private static final String TERMS = "&public=p&heartbeat=25000&expiry=120000&max=65536&body=262144";
    private static final AttachAnswer CURRENT = new AttachAnswer.Current();
    private static final CloseStatus DONE = CloseStatus.of(4000, "done");

    private final ClientState state = new ClientState(
            new Submission(new ReplayLog(1_000, 1_000_000)),
            new Reception(new Inbox(1_000, 100_000)),
            PushTransport.WEBSOCKET);

    private static StreamRecord greeting(long position, String parameters) {
        return new StreamRecord(StreamRecord.ATTACHED, Long.toString(position), parameters + TERMS);
    }

    private void open() {
        open(PushTransport.WEBSOCKET);
    }

    private void open(PushTransport transport) {
        var hello = state.hello(transport, 0);
        assertEquals(CURRENT, state.attached(hello, greeting(0, "session=S&epoch=1&received=0")));
    }

    private void attachAgain(PushTransport transport, long received) {
        answer(state.hello(transport, 0), received);
    }

    private void answer(Hello hello, long received) {
        assertEquals(CURRENT, attached(hello, received));
    }

    private AttachAnswer attached(Hello hello, long received) {
        return state.attached(hello, greeting(hello.position(), "epoch=" + hello.epoch() + "&received=" + received));
    }

    @Test
    void an_application_that_has_closed_holds_up_nothing_and_is_kept_what_fits_without_a_gap() {
        open();
        for (int n = 1; n <= 2_000; n++) {
            assertEquals(ClientState.Taken.NEW, state.take(n, new Message.Text("m" + n), 1, 0));
        }
        assertTrue(state.reception().isOverfull());
        state.close(DONE);
        assertFalse(state.reception().isOverfull());
        assertEquals(ClientState.Taken.NEW, state.take(2_001, new Message.Text("dropped"), 1, 0));
        for (int n = 1; n <= 2_000; n++) {
            assertEquals(new Message.Text("m" + n), state.reception().next());
        }
        assertEquals(ClientState.Taken.NEW, state.take(2_002, new Message.Text("behind it"), 1, 0));
        assertNull(state.reception().next());
    }

    private Hello hello() {
        return state.hello(PushTransport.SSE, 0);
    }

    private void send(String text) {
        state.submission().append(new Message.Text(text), text.length());
    }

    private Taken take(long number, long now) {
        return state.take(number, new Message.Text("m" + number), 2, now);
    }

    private Post post() {
        return Objects.requireNonNull(state.nextPost(0));
    }

    private static List<Long> numbers(Post post) {
        return post.entries().stream().map(ReplayLog.Entry::number).toList();
    }

    // attaching, §4 and §5

    @Test
    void opens_a_session_by_attaching_without_a_secret() {
        var hello = hello();
        assertEquals(new Hello(1, null, 0), hello);
        assertEquals(Phase.OPENING, state.phase());
        assertEquals(CURRENT, state.attached(hello, greeting(0, "session=S&epoch=1&received=0")));
        assertEquals(Phase.OPEN, state.phase());
        assertEquals("p", Objects.requireNonNull(state.terms()).id());
    }

    @Test
    void raises_the_epoch_and_tells_its_position_with_each_attach() {
        open();
        take(1, 0);
        take(2, 0);
        assertEquals(new Hello(2, "S", 2), hello());
        assertEquals(new Hello(3, "S", 2), hello());
    }

    @Test
    void continues_a_session_whose_secret_only_a_response_head_has_told() {
        assertTrue(state.opened(hello(), "S"));
        var second = hello();
        assertEquals(new Hello(2, "S", 0), second);
        answer(second, 0);
        assertEquals(Phase.OPEN, state.phase());
    }

    @Test
    void does_not_exchange_its_secret_for_another() {
        var slow = hello();
        var fast = hello();
        assertEquals(CURRENT, state.attached(fast, greeting(0, "session=S&epoch=2&received=0")));
        assertFalse(state.opened(slow, "other"));
        assertEquals(
                new AttachAnswer.Stray("other"), state.attached(slow, greeting(0, "session=other&epoch=1&received=0")));
        assertEquals("S", hello().session());
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "session=S&epoch=2&received=0", "session=S&received=0", "session=S&epoch=1",
                        "session=S&epoch=1&received=1",
                "session=S&epoch=1&received=-1", "epoch=1&received=0", "session=a%20b&epoch=1&received=0", "%"
            })
    void does_not_accept_a_greeting_that_is_not_the_answer(String parameters) {
        assertInstanceOf(AttachAnswer.Fault.class, state.attached(hello(), greeting(0, parameters)));
        assertEquals(Phase.OPENING, state.phase());
    }

    @Test
    void does_not_accept_a_greeting_for_another_position() {
        open();
        take(1, 0);
        assertInstanceOf(AttachAnswer.Fault.class, state.attached(hello(), greeting(0, "epoch=2&received=0")));
    }

    @Test
    void does_not_accept_a_server_that_has_lost_what_it_had_acknowledged() {
        open();
        send("a");
        assertTrue(state.acknowledged(1));
        assertInstanceOf(AttachAnswer.Fault.class, attached(hello(), 0));
    }

    // from the server, §5

    @Test
    void takes_each_number_once_and_none_that_is_too_high() {
        open();
        assertEquals(Taken.GAP, take(2, 0));
        assertEquals(Taken.NEW, take(1, 0));
        assertEquals(Taken.KNOWN, take(1, 0));
        assertEquals(Taken.NEW, take(2, 0));
        assertEquals(Taken.KNOWN, take(1, 0));
        assertEquals(new Message.Text("m1"), state.reception().next());
        assertEquals(new Message.Text("m2"), state.reception().next());
        assertNull(state.reception().next());
    }

    // acknowledging, §6 and §8

    @Test
    void acknowledges_on_a_websocket_a_second_after_the_oldest_message() {
        open();
        take(1, 10);
        take(2, 20);
        assertNull(state.nextFrames(9 + SECOND));
        assertEquals(1, state.ackDueIn(9 + SECOND));
        assertEquals(2, Objects.requireNonNull(state.nextFrames(10 + SECOND)).ack());
        assertNull(state.nextFrames(10 * SECOND), "never without something new");
        assertEquals(Reception.NOT_DUE, state.ackDueIn(10 * SECOND));
    }

    @Test
    void acknowledges_on_a_websocket_at_the_250th_message() {
        open();
        for (int n = 1; n < 250; n++) {
            take(n, 0);
        }
        assertNull(state.nextFrames(0));
        take(250, 0);
        assertEquals(250, Objects.requireNonNull(state.nextFrames(0)).ack());
    }

    @Test
    void acknowledges_on_a_stream_five_seconds_after_the_oldest_message() {
        open(PushTransport.SSE);
        take(1, 0);
        assertNull(state.nextPost(5 * SECOND - 1));
        var post = Objects.requireNonNull(state.nextPost(5 * SECOND));
        assertEquals(1, post.position());
        assertEquals(0, post.count());
        assertTrue(state.answered(post, 0));
        assertNull(state.nextPost(50 * SECOND));
    }

    @Test
    void every_post_acknowledges_on_a_stream() {
        open(PushTransport.SSE);
        take(1, 0);
        send("a");
        assertEquals(1, post().position());
    }

    @Test
    void repeats_an_acknowledgement_that_got_no_answer() {
        open(PushTransport.SSE);
        take(1, 0);
        assertNotNull(state.nextPost(5 * SECOND));
        assertEquals(1, Objects.requireNonNull(state.nextPost(5 * SECOND)).position());
    }

    @Test
    void leaves_acknowledging_to_the_polls() {
        open(PushTransport.LONG_POLLING);
        take(1, 0);
        assertNull(state.nextPost(50 * SECOND));
        assertEquals(Reception.NOT_DUE, state.ackDueIn(0));
        send("a");
        assertEquals(Batch.NO_ACK, Objects.requireNonNull(state.nextPost(0)).position());
        assertEquals(new Hello(1, "S", 1), state.nextPoll(new Hello(1, "S", 0), 9 * SECOND));
    }

    @Test
    void withholds_acknowledgements_while_the_application_does_not_keep_up() {
        open();
        for (int n = 1; n <= 1_000; n++) {
            take(n, 0);
        }
        assertNull(state.nextFrames(9 * SECOND));
        assertEquals(Reception.NOT_DUE, state.ackDueIn(9 * SECOND));
        assertEquals(new Hello(1, "S", 0), state.nextPoll(new Hello(1, "S", 0), 9 * SECOND));
        assertNotNull(state.reception().next());
        assertEquals(new Hello(1, "S", 1_000), state.nextPoll(new Hello(1, "S", 0), 9 * SECOND));
    }

    // to the server, §7 and §8

    @Test
    void posts_nothing_before_there_is_a_session() {
        assertNull(state.nextPost(0));
        assertTrue(state.opened(hello(), "S"));
        assertNull(state.nextPost(0));
    }

    @Test
    void repeats_a_post_without_an_answer_and_what_has_gathered_meanwhile() {
        open(PushTransport.SSE);
        send("a");
        assertEquals(List.of(1L), numbers(post()));
        send("b");
        var second = post();
        assertEquals(List.of(1L, 2L), numbers(second));
        assertEquals(1, second.sequence());
        assertTrue(state.answered(second, 2));
        assertNull(state.nextPost(0));
    }

    @Test
    void posts_on_after_what_an_attachment_has_told() {
        open(PushTransport.SSE);
        send("a");
        send("b");
        assertNotNull(post());
        attachAgain(PushTransport.SSE, 1);
        var post = post();
        assertEquals(List.of(2L), numbers(post));
        assertEquals(2, post.epoch());
    }

    @Test
    void writes_the_same_to_a_websocket_until_it_is_acknowledged() {
        open();
        send("a");
        send("b");
        assertEquals(
                1,
                Objects.requireNonNull(
                                Objects.requireNonNull(state.nextFrames(0)).entry())
                        .number());
        attachAgain(PushTransport.WEBSOCKET, 0);
        assertEquals(
                1,
                Objects.requireNonNull(
                                Objects.requireNonNull(state.nextFrames(0)).entry())
                        .number());
        assertEquals(
                2,
                Objects.requireNonNull(
                                Objects.requireNonNull(state.nextFrames(0)).entry())
                        .number());
        assertNull(state.nextFrames(0));
    }

    @Test
    void does_not_accept_an_acknowledgement_of_what_was_not_sent() {
        open();
        send("a");
        assertFalse(state.acknowledged(2));
        assertTrue(state.acknowledged(1));
    }

    @Test
    void answers_pings_and_gives_up_on_a_flood_of_them() {
        open();
        assertTrue(state.ping("a"));
        assertTrue(state.ping("b"));
        assertEquals(
                List.of("a", "b"), Objects.requireNonNull(state.nextFrames(0)).pongs());
        for (int i = 0; i < 16; i++) {
            assertTrue(state.ping("x"));
        }
        assertFalse(state.ping("x"));
    }

    // closing, §9

    @Test
    void closes_behind_the_last_message() {
        open(PushTransport.SSE);
        send("a");
        state.close(DONE);
        assertEquals(Phase.CLOSING, state.phase());
        var post = post();
        assertEquals(new Batch.Close(2, DONE), post.close());
        assertEquals(List.of(1L), numbers(post));
        assertTrue(state.answered(post, 2));
        var info = Objects.requireNonNull(state.ending());
        assertEquals(DONE, info.status());
        assertEquals(Initiator.LOCAL, info.initiator());
        assertTrue(info.clean());
    }

    @Test
    void closes_only_when_the_last_message_fits_too() {
        open(PushTransport.SSE);
        for (int i = 0; i < 5; i++) {
            send("a".repeat(60_000));
        }
        state.close(DONE);
        var first = post();
        assertEquals(List.of(1L, 2L, 3L, 4L), numbers(first));
        assertNull(first.close());
        assertTrue(state.answered(first, 4));
        assertNotNull(post().close());
    }

    @Test
    void repeats_a_close_on_the_next_websocket() {
        open();
        state.close(DONE);
        assertNotNull(Objects.requireNonNull(state.nextFrames(0)).close());
        assertNull(state.nextFrames(0));
        attachAgain(PushTransport.WEBSOCKET, 0);
        assertNotNull(Objects.requireNonNull(state.nextFrames(0)).close());
    }

    @Test
    void a_position_told_at_attach_confirms_the_close() {
        open(PushTransport.SSE);
        state.close(DONE);
        assertNotNull(post());
        attachAgain(PushTransport.SSE, 1);
        assertEquals(Phase.OVER, state.phase());
        assertTrue(Objects.requireNonNull(state.ending()).clean());
    }

    @Test
    void the_servers_answer_to_a_close_may_bear_any_number() {
        open();
        state.close(DONE);
        assertNotNull(state.nextFrames(0));
        assertEquals(Taken.NEW, state.peerClosed(99, Numbers.MALFORMED, DONE));
        assertEquals(Phase.OVER, state.phase());
        assertEquals(Initiator.LOCAL, Objects.requireNonNull(state.ending()).initiator());
        assertEquals(Batch.NO_ACK, state.takeOwedAck());
    }

    @Test
    void where_the_closes_cross_the_servers_position_tells_what_it_has() {
        open();
        send("a");
        send("b");
        state.close(DONE);
        assertEquals(Taken.NEW, state.peerClosed(1, 1, DONE));
        assertEquals(1, state.unconfirmed(), "the server closed before b came, with the same code by chance");
    }

    @Test
    void the_answer_to_a_close_confirms_what_was_sent_before() {
        open();
        send("a");
        send("b");
        state.close(DONE);
        assertEquals(Taken.NEW, state.peerClosed(1, 3, DONE));
        assertEquals(0, state.unconfirmed());
    }

    @Test
    void a_position_in_a_close_that_cannot_be_confirms_nothing() {
        open();
        send("a");
        state.close(DONE);
        assertEquals(Taken.NEW, state.peerClosed(1, 3, DONE));
        assertEquals(1, state.unconfirmed());
    }

    @Test
    void the_servers_close_is_acknowledged_once() {
        open();
        take(1, 0);
        assertEquals(Taken.NEW, state.peerClosed(2, Numbers.MALFORMED, DONE));
        var info = Objects.requireNonNull(state.ending());
        assertEquals(DONE, info.status());
        assertEquals(Initiator.REMOTE, info.initiator());
        assertTrue(info.clean());
        assertEquals(2, Objects.requireNonNull(state.finalPost()).position());
        assertNull(state.finalPost());
        assertEquals(new Message.Text("m1"), state.reception().next(), "what came before the end stays receivable");
    }

    @Test
    void the_servers_close_does_not_overtake_its_messages() {
        open();
        assertEquals(Taken.GAP, state.peerClosed(2, Numbers.MALFORMED, DONE));
        assertEquals(Phase.OPEN, state.phase());
    }

    @Test
    void a_close_that_crosses_the_servers_is_acknowledged_if_it_was_not_written() {
        open();
        take(1, 0);
        state.close(DONE);
        assertEquals(Taken.NEW, state.peerClosed(2, Numbers.MALFORMED, CloseStatus.GOING_AWAY));
        assertEquals(2, state.takeOwedAck());
        assertEquals(
                CloseStatus.GOING_AWAY, Objects.requireNonNull(state.ending()).status());
    }

    @Test
    void a_session_that_is_gone_ended_as_the_server_says() {
        open();
        state.gone(SessionCodes.UNKNOWN);
        var info = Objects.requireNonNull(state.ending());
        assertEquals(SessionCodes.UNKNOWN, info.status());
        assertFalse(info.clean());
    }

    @Test
    void a_session_that_is_gone_confirms_the_close() {
        open();
        state.close(DONE);
        state.gone(SessionCodes.UNKNOWN);
        var info = Objects.requireNonNull(state.ending());
        assertEquals(DONE, info.status());
        assertTrue(info.clean());
    }

    @Test
    void ends_only_once() {
        open();
        state.gone(DONE);
        var first = state.ending();
        state.gone(SessionCodes.UNKNOWN);
        state.close(DONE);
        assertEquals(first, state.ending());
    }

    // moving, §5: make before break

    @Test
    void goes_on_with_what_carries_it_until_the_next_attach_is_answered() {
        open();
        var hello = state.hello(PushTransport.SSE, 0);
        send("a");
        assertTrue(state.epochs().carries(1));
        assertEquals(Taken.NEW, take(1, 0));
        assertNotNull(Objects.requireNonNull(state.nextFrames(0)).entry());
        answer(hello, 1);
        assertFalse(state.epochs().carries(1));
        assertEquals(PushTransport.SSE, state.epochs().transport());
        assertEquals(0, post().count(), "the server had it already");
    }

    @Test
    void repeats_on_the_next_attachment_what_the_old_one_did_not_bring() {
        open();
        send("a");
        send("b");
        state.nextFrames(0);
        var hello = state.hello(PushTransport.WEBSOCKET, 0);
        state.nextFrames(0); // too late: the server has left that WebSocket
        answer(hello, 1);
        var entry = Objects.requireNonNull(state.nextFrames(0)).entry();
        assertEquals(2, Objects.requireNonNull(entry).number());
    }

    @Test
    void acknowledges_nothing_above_the_position_of_an_attach_under_way() {
        open();
        var hello = state.hello(PushTransport.SSE, 0);
        for (int n = 1; n <= 250; n++) {
            take(n, 0);
        }
        assertNull(state.nextFrames(ClientEpochs.WITHHOLD_NANOS - 1));
        assertEquals(1, state.ackDueIn(ClientEpochs.WITHHOLD_NANOS - 1));
        assertEquals(
                250,
                Objects.requireNonNull(state.nextFrames(ClientEpochs.WITHHOLD_NANOS))
                        .ack());
        assertTrue(state.isOvertaken(hello));
    }

    @Test
    void acknowledges_anew_what_came_while_the_attach_was_under_way() {
        open(PushTransport.SSE);
        var hello = state.hello(PushTransport.WEBSOCKET, 0);
        take(1, 0);
        assertEquals(new Hello(1, "S", 0), state.nextPoll(new Hello(1, "S", 0), 0));
        answer(hello, 0);
        assertEquals(1, Objects.requireNonNull(state.nextFrames(0)).ack());
    }

    @Test
    void a_poll_that_the_session_has_left_acknowledges_nothing() {
        open(PushTransport.LONG_POLLING);
        answer(state.hello(PushTransport.WEBSOCKET, 0), 0);
        take(1, 0);
        assertEquals(new Hello(1, "S", 0), state.nextPoll(new Hello(1, "S", 0), 0));
        state.reception().hurry();
        assertEquals(1, Objects.requireNonNull(state.nextFrames(0)).ack(), "the server has not been told");
    }

    @Test
    void an_attach_that_failed_holds_nothing_back() {
        open();
        var hello = state.hello(PushTransport.SSE, 0);
        for (int n = 1; n <= 250; n++) {
            take(n, 0);
        }
        state.left(hello);
        assertEquals(250, Objects.requireNonNull(state.nextFrames(0)).ack());
        assertTrue(state.epochs().carries(1));
    }

    @Test
    void an_answer_that_a_newer_one_has_overtaken_is_late() {
        open();
        var slow = hello();
        answer(hello(), 0);
        assertEquals(new AttachAnswer.Late(), attached(slow, 0));
    }

    @Test
    void posts_nothing_while_a_websocket_carries_it() {
        open(PushTransport.SSE);
        attachAgain(PushTransport.WEBSOCKET, 0);
        send("a");
        assertNull(state.nextPost(0));
    }

    @Test
    void posts_in_the_next_epoch_when_its_own_attach_has_fenced_the_old() {
        open(PushTransport.SSE);
        send("a");
        var first = post();
        hello();
        assertEquals(1, post().epoch());
        assertTrue(state.epochs().fence(first.epoch()));
        assertEquals(2, post().epoch());
        assertFalse(state.epochs().fence(2), "by nobody");
        assertNull(state.nextPost(0));
    }

    // draining, §9

    @Test
    void hands_over_what_was_sent_before_it_acknowledges_that_the_server_stops() {
        open();
        send("a");
        state.nextFrames(0);
        assertEquals(Taken.DRAINING, state.peerClosed(1, Numbers.MALFORMED, CloseStatus.GOING_AWAY));
        assertEquals(Phase.DRAINING, state.phase());
        assertEquals(Batch.NO_ACK, state.takeOwedAck());
        assertEquals(1, state.unconfirmed());
        assertTrue(state.acknowledged(1));
        assertEquals(Phase.OVER, state.phase());
        assertEquals(1, state.takeOwedAck());
        assertEquals(0, state.unconfirmed());
        var info = Objects.requireNonNull(state.ending());
        assertEquals(CloseStatus.GOING_AWAY, info.status());
        assertEquals(Initiator.REMOTE, info.initiator());
    }

    @Test
    void does_not_wait_where_everything_is_confirmed_or_the_server_does_not_stop() {
        open();
        send("a");
        assertEquals(Taken.NEW, state.peerClosed(1, Numbers.MALFORMED, DONE));
        assertEquals(Phase.OVER, state.phase());
        assertEquals(1, state.unconfirmed());
    }

    @Test
    void tells_what_was_not_confirmed_in_time() {
        open();
        send("a");
        send("b");
        assertEquals(Taken.DRAINING, state.peerClosed(1, Numbers.MALFORMED, CloseStatus.GOING_AWAY));
        assertTrue(state.acknowledged(1));
        state.endDrain();
        assertEquals(Phase.OVER, state.phase());
        assertEquals(1, state.unconfirmed());
    }

    // tokens

    @Test
    void sends_a_new_token_once_and_not_where_the_attach_has_carried_it() {
        open();
        state.renew("t2");
        assertEquals("t2", Objects.requireNonNull(state.nextFrames(0)).token());
        assertNull(state.nextFrames(0));
        state.renew("t3");
        attachAgain(PushTransport.SSE, 0);
        assertNull(state.nextPost(0));
        state.renew("t4");
        assertEquals(0, post().count());
        assertNull(state.nextPost(0));
    }
}
