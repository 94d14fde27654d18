package io.github.postern.samples.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.postern.push.PushTransport;
import java.io.IOException;
import java.net.BindException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Real trials: a server in a process of its own, clients, and a relay between them. */
@Timeout(120)
class TrialTest {
    private static final int MESSAGES = 20;
    private static final int CLIENTS = 2;
    private static final Settings SETTINGS =
            new Settings(MESSAGES, Duration.ofMillis(5), Duration.ofMillis(50), CLIENTS);

    private static ServerProcess server;

    @BeforeAll
    static void start() throws IOException {
        server = ServerProcess.start(0);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @EnumSource(PushTransport.class)
    void every_message_reaches_every_client(PushTransport transport) throws Exception {
        var measurement = measure(transport);
        assertEquals(MESSAGES * CLIENTS, measurement.delivered());
        assertTrue(measurement.complete(), measurement.toString());
        assertTrue(measurement.latency().p50() >= 0, measurement.toString());
        assertTrue(measurement.downPerMessage() > measurement.payloadPerMessage(), measurement.toString());
        assertTrue(measurement.opening().requests() >= CLIENTS, measurement.toString());
    }

    @Test
    void websocket_adds_at_most_six_bytes_to_a_message_and_no_request() throws Exception {
        var measurement = measure(PushTransport.WEBSOCKET);
        assertTrue(measurement.downPerMessage() - measurement.payloadPerMessage() <= 6, measurement.toString());
        assertEquals(0, measurement.running().requests());
        assertEquals(CLIENTS, measurement.opening().requests());
    }

    @Test
    void a_taken_port_is_told() {
        var taken = assertThrows(BindException.class, () -> ServerProcess.start(server.port()));
        var message = String.valueOf(taken.getMessage());
        assertTrue(message.startsWith("cannot listen on port " + server.port()), message);
    }

    private static Measurement measure(PushTransport transport) throws Exception {
        return new Trial(transport, SETTINGS, server, (delivered, all) -> {}).run(index -> "\"message " + index + "\"");
    }
}
