package io.github.postern.push;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.postern.push.SelectiveRelay.Treatment;
import io.github.postern.ws.connection.Connection;
import io.github.postern.ws.connection.Message;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The Java client on bad networks, with the real server: how long the application waits for the first message. PROTOCOL.md §15. */
@Timeout(60)
class FirstMessageTest {
    private PushServer server;

    @BeforeEach
    void start() throws IOException {
        server = PushServer.builder()
                .path("/push", this::serve, PushOptions.defaults())
                .start();
    }

    @AfterEach
    void stop() {
        server.shutdown(Duration.ZERO, Duration.ZERO);
    }

    @AfterAll
    static void nothingIsLeft() throws Exception {
        ClientThreads.awaitNone();
    }

    private void serve(Connection session) throws IOException {
        session.send("hello");
        session.forEach(message -> {});
    }

    private PushClient.Builder client(URI uri) {
        return PushClient.builder(uri).memory(new TransportMemory());
    }

    /** How long it takes from nothing to the first message, in milliseconds. */
    private long firstMessage(Treatment webSockets, Treatment streams, PushTransport expected) throws Exception {
        try (var relay = new SelectiveRelay(server.port(), webSockets, streams)) {
            long began = System.nanoTime();
            var push = client(relay.uri()).connect();
            assertEquals(new Message.Text("hello"), push.receive());
            long millis = Duration.ofNanos(System.nanoTime() - began).toMillis();
            assertEquals(expected, push.transport());
            push.abort();
            System.out.println(
                    "first message with WebSockets " + webSockets + " and streams " + streams + ": " + millis + " ms");
            return millis;
        }
    }

    @Test
    void where_websockets_are_refused_the_first_message_comes_at_once() throws Exception {
        var millis = new long[7];
        for (int i = 0; i < millis.length; i++) {
            millis[i] = firstMessage(Treatment.REFUSE, Treatment.PASS, PushTransport.SSE);
        }
        Arrays.sort(millis);
        long median = millis[millis.length / 2]; // a single one may meet a pause of a busy machine
        assertTrue(median <= 300, Arrays.toString(millis)); // the round trip of the relay is none worth counting
        assertTrue(millis[millis.length - 1] < 1_500, Arrays.toString(millis)); // the head start is waited for by none
    }

    @Test
    void where_websockets_vanish_the_first_message_comes_after_the_head_start() throws Exception {
        long millis = firstMessage(Treatment.SWALLOW, Treatment.PASS, PushTransport.SSE);
        assertTrue(millis >= 1_490 && millis <= 3_500, millis + " ms");
    }

    @Test
    void where_streams_are_held_back_as_well_the_first_message_comes_by_a_poll() throws Exception {
        long millis = firstMessage(Treatment.SWALLOW, Treatment.MUTE, PushTransport.LONG_POLLING);
        assertTrue(millis >= 4_490 && millis <= 7_000, millis + " ms");
    }

    @ParameterizedTest
    @EnumSource(value = Treatment.class, names = "PASS", mode = EnumSource.Mode.EXCLUDE)
    void an_abort_in_the_middle_of_a_race_leaves_nothing(Treatment treatment) throws Exception {
        try (var relay = new SelectiveRelay(server.port(), treatment, treatment)) {
            var quick = Duration.ofMillis(50);
            var options = PushClientOptions.defaults().withHeadStart(quick).withFirstByteTimeout(quick);
            var builder = client(relay.uri()).options(options);
            var push = builder.connect();
            push.networkChanged();
            push.abort();
            ClientThreads.awaitNone();
        }
    }
}
