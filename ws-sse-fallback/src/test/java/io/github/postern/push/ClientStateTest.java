package io.github.postern.push;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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
    private static final CloseStatus DONE = CloseStatus.of(4000, "done");

    private final ClientState state =
            new ClientState(new Submission(new ReplayLog(1_000, 1_000_000)), new Reception(new Inbox(1_000, 100_000)));

    private static StreamRecord greeting(long position, String parameters) {
        return new StreamRecord(StreamRecord.ATTACHED, Long.toString(position), parameters + TERMS);
    }

    private void open() {
        state.hello();
        assertNull(state.attached(greeting(0, "session=S&epoch=1&received=0")));
    }

    private void attachAgain(long received) {
        var hello = state.hello();
        assertNull(state.attached(greeting(hello.position(), "epoch=" + hello.epoch() + "&received=" + received)));
    }

    private void send(String text) {
        state.submission().append(new Message.Text(text), text.length());
    }

    private Taken take(long number, long now) {
        return state.take(number, new Message.Text("m" + number), 2, now);
    }

    private Post post() {
        return Objects.requireNonNull(state.nextPost(true, 0));
    }

    private static List<Long> numbers(Post post) {
        return post.entries().stream().map(ReplayLog.Entry::number).toList();
    }

    // attaching, §4 and §5

    @Test
    void opens_a_session_by_attaching_without_a_secret() {
        assertEquals(new Hello(1, null, 0), state.hello());
        assertEquals(Phase.OPENING, state.phase());
        assertNull(state.attached(greeting(0, "session=S&epoch=1&received=0")));
        assertEquals(Phase.OPEN, state.phase());
        assertEquals("p", Objects.requireNonNull(state.terms()).id());
    }

    @Test
    void raises_the_epoch_and_tells_its_position_with_each_attach() {
        open();
        take(1, 0);
        take(2, 0);
        assertEquals(new Hello(2, "S", 2), state.hello());
        assertEquals(new Hello(3, "S", 2), state.hello());
    }

    @Test
    void continues_a_session_whose_secret_only_a_response_head_has_told() {
        state.hello();
        state.opened("S");
        assertEquals(new Hello(2, "S", 0), state.hello());
        assertNull(state.attached(greeting(0, "epoch=2&received=0")));
        assertEquals(Phase.OPEN, state.phase());
    }

    @Test
    void does_not_exchange_its_secret_for_another() {
        open();
        state.opened("other");
        assertEquals("S", state.hello().session());
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "session=S&epoch=2&received=0", "session=S&received=0", "session=S&epoch=1",
                        "session=S&epoch=1&received=1",
                "session=S&epoch=1&received=-1", "epoch=1&received=0", "session=a%20b&epoch=1&received=0", "%"
            })
    void does_not_accept_a_greeting_that_is_not_the_answer(String parameters) {
        state.hello();
        assertNotNull(state.attached(greeting(0, parameters)));
        assertEquals(Phase.OPENING, state.phase());
    }

    @Test
    void does_not_accept_a_greeting_for_another_position() {
        open();
        take(1, 0);
        state.hello();
        assertNotNull(state.attached(greeting(0, "epoch=2&received=0")));
    }

    @Test
    void does_not_accept_a_server_that_has_lost_what_it_had_acknowledged() {
        open();
        send("a");
        assertTrue(state.acknowledged(1));
        state.hello();
        assertNotNull(state.attached(greeting(0, "epoch=2&received=0")));
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
        assertEquals(1, state.ackDueIn(PushTransport.WEBSOCKET, 9 + SECOND));
        assertEquals(2, Objects.requireNonNull(state.nextFrames(10 + SECOND)).ack());
        assertNull(state.nextFrames(10 * SECOND), "never without something new");
        assertEquals(Reception.NOT_DUE, state.ackDueIn(PushTransport.WEBSOCKET, 10 * SECOND));
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
        open();
        take(1, 0);
        assertNull(state.nextPost(true, 5 * SECOND - 1));
        var post = Objects.requireNonNull(state.nextPost(true, 5 * SECOND));
        assertEquals(1, post.position());
        assertEquals(0, post.count());
        assertTrue(state.answered(post, 0));
        assertNull(state.nextPost(true, 50 * SECOND));
    }

    @Test
    void every_post_acknowledges_on_a_stream() {
        open();
        take(1, 0);
        send("a");
        assertEquals(1, post().position());
    }

    @Test
    void repeats_an_acknowledgement_that_got_no_answer() {
        open();
        take(1, 0);
        assertNotNull(state.nextPost(true, 5 * SECOND));
        assertEquals(1, Objects.requireNonNull(state.nextPost(true, 5 * SECOND)).position());
    }

    @Test
    void leaves_acknowledging_to_the_polls() {
        open();
        take(1, 0);
        assertNull(state.nextPost(false, 50 * SECOND));
        assertEquals(Reception.NOT_DUE, state.ackDueIn(PushTransport.LONG_POLLING, 0));
        send("a");
        assertEquals(
                Batch.NO_ACK, Objects.requireNonNull(state.nextPost(false, 0)).position());
        assertEquals(new Hello(1, "S", 1), state.nextPoll());
    }

    @Test
    void withholds_acknowledgements_while_the_application_does_not_keep_up() {
        open();
        for (int n = 1; n <= 1_000; n++) {
            take(n, 0);
        }
        assertNull(state.nextFrames(9 * SECOND));
        assertEquals(Reception.NOT_DUE, state.ackDueIn(PushTransport.WEBSOCKET, 9 * SECOND));
        assertEquals(new Hello(1, "S", 0), state.nextPoll());
        assertNotNull(state.reception().next());
        assertEquals(new Hello(1, "S", 1_000), state.nextPoll());
    }

    // to the server, §7 and §8

    @Test
    void posts_nothing_before_there_is_a_session() {
        assertNull(state.nextPost(true, 0));
        state.hello();
        state.opened("S");
        assertNull(state.nextPost(true, 0));
    }

    @Test
    void repeats_a_post_without_an_answer_and_what_has_gathered_meanwhile() {
        open();
        send("a");
        assertEquals(List.of(1L), numbers(post()));
        send("b");
        var second = post();
        assertEquals(List.of(1L, 2L), numbers(second));
        assertEquals(1, second.sequence());
        assertTrue(state.answered(second, 2));
        assertNull(state.nextPost(true, 0));
    }

    @Test
    void posts_on_after_what_an_attachment_has_told() {
        open();
        send("a");
        send("b");
        assertNotNull(post());
        attachAgain(1);
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
        attachAgain(0);
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
        open();
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
        open();
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
        attachAgain(0);
        assertNotNull(Objects.requireNonNull(state.nextFrames(0)).close());
    }

    @Test
    void a_position_told_at_attach_confirms_the_close() {
        open();
        state.close(DONE);
        assertNotNull(post());
        attachAgain(1);
        assertEquals(Phase.OVER, state.phase());
        assertTrue(Objects.requireNonNull(state.ending()).clean());
    }

    @Test
    void the_servers_answer_to_a_close_may_bear_any_number() {
        open();
        state.close(DONE);
        assertNotNull(state.nextFrames(0));
        assertEquals(Taken.NEW, state.peerClosed(99, DONE));
        assertEquals(Phase.OVER, state.phase());
        assertEquals(Initiator.LOCAL, Objects.requireNonNull(state.ending()).initiator());
        assertEquals(Batch.NO_ACK, state.takeOwedAck());
    }

    @Test
    void the_servers_close_is_acknowledged_once() {
        open();
        take(1, 0);
        assertEquals(Taken.NEW, state.peerClosed(2, DONE));
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
        assertEquals(Taken.GAP, state.peerClosed(2, DONE));
        assertEquals(Phase.OPEN, state.phase());
    }

    @Test
    void a_close_that_crosses_the_servers_is_acknowledged_if_it_was_not_written() {
        open();
        take(1, 0);
        state.close(DONE);
        assertEquals(Taken.NEW, state.peerClosed(2, CloseStatus.GOING_AWAY));
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
}
