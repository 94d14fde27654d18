package io.github.postern.samples.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.postern.push.PushTransport;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Real lanes: a server in a process of its own, clients, and the network between them. */
@Timeout(120)
class LaneTest {
    private static final int MESSAGES = 40;
    private static final int CLIENTS = 2;
    private static final Settings SETTINGS = new Settings(Duration.ofMillis(5), 0, CLIENTS, Duration.ofMillis(50));

    private static ServerProcess server;

    @BeforeAll
    static void start() throws IOException {
        server = ServerProcess.start(1).getFirst();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static void publish(Lane lane) throws IOException {
        for (int i = 0; i < MESSAGES; i++) {
            lane.publish("\"message " + i + "\"");
            LockSupport.parkNanos(SETTINGS.interval().toNanos());
        }
    }

    private static void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) { // the class has a timeout
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }

    private static void awaitDelivered(Lane lane, long messages) {
        await(() -> lane.delivered() >= messages * CLIENTS);
    }

    private static Measurement measure(PushTransport transport) throws Exception {
        try (var lane = new Lane(transport, server, server.port(), SETTINGS)) {
            lane.begin();
            publish(lane);
            awaitDelivered(lane, MESSAGES);
            return lane.measurement(MESSAGES, true);
        }
    }

    @ParameterizedTest
    @EnumSource(PushTransport.class)
    void every_message_reaches_every_client(PushTransport transport) throws Exception {
        var measurement = measure(transport);
        assertEquals(MESSAGES * CLIENTS, measurement.delivered());
        assertTrue(measurement.complete(), measurement.toString());
        assertEquals(MESSAGES * CLIENTS, measurement.latencies().count());
        assertEquals(measurement.payload(), measurement.running().down().payload());
        assertTrue(measurement.running().down().framing() >= 2 * MESSAGES * CLIENTS, measurement.toString());
        assertTrue(measurement.opening().requests() >= CLIENTS, measurement.toString());
        assertTrue(measurement.connections() >= CLIENTS, measurement.toString());
        assertTrue(measurement.heap() > 0, measurement.toString());
    }

    @Test
    void a_web_socket_adds_at_most_six_bytes_to_a_message_and_no_request() throws Exception {
        var measurement = measure(PushTransport.WEBSOCKET);
        assertTrue(
                measurement.perMessage(measurement.running().down().total()) - measurement.payloadPerMessage() <= 6,
                measurement.toString());
        assertEquals(0, measurement.running().requests());
        assertEquals(CLIENTS, measurement.opening().requests());
    }

    /** Both stand on the same wire, one behind the other. The four parts of the split must add up to what went over it, byte by byte. */
    @ParameterizedTest
    @EnumSource(PushTransport.class)
    void an_independent_count_has_the_same_bytes(PushTransport transport) throws Exception {
        try (var counter = new TcpCounter(server.port());
                var lane = new Lane(transport, server, counter.port(), SETTINGS)) {
            lane.begin();
            publish(lane);
            awaitDelivered(lane, MESSAGES);
            // what is under way between the two has been counted by one of them only
            await(() -> bytes(lane).equals(counted(counter)));
            assertTrue(lane.measurement(MESSAGES, true).complete());
        }
    }

    private static List<Long> bytes(Lane lane) {
        var m = lane.measurement(MESSAGES, true);
        return List.of(
                m.opening().down().plus(m.running().down()).total(),
                m.opening().up().plus(m.running().up()).total());
    }

    private static List<Long> counted(TcpCounter counter) {
        return List.of(counter.down.sum(), counter.up.sum());
    }

    @Test
    void a_session_moves_when_web_sockets_are_blocked_and_nothing_is_lost() throws Exception {
        try (var lane = new Lane(PushTransport.WEBSOCKET, server, server.port(), SETTINGS)) {
            lane.begin();
            publish(lane);
            lane.apply(new Conditions(Duration.ZERO, true, false));
            publish(lane);
            await(() -> lane.carriers().equals(Map.of(PushTransport.SSE, CLIENTS)));
            lane.apply(new Conditions(Duration.ZERO, true, true));
            publish(lane);
            await(() -> lane.carriers().equals(Map.of(PushTransport.LONG_POLLING, CLIENTS)));
            lane.cut();
            publish(lane);
            awaitDelivered(lane, 4 * MESSAGES);
            lane.apply(Conditions.GOOD);
            await(() -> lane.carriers().equals(Map.of(PushTransport.WEBSOCKET, CLIENTS)));
            publish(lane);
            awaitDelivered(lane, 5 * MESSAGES);
            assertTrue(lane.measurement(5 * MESSAGES, true).complete());
            assertTrue(lane.events().contains("moved from long polling to WebSocket"), lane.events()::toString);
        }
    }

    @Test
    void latency_is_added_on_the_way_to_the_client() throws Exception {
        try (var lane = new Lane(PushTransport.SSE, server, server.port(), SETTINGS)) {
            lane.begin();
            lane.apply(new Conditions(Duration.ofMillis(50), false, false));
            publish(lane);
            awaitDelivered(lane, MESSAGES);
            assertTrue(lane.measurement(MESSAGES, true).latency().p50() >= 50);
        }
    }
}
