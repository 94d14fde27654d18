package io.github.postern.ws.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.postern.ws.connection.testkit.ManualClock;
import io.github.postern.ws.core.CloseStatus;
import io.github.postern.ws.core.Event;
import io.github.postern.ws.core.Role;
import java.net.ProtocolException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Keep-alive: silent peers, idle connections, messages that do not complete; each a millisecond before its deadline, at it, and after. */
@Timeout(30)
@ExtendWith(EveryConnectionEnds.class)
class KeepAliveTest {
    private static final ConnectionOptions DEFAULTS = ConnectionOptions.defaults();
    private static final ConnectionOptions WITHOUT_PINGS = DEFAULTS.withPingInterval(Duration.ZERO);
    private static final Duration MILLI = Duration.ofMillis(1);

    private final ManualClock clock = new ManualClock();

    private Fixture.WithPeer connection(Role role, ConnectionOptions options) {
        return Fixture.WithPeer.of(role, options, clock);
    }

    /** Lets a time pass up to its last millisecond. */
    private void almost(Duration time) {
        clock.advance(time.minus(MILLI));
    }

    @Test
    void a_silent_peer_is_pinged_once_the_ping_interval_is_over_and_not_again() throws Exception {
        var it = connection(Role.SERVER, DEFAULTS);
        almost(DEFAULTS.pingInterval());
        assertEquals(0, it.transport().writes());
        clock.advance(MILLI);
        assertEquals(1, it.transport().writes());
        assertInstanceOf(Event.Ping.class, it.peer().next());
        clock.advance(MILLI);
        assertEquals(1, it.transport().writes());
        it.connection().abort();
    }

    @Test
    void whatever_a_peer_says_postpones_the_ping() throws Exception {
        var it = connection(Role.SERVER, DEFAULTS);
        almost(DEFAULTS.pingInterval());
        it.peer().send(out -> out.text("alive"));
        almost(DEFAULTS.pingInterval());
        assertEquals(0, it.transport().writes());
        clock.advance(MILLI);
        assertInstanceOf(Event.Ping.class, it.peer().next());
        it.connection().abort();
    }

    @Test
    void a_peer_that_answers_each_ping_in_the_last_millisecond_is_kept() throws Exception {
        var it = connection(Role.SERVER, DEFAULTS);
        var receiving = Fixture.start(clock, () -> it.connection().receive());
        for (int i = 0; i < 3; i++) {
            clock.advance(DEFAULTS.pingInterval());
            assertInstanceOf(Event.Ping.class, it.peer().next());
            almost(DEFAULTS.pongTimeout());
            it.peer().send(out -> out.pong(ByteBuffer.allocate(0)));
            clock.advance(Duration.ZERO);
        }
        clock.advance(MILLI);
        it.peer().send(out -> out.text("alive"));
        assertEquals(new Message.Text("alive"), receiving.get());
        it.connection().abort();
    }

    @Test
    void a_vanished_peer_is_given_up_after_the_pong_timeout() throws Exception {
        var it = connection(Role.SERVER, DEFAULTS);
        var receiving =
                Fixture.start(clock, () -> assertThrows(ConnectionClosedException.class, it.connection()::receive));
        clock.advance(DEFAULTS.pingInterval());
        almost(DEFAULTS.pongTimeout());
        assertEquals(ReadyState.OPEN, it.connection().readyState());
        clock.advance(MILLI);
        assertEquals(ReadyState.CLOSED, it.connection().readyState());
        var info = receiving.get().closeInfo();
        assertEquals(CloseStatus.ABNORMAL, info.status());
        assertEquals(CloseInfo.Initiator.NETWORK, info.initiator());
        assertInstanceOf(SocketTimeoutException.class, info.cause());
    }

    @Test
    void a_vanished_peer_is_given_up_although_nobody_receives() throws Exception {
        var it = connection(Role.SERVER, DEFAULTS);
        clock.advance(DEFAULTS.pingInterval().plus(DEFAULTS.pongTimeout()));
        assertEquals(ReadyState.CLOSED, it.connection().readyState());
        assertInstanceOf(Event.Ping.class, it.peer().next());
        it.peer().expectEnd();
    }

