package io.github.postern.push;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.postern.ws.connection.CloseInfo.Initiator;
import io.github.postern.ws.connection.ConnectionClosedException;
import io.github.postern.ws.connection.Message;
import io.github.postern.ws.connection.ReadyState;
import io.github.postern.ws.connection.WebSocketConnection;
import io.github.postern.ws.connection.testkit.ConnectionPair;
import io.github.postern.ws.connection.testkit.FaultyTransport;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of a session whose WebSocket breaks while it is written to. */
@Timeout(20)
class WebSocketCarrierTest {
    private static final Duration LONG = Duration.ofSeconds(10);

    private final AtomicReference<FaultyTransport> network = new AtomicReference<>();
    private final ConnectionPair sockets = ConnectionPair.builder()
            .serverFaults(transport -> {
                network.set(new FaultyTransport(transport));
                return network.get();
            })
            .open();
    private final CountDownLatch over = new CountDownLatch(1);
    private final LiveSession session = new LiveSession(
            "id",
            "S3cret",
            SessionKind.POSTERN,
            PushOptions.defaults(),
            ReplayBudget.unlimited(),
            new SessionObserver(1),
            System::nanoTime,
            s -> over.countDown());

    private void attach(long epoch) {
        var socket = (WebSocketConnection) sockets.server();
        var carrier = new WebSocketCarrier(socket, session, epoch == 1, LONG);
        var taken = session.attach(epoch, PushTransport.WEBSOCKET, 0, carrier);
        carrier.begin(assertInstanceOf(AttachResult.Taken.class, taken).attachment());
    }

    /** Nobody can resume it: there is nothing to wait for. */
    @Test
    void a_session_whose_name_the_client_cannot_know_ends_at_once() throws Exception {
        network.get().resetAfter(10); // in the middle of "attached"
        attach(1);
        assertTrue(over.await(10, TimeUnit.SECONDS));
        var end = assertThrows(ConnectionClosedException.class, session.application()::receive)
                .closeInfo();
        assertEquals(1006, end.status().code());
        assertEquals(Initiator.NETWORK, end.initiator());
        sockets.close();
    }

    @Test
    void a_session_whose_name_the_client_knows_waits_for_it() throws Exception {
        attach(1);
        assertInstanceOf(Message.Binary.class, sockets.client().receive());
        network.get().resetAfter(0);
        session.application().send("lost under way");
        HttpTransportsTest.await(() -> !session.isAttached());
        assertEquals(ReadyState.OPEN, session.application().readyState());
        sockets.close();
    }

    @Test
    void a_session_that_is_resumed_waits_when_the_answer_is_lost() {
        session.attach(1, PushTransport.SSE, 0, new Carrier() {
            @Override
            public void wake() {}

            @Override
            public void cut() {}
        });
        network.get().resetAfter(10);
        attach(2);
        HttpTransportsTest.await(() -> !session.isAttached());
        assertEquals(ReadyState.OPEN, session.application().readyState());
        assertFalse(over.getCount() == 0);
        sockets.close();
    }
}
