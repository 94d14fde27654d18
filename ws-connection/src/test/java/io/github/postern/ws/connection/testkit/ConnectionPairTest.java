package io.github.postern.ws.connection.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.postern.ws.connection.CloseInfo;
import io.github.postern.ws.connection.ConnectionClosedException;
import io.github.postern.ws.connection.Message;
import io.github.postern.ws.connection.ReadyState;
import io.github.postern.ws.core.CloseStatus;
import io.github.postern.ws.core.handshake.Negotiated;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A handler is tested as its users would. */
@Timeout(30)
class ConnectionPairTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @Test
    void a_handler_is_served_as_by_a_server() throws Exception {
        try (var pair = ConnectionPair.serve(ws -> ws.send(ws.receive()))) {
            pair.client().send("hello");
            assertEquals(new Message.Text("hello"), pair.client().receive());
            var end = assertThrows(
                    ConnectionClosedException.class, () -> pair.client().receive());
            assertEquals(CloseStatus.NORMAL, end.closeInfo().status());
            assertEquals(CloseInfo.Initiator.REMOTE, end.closeInfo().initiator());
            assertTrue(pair.awaitHandler(PATIENCE));
            assertEquals(ReadyState.CLOSED, pair.server().readyState());
        }
    }

    @Test
    void both_sides_know_what_the_handshake_would_have_told() {
        var pair = ConnectionPair.builder()
                .target("/chat/lobby?name=x", Map.of("room", "lobby"))
                .header("Cookie", "a=b")
                .attribute("user", "somebody")
                .negotiated(new Negotiated("v1", List.of()))
                .open();
        try (pair) {
            assertEquals("/chat/lobby", pair.server().request().path());
            assertEquals(Map.of("room", "lobby"), pair.server().pathParameters());
            assertEquals("somebody", pair.server().attributes().get("user"));
            assertEquals(
                    "a=b", pair.server().request().headers().first("Cookie").orElseThrow());
            assertEquals("v1", pair.client().protocol());
            assertEquals("v1", pair.server().protocol());
            assertEquals("ws://localhost/chat/lobby?name=x", pair.client().url().toString());
            assertEquals(pair.client().url(), pair.server().url());
        }
    }

    @Test
    void closing_ends_both_sides() throws Exception {
        var pair = ConnectionPair.serve(ws -> ws.receive());
        pair.close();
        assertEquals(ReadyState.CLOSED, pair.client().readyState());
        assertEquals(ReadyState.CLOSED, pair.server().readyState());
        assertTrue(pair.awaitHandler(PATIENCE));
    }

    @Test
    void without_a_handler_there_is_none_to_wait_for() throws Exception {
        try (var pair = ConnectionPair.open()) {
            assertTrue(pair.awaitHandler(PATIENCE));
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void messages_survive_any_cut_of_the_bytes(long seed) throws Exception {
        var random = new Random(seed);
        var pair = ConnectionPair.builder()
                .serverFaults(wire -> new FaultyTransport(wire).split(1 + random.nextInt(7)))
                .clientFaults(wire -> new FaultyTransport(wire).split(1 + random.nextInt(300)))
                .serve(ws -> {
                    for (var message : ws) {
                        ws.send(message);
                    }
                });
        try (pair) {
            for (int i = 0; i < 50; i++) {
                var bytes = new byte[random.nextInt(2000)];
                random.nextBytes(bytes);
                pair.client().send(ByteBuffer.wrap(bytes));
                var echo = assertInstanceOf(Message.Binary.class, pair.client().receive());
                assertArrayEquals(bytes, echo.data().array());
            }
        }
    }

    @ParameterizedTest(name = "after {0} bytes")
    @ValueSource(ints = {0, 1, 2, 5, 6, 7, 11, 12, 13})
    void a_reset_anywhere_ends_both_sides(int bytes) throws Exception {
        var pair = ConnectionPair.builder()
                .serverFaults(wire -> new FaultyTransport(wire).resetAfter(bytes))
                .serve(ws -> ws.send(ws.receive()));
        try (pair) {
            var client = pair.client();
            assertThrows(ConnectionClosedException.class, () -> {
                client.send("hello");
                client.receive();
                client.receive();
            });
            assertTrue(pair.awaitHandler(PATIENCE));
            assertEquals(ReadyState.CLOSED, pair.server().readyState());
        }
    }
}