    @Test
    void a_peer_is_not_given_up_for_silence_while_the_application_lets_nothing_be_read() throws Exception {
        var it = connection(Role.SERVER, DEFAULTS.withUnreceivedBytes(1));
        it.peer().send(out -> out.text("not received"));
        clock.advance(Duration.ofSeconds(2)); // a stand-in has read it
        clock.advance(DEFAULTS.pingInterval().plus(DEFAULTS.pongTimeout().multipliedBy(2)));
        assertEquals(ReadyState.OPEN, it.connection().readyState());
        assertEquals(new Message.Text("not received"), it.connection().receive());
        clock.advance(DEFAULTS.pongTimeout());
        assertEquals(ReadyState.CLOSED, it.connection().readyState());
    }

    @Test
    void without_pings_an_idle_connection_is_closed_with_1001() throws Exception {
        var it = connection(Role.SERVER, WITHOUT_PINGS);
        almost(WITHOUT_PINGS.idleTimeout());
        assertEquals(0, it.transport().writes());
        clock.advance(MILLI);
        it.peer().expectCloseCode(1001);
        it.connection().abort();
    }

    @Test
    void what_is_sent_or_arrives_puts_off_the_end_of_an_idle_connection() throws Exception {
        var it = connection(Role.SERVER, WITHOUT_PINGS);
        almost(WITHOUT_PINGS.idleTimeout());
        it.connection().send("out");
        almost(WITHOUT_PINGS.idleTimeout());
        it.peer().send(out -> out.text("in"));
        almost(WITHOUT_PINGS.idleTimeout());
        it.peer().expectText("out");
        assertEquals(ReadyState.OPEN, it.connection().readyState());
        clock.advance(MILLI);
        it.peer().expectCloseCode(1001);
        it.connection().abort();
    }

    @Test
    void without_pings_and_idle_timeout_silence_is_allowed() {
        var it = connection(Role.SERVER, WITHOUT_PINGS.withIdleTimeout(Duration.ZERO));
        clock.advance(Duration.ofDays(1));
        assertEquals(ReadyState.OPEN, it.connection().readyState());
        assertEquals(0, it.transport().writes());
        it.connection().abort();
    }

    @Test
    void a_message_that_does_not_complete_in_time_is_failed_with_1008() throws Exception {
        var it = connection(Role.CLIENT, WITHOUT_PINGS.withIdleTimeout(Duration.ZERO));
        var receiving =
                Fixture.start(clock, () -> assertThrows(ConnectionClosedException.class, it.connection()::receive));
        it.peer().sendHex("81 05 48");
        almost(DEFAULTS.messageTimeout());
        it.peer().sendHex("65");
        clock.advance(Duration.ZERO);
        assertEquals(ReadyState.OPEN, it.connection().readyState());
        clock.advance(MILLI);
        it.peer().expectCloseCode(1008);
        it.peer().shutdownOutput();
        receiving.get();
    }

    @Test
    void the_refusal_names_its_reason_to_the_application_only() throws Exception {
        var it = connection(Role.CLIENT, WITHOUT_PINGS.withIdleTimeout(Duration.ZERO));
        it.peer().sendHex("01 01 48");
        var receiving =
                Fixture.start(clock, () -> assertThrows(ConnectionClosedException.class, it.connection()::receive));
        clock.advance(DEFAULTS.messageTimeout());
        assertEquals(new Event.Closed(CloseStatus.of(1008)), it.peer().next());
        assertFalse(receiving.isDone());
        clock.advance(DEFAULTS.lingerTimeout());
        var cause = receiving.get().closeInfo().cause();
        assertEquals(
                "message incomplete after 60000 ms",
                assertInstanceOf(ProtocolException.class, cause).getMessage());
    }

    @Test
    void a_message_timeout_of_zero_allows_any_time() throws Exception {
        var it = connection(
                Role.CLIENT, WITHOUT_PINGS.withIdleTimeout(Duration.ZERO).withMessageTimeout(Duration.ZERO));
        it.peer().sendHex("81 02 48");
        clock.advance(Duration.ofDays(1));
        it.peer().sendHex("69");
        assertEquals(new Message.Text("Hi"), it.connection().receive());
        it.connection().abort();
    }
}
