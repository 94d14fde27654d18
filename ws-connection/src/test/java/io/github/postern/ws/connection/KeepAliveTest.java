package io.github.postern.ws.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.postern.ws.core.CloseStatus;
import io.github.postern.ws.core.Event;
import io.github.postern.ws.core.Role;
import java.net.ProtocolException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Keep-alive: silent peers, idle connections, messages that do not complete. */
@Timeout(30)
@ExtendWith(EveryConnectionEnds.class)
class KeepAliveTest {
    private static final Duration SOON = Duration.ofMillis(40);

    @Test
    void a_silent_peer_is_pinged_and_its_answer_keeps_the_connection() throws Exception {
        var it = Fixture.WithPeer.of(Role.SERVER, ConnectionOptions.defaults().withPingInterval(SOON));
        var receiving = Fixture.start(() -> it.connection().receive());
        for (int i = 0; i < 3; i++) {
            assertInstanceOf(Event.Ping.class, it.peer().next());
            it.peer().send(out -> out.pong(ByteBuffer.allocate(0)));
        }
        it.peer().send(out -> out.text("alive"));
        assertEquals(new Message.Text("alive"), receiving.get());
        it.connection().abort();
    }

    @Test
    void a_vanished_peer_is_given_up_after_the_pong_timeout() {
        var it = Fixture.WithPeer.of(
                Role.SERVER, ConnectionOptions.defaults().withPingInterval(SOON).withPongTimeout(SOON));
        var info = assertThrows(ConnectionClosedException.class, it.connection()::receive)
                .closeInfo();
        assertEquals(CloseStatus.ABNORMAL, info.status());
        assertEquals(CloseInfo.Initiator.NETWORK, info.initiator());
        assertInstanceOf(SocketTimeoutException.class, info.cause());
    }

    @Test
    void a_vanished_peer_is_given_up_although_nobody_receives() throws Exception {
        var it = Fixture.WithPeer.of(
                Role.SERVER, ConnectionOptions.defaults().withPingInterval(SOON).withPongTimeout(SOON));
        assertInstanceOf(Event.Ping.class, it.peer().next());
        it.peer().expectEnd();
        assertEquals(ReadyState.CLOSED, it.connection().readyState());
    }

    @Test
    void without_pings_an_idle_connection_is_closed_with_1001() throws Exception {
        var options =
                ConnectionOptions.defaults().withPingInterval(Duration.ZERO).withIdleTimeout(SOON);
        var it = Fixture.WithPeer.of(Role.SERVER, options);
        it.peer().expectCloseCode(1001);
        it.connection().abort();
    }

    @Test
    void without_pings_and_idle_timeout_silence_is_allowed() throws Exception {
        var options = ConnectionOptions.defaults()
                .withPingInterval(Duration.ZERO)
                .withIdleTimeout(Duration.ZERO)
                .withMessageTimeout(SOON); // only to have the watchdog look often
        var it = Fixture.WithPeer.of(Role.SERVER, options);
        assertEquals(Optional.empty(), it.connection().receive(SOON.multipliedBy(5)));
        it.connection().abort();
    }

    @Test
    void a_message_that_does_not_complete_in_time_is_failed_with_1008() throws Exception {
        var it = Fixture.WithPeer.of(Role.CLIENT, ConnectionOptions.defaults().withMessageTimeout(SOON));
        var receiving = Fixture.start(() -> assertThrows(ConnectionClosedException.class, it.connection()::receive));
        it.peer().sendHex("81 05 48 65");
        it.peer().expectCloseCode(1008);
        it.peer().shutdownOutput();
        receiving.get();
    }

    @Test
    void the_refusal_names_its_reason_to_the_application_only() throws Exception {
        var it = Fixture.WithPeer.of(Role.CLIENT, ConnectionOptions.defaults().withMessageTimeout(SOON));
        it.peer().sendHex("01 01 48");
        var receiving = Fixture.start(() -> assertThrows(ConnectionClosedException.class, it.connection()::receive));
        assertEquals(new Event.Closed(CloseStatus.of(1008)), it.peer().next());
        var cause = receiving.get().closeInfo().cause();
        assertEquals(
                "message incomplete after 40 ms",
                assertInstanceOf(ProtocolException.class, cause).getMessage());
    }
}
