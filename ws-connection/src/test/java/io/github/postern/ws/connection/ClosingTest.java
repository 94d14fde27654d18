package io.github.postern.ws.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.postern.ws.connection.CloseInfo.Initiator;
import io.github.postern.ws.connection.testkit.ManualClock;
import io.github.postern.ws.connection.testkit.MemoryTransport;
import io.github.postern.ws.core.CloseStatus;
import io.github.postern.ws.core.Role;
import java.io.EOFException;
import java.net.ProtocolException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How connections end: RFC 6455 §7, and what {@link CloseInfo} says afterwards. */
@Timeout(30)
@ExtendWith(EveryConnectionEnds.class)
class ClosingTest {
    private static final CloseStatus DONE = CloseStatus.of(3000, "done");
    private static final ConnectionOptions DEFAULTS = ConnectionOptions.defaults();
    private static final Duration MILLI = Duration.ofMillis(1);

    private final ManualClock clock = new ManualClock();

    @Test
    void closing_waits_for_the_answer_and_both_sides_know_both_statuses() throws Exception {
        var pair = Fixture.Pair.open();
        var server = Fixture.start(() -> assertThrows(ConnectionClosedException.class, pair.server()::receive));

        pair.client().close(DONE);

        var local = pair.client().closeInfo().orElseThrow();
        assertEquals(Initiator.LOCAL, local.initiator());
        assertEquals(DONE, local.sent());
        assertEquals(3000, code(local.received()));
        assertTrue(local.clean());
        var remote = server.get().closeInfo();
        assertEquals(Initiator.REMOTE, remote.initiator());
        assertEquals(DONE, remote.received());
        assertEquals(DONE, remote.status());
        assertTrue(remote.clean());
        assertEquals(ReadyState.CLOSED, pair.client().readyState());
    }

    @Test
    void simultaneous_closes_end_cleanly_with_both_codes_visible() throws Exception {
        var it = Fixture.WithPeer.server();
        var closing = Fixture.start(() -> {
            it.connection().close(CloseStatus.of(3001));
            return it.connection().closeInfo().orElseThrow();
        });
        it.peer().expectClose(CloseStatus.of(3001));
        it.peer().send(out -> out.close(CloseStatus.of(3002)));
        it.peer().shutdownOutput();

        var info = closing.get();
        assertTrue(info.clean());
        assertEquals(CloseStatus.of(3001), info.sent());
        assertEquals(CloseStatus.of(3002), info.received());
    }

    @Test
    void an_empty_close_is_answered_by_an_empty_one_and_reported_as_1005() throws Exception {
        var it = Fixture.WithPeer.server();
        var receiving = Fixture.start(() -> assertThrows(ConnectionClosedException.class, it.connection()::receive));
        it.peer().sendHex("8880 12345678");
        it.peer().expectClose(CloseStatus.NO_STATUS);
        it.peer().shutdownOutput();
        assertEquals(CloseStatus.NO_STATUS, receiving.get().closeInfo().status());
    }

    @Test
    void a_server_closes_first_when_the_closing_handshake_is_through() throws Exception {
        var it = Fixture.WithPeer.server();
        var receiving = Fixture.start(() -> assertThrows(ConnectionClosedException.class, it.connection()::receive));
        it.peer().send(out -> out.close(CloseStatus.NORMAL));
        it.peer().expectClose(CloseStatus.NORMAL);
        it.peer().expectEnd();
        assertTrue(receiving.get().closeInfo().clean());
        assertTrue(it.transport().isClosed());
    }

    @Test
    void a_server_drains_what_came_behind_the_close_before_it_closes() throws Exception {
        var it = Fixture.WithPeer.server();
        it.peer().sendHex("8880 12345678" + "00".repeat(InputBuffer.SMALL));
        var receiving = Fixture.start(() -> assertThrows(ConnectionClosedException.class, it.connection()::receive));
        it.peer().expectClose(CloseStatus.NO_STATUS);
        it.peer().expectEnd();
        it.transport().awaitReader(); // there is none at a transport that is closed
        it.peer().shutdownOutput();
        assertTrue(receiving.get().closeInfo().clean());
    }

