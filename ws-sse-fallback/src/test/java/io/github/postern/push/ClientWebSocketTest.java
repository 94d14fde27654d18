package io.github.postern.push;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.github.postern.ws.connection.Message;
import io.github.postern.ws.core.handshake.Headers;
import java.net.CookieManager;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a fault of ours does to the attachment, with the real server. */
@Timeout(30)
class ClientWebSocketTest {
    /** Which no application can send, since {@code send} looks at it: the writer finds it. */
    private static final Message FAULTY = new Message.Text("\uD800");

    static GuardedState state() {
        var log = new ReplayLog(10, 1_000);
        return new GuardedState(
                new ClientState(new Submission(log), new Reception(new Inbox(10, 1_000)), PushTransport.WEBSOCKET),
                Duration.ofSeconds(10));
    }

    @Test
    void a_writer_that_fails_ends_the_attachment_and_not_the_session() throws Exception {
        var attached = new CountDownLatch(1);
        var watch = new Downlink.Watch() {
            @Override
            public void answered(long roundTripNanos) {
                attached.countDown();
            }

            @Override
            public void asksToMove(long afterMillis) {}
        };
        try (var server = PushServer.builder()
                        .path("/push", session -> session.forEach(message -> {}))
                        .start();
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var uri = URI.create("http://localhost:" + server.port() + "/push");
            var endpoint = Endpoint.of(uri, Headers.of(), new CookieManager(), null);
            var state = state();
            var webSocket = new ClientWebSocket(
                    new Downlink(state, watch),
                    new Uplink(state),
                    endpoint,
                    new TokenSource(null),
                    PushClientOptions.defaults());
            Callable<Outcome> carrying = webSocket::carry;
            var outcome = threads.submit(carrying);
            attached.await();
            state.send(FAULTY, 1, 0);
            assertInstanceOf(Outcome.Broken.class, outcome.get());
            assertEquals(ClientEnd.Phase.OPEN, state.get(ClientState::phase));
        }
    }
}
