package io.github.postern.ws.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.postern.ws.connection.testkit.MemoryTransport;
import io.github.postern.ws.core.CloseStatus;
import io.github.postern.ws.core.PreparedMessage;
import io.github.postern.ws.core.Role;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What JFR is told. */
@Timeout(60)
@ExtendWith(EveryConnectionEnds.class)
class FlightRecorderTest {
    @TempDir
    Path folder;

    /** What there is to record. */
    @FunctionalInterface
    private interface Scene {
        void play() throws Exception;
    }

    private List<RecordedEvent> recorded(String event, Map<String, String> settings, Scene scene) throws Exception {
        try (var recording = new Recording()) {
            var enabled = recording.enable(event);
            settings.forEach(enabled::with);
            recording.start();
            scene.play();
            recording.stop();
            return events(recording).stream()
                    .filter(recorded -> recorded.getEventType().getName().equals(event))
                    .toList();
        }
    }

    private List<RecordedEvent> events(Recording recording) throws IOException {
        var file = folder.resolve("events.jfr");
        recording.dump(file);
        return RecordingFile.readAllEvents(file);
    }

    @Test
    void a_connection_that_opens() throws Exception {
        var events = recorded(
                "postern.ConnectionOpened",
                Map.of(),
                () -> Fixture.WithPeer.server().connection().abort());
        assertEquals(1, events.size());
        assertEquals("SERVER", events.getFirst().getString("role"));
        assertEquals("/test", events.getFirst().getString("path"));
        assertTrue(events.getFirst().getLong("connection") > 0);
    }

    @Test
    void a_connection_that_ends_with_both_codes_and_what_it_carried() throws Exception {
        var events = recorded("postern.ConnectionClosed", Map.of(), () -> {
            var it = Fixture.WithPeer.server();
            it.peer().send(out -> out.text("hello"), out -> out.close(CloseStatus.GOING_AWAY));
            it.connection().receive();
            it.connection().send("bye");
            var end = Fixture.start(() -> assertThrows(
                    ConnectionClosedException.class, () -> it.connection().receive()));
            it.peer().expectText("bye");
            it.peer().expectCloseCode(1001);
            it.peer().shutdownOutput();
            end.get();
        });
        assertEquals(1, events.size());
        var event = events.getFirst();
        assertEquals("REMOTE", event.getString("initiator"));
        assertEquals(1001, event.getInt("sentCode"));
        assertEquals(1001, event.getInt("receivedCode"));
        assertEquals(1, event.getLong("messagesReceived"));
        assertEquals(1, event.getLong("messagesSent"));
        assertEquals(11 + 8, event.getLong("bytesReceived"));
        assertEquals(5 + 4, event.getLong("bytesSent"));
    }

    @Test
    void a_peer_that_breaks_a_rule() throws Exception {
        var events = recorded("postern.PeerFailed", Map.of(), () -> {
            var it = Fixture.WithPeer.server();
            it.peer().sendHex("81 00"); // not masked
            var end = Fixture.start(() -> assertThrows(
                    ConnectionClosedException.class, () -> it.connection().receive()));
            it.peer().expectCloseCode(1002);
            it.peer().shutdownOutput();
            end.get();
        });
        assertEquals(1, events.size());
        assertEquals(1002, events.getFirst().getInt("code"));
        assertEquals("unmasked frame from a client", events.getFirst().getString("detail"));
    }

    @Test
    void messages_from_a_minimum_size() throws Exception {
        var events = recorded("postern.Message", Map.of("minimumSize", "3"), () -> {
            var it = Fixture.WithPeer.server();
            it.peer().send(out -> out.text("12"), out -> out.text("123"));
            it.connection().receive();
            it.connection().receive();
            it.connection().send(ByteBuffer.wrap(new byte[4]));
            it.connection().send(PreparedMessage.text("1"));
            it.connection().abort();
        });
        assertEquals(2, events.size());
        assertEquals("in", events.getFirst().getString("direction"));
        assertTrue(events.getFirst().getBoolean("text"));
        assertEquals(3, events.getFirst().getInt("size"));
        assertEquals("out", events.getLast().getString("direction"));
        assertEquals(4, events.getLast().getInt("size"));
    }

    @Test
    void no_messages_unless_that_is_wanted() throws Exception {
        try (var recording = new Recording()) {
            recording.start();
            var it = Fixture.WithPeer.server();
            it.connection().send("1");
            it.connection().abort();
            recording.stop();
            var names = events(recording).stream()
                    .map(event -> event.getEventType().getName())
                    .toList();
            assertTrue(names.contains("postern.ConnectionOpened"));
            assertFalse(names.contains("postern.Message"));
        }
    }

    @Test
    void a_write_that_is_slow() throws Exception {
        var events = recorded("postern.SlowWrite", Map.of("threshold", "20 ms"), () -> {
            var options = ConnectionOptions.defaults().withWriteTimeout(Duration.ofMillis(200));
            var it = Fixture.WithPeer.of(Role.SERVER, options);
            it.connection().send("quick");
            try {
                it.connection().send(ByteBuffer.allocate(4 * MemoryTransport.CAPACITY));
            } catch (ConnectionClosedException e) {
                return;
            }
            throw new AssertionError("a peer that does not read took everything");
        });
        // a machine that is busy may hold up more than this one, but no quick write is among them
        for (var event : events) {
            assertTrue(event.getDuration().compareTo(Duration.ofMillis(20)) >= 0, event::toString);
            assertTrue(event.getInt("size") > 0, event::toString);
        }
        var stalled = events.stream()
                .filter(event -> event.getInt("size") > 1000)
                .map(event -> event.getDuration().toMillis())
                .toList();
        assertTrue(stalled.stream().anyMatch(millis -> millis >= 150), () -> "writes that took " + stalled + " ms");
    }
}