    @Test
    void a_client_waits_for_the_server_to_end_the_stream() throws Exception {
        var it = Fixture.WithPeer.client();
        var closing = Fixture.start(() -> {
            it.connection().close();
            return it.transport().isClosed();
        });
        it.peer().expectClose(CloseStatus.NORMAL);
        it.peer().send(out -> out.close(CloseStatus.NORMAL));
        it.peer().shutdownOutput();
        it.peer().expectEnd();
        assertTrue(closing.get());
    }

    @Test
    void a_peer_that_does_not_answer_the_close_is_given_up_after_the_close_timeout() throws Exception {
        var it = Fixture.WithPeer.of(Role.SERVER, DEFAULTS, clock);
        var closing = Fixture.start(clock, () -> {
            it.connection().close();
            return true;
        });
        clock.advance(DEFAULTS.closeTimeout().minus(MILLI));
        assertEquals(ReadyState.CLOSING, it.connection().readyState());
        clock.advance(MILLI);
        assertTrue(closing.isDone());
        var info = it.connection().closeInfo().orElseThrow();
        assertEquals(CloseStatus.ABNORMAL, info.status());
        assertEquals(CloseStatus.NORMAL, info.sent());
        assertNull(info.received());
        assertInstanceOf(SocketTimeoutException.class, info.cause());
        assertTrue(it.transport().isClosed());
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void a_peer_that_was_failed_and_stays_is_left_after_the_linger_timeout(Role role) throws Exception {
        var it = Fixture.WithPeer.of(role, DEFAULTS, clock);
        it.peer().sendHex("ff");
        it.peer().sendHex("ff");
        var receiving =
                Fixture.start(clock, () -> assertThrows(ConnectionClosedException.class, it.connection()::receive));
        clock.advance(DEFAULTS.lingerTimeout().minus(MILLI));
        assertFalse(it.transport().isClosed());
        it.peer().expectCloseCode(1002);
        clock.advance(MILLI);
        assertTrue(it.transport().isClosed());
        assertInstanceOf(ProtocolException.class, receiving.get().closeInfo().cause());
    }

    @Test
    void a_server_that_does_not_end_the_stream_is_left_after_the_linger_timeout() throws Exception {
        var it = Fixture.WithPeer.of(Role.CLIENT, DEFAULTS, clock);
        it.peer().send(out -> out.close(DONE));
        var receiving =
                Fixture.start(clock, () -> assertThrows(ConnectionClosedException.class, it.connection()::receive));
        clock.advance(DEFAULTS.lingerTimeout().minus(MILLI));
        assertFalse(it.transport().isClosed());
        clock.advance(MILLI);
        assertTrue(it.transport().isClosed());
        assertTrue(receiving.get().closeInfo().clean());
    }

    @Test
    void messages_that_arrive_while_closing_stay_receivable() throws Exception {
        var it = Fixture.WithPeer.server();
        var closing = Fixture.start(() -> {
            it.connection().close();
            return it.connection().closeInfo().orElseThrow().clean();
        });
        it.peer().expectClose(CloseStatus.NORMAL);
        it.peer().send(out -> out.text("late"), out -> out.close(CloseStatus.NORMAL));
        it.peer().shutdownOutput();
        assertTrue(closing.get());
        assertEquals(new Message.Text("late"), it.connection().receive());
        assertThrows(ConnectionClosedException.class, it.connection()::receive);
    }

    @Test
    void nothing_can_be_sent_once_closing_has_begun() throws Exception {
        var it = Fixture.WithPeer.server();
        var closing = Fixture.start(() -> {
            it.connection().close(DONE);
            return true;
        });
        it.peer().expectClose(DONE);
        assertEquals(ReadyState.CLOSING, it.connection().readyState());
        assertThrows(ConnectionClosedException.class, () -> it.connection().send("too late"));
        it.peer().send(out -> out.close(DONE));
        it.peer().shutdownOutput();
        it.peer().expectEnd();
        assertTrue(closing.get());
        assertThrows(ConnectionClosedException.class, () -> it.connection().send("far too late"));
    }

    @Test
    void closing_twice_and_closing_what_has_ended_does_nothing() throws Exception {
        var pair = Fixture.Pair.open();
        var server = Fixture.start(() -> assertThrows(ConnectionClosedException.class, pair.server()::receive));
        pair.client().close(DONE);
        pair.client().close(CloseStatus.GOING_AWAY);
        server.get();
        pair.server().close();
        assertEquals(DONE, pair.client().closeInfo().orElseThrow().sent());
    }

    @Test
    void a_status_that_must_not_be_sent_is_refused_and_changes_nothing() {
        var it = Fixture.WithPeer.server();
        assertThrows(IllegalArgumentException.class, () -> it.connection().close(CloseStatus.ABNORMAL));
        assertEquals(ReadyState.OPEN, it.connection().readyState());
        it.connection().abort();
    }

    @Test
    void a_refused_status_leaves_the_interrupt_to_the_caller() {
        var it = Fixture.WithPeer.server();
        Thread.currentThread().interrupt();
        assertThrows(IllegalArgumentException.class, () -> it.connection().close(CloseStatus.ABNORMAL));
        assertTrue(Thread.interrupted());
        it.connection().abort();
    }

    @Test
    void a_status_that_must_not_be_sent_is_refused_whatever_has_become_of_the_connection() {
        var it = Fixture.WithPeer.server();
        it.connection().abort();
        var refused = assertThrows(
                IllegalArgumentException.class, () -> it.connection().close(CloseStatus.ABNORMAL));
        assertEquals("close code that cannot be sent: 1006", refused.getMessage());
        it.connection().close(CloseStatus.NO_STATUS);
    }

    @Test
    void a_stream_that_ends_without_a_close_is_1006() throws Exception {
        var it = Fixture.WithPeer.server();
        it.peer().shutdownOutput();
        var info = assertThrows(ConnectionClosedException.class, it.connection()::receive)
                .closeInfo();
        assertEquals(CloseStatus.ABNORMAL, info.status());
        assertEquals(Initiator.NETWORK, info.initiator());
        assertInstanceOf(EOFException.class, info.cause());
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void a_frame_masked_the_wrong_way_is_failed_with_1002(Role role) throws Exception {
        var it = Fixture.WithPeer.of(role, ConnectionOptions.defaults());
        var receiving = Fixture.start(() -> assertThrows(ConnectionClosedException.class, it.connection()::receive));
        it.peer().sendHex(role == Role.SERVER ? "8100" : "818000000000");
        it.peer().expectCloseCode(1002);
        it.peer().expectEnd();
        it.peer().shutdownOutput();
        var info = receiving.get().closeInfo();
        assertEquals(Initiator.LOCAL, info.initiator());
        assertEquals(CloseStatus.ABNORMAL, info.status());
        assertEquals(1002, code(info.sent()));
        assertInstanceOf(ProtocolException.class, info.cause());
    }

    @Test
    void abort_frees_a_blocked_receiver_and_tells_the_peer_nothing() throws Exception {
        var it = Fixture.WithPeer.server();
        var receiving = Fixture.start(() -> assertThrows(ConnectionClosedException.class, it.connection()::receive));
        it.connection().abort();
        var info = receiving.get().closeInfo();
        assertEquals(Initiator.LOCAL, info.initiator());
        assertNull(info.sent());
        it.peer().expectEnd();
    }

    @Test
    void abort_frees_a_blocked_sender() throws Exception {
        var it = Fixture.WithPeer.server();
        var sending = Fixture.start(() -> assertThrows(
                ConnectionClosedException.class, () -> it.connection().send("x".repeat(4 * MemoryTransport.CAPACITY))));
        it.transport().awaitWriter();
        it.connection().abort();
        sending.get();
        assertEquals(0, it.connection().bufferedAmount());
    }

    private static int code(@Nullable CloseStatus status) {
        return status == null ? -1 : status.code();
    }
}
