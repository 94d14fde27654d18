package io.github.postern.ws.server;

import static io.github.postern.ws.server.RawClient.upgrade;
import static io.github.postern.ws.server.Servers.ECHO;
import static io.github.postern.ws.server.Servers.loopback;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.postern.ws.connection.BroadcastResult;
import io.github.postern.ws.connection.SlowConsumer;
import io.github.postern.ws.core.PreparedMessage;
import java.nio.file.Path;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What a server does with all its connections, and what it tells of them to whoever watches it. */
@Timeout(60)
class BroadcastAndMetricsTest {
    @RegisterExtension
    final Servers servers = new Servers();

    @Test
    void reaches_the_connections_that_the_filter_chooses() throws Exception {
        var server = servers.start(loopback().path("/chat/{room}", ECHO));
        try (var first = new RawClient(server);
                var second = new RawClient(server);
                var other = new RawClient(server)) {
            first.send(upgrade("/chat/a")).readHead();
            second.send(upgrade("/chat/a")).readHead();
            other.send(upgrade("/chat/b")).readHead();
            assertTrue(Servers.eventually(() -> server.connections().size() == 3));
            var toAll = server.broadcast(PreparedMessage.text("all"), SlowConsumer.CLOSE);
            assertEquals(new BroadcastResult(3, 0, 0), toAll);
            var toRoom = server.broadcast(
                    PreparedMessage.text("a"),
                    ws -> "a".equals(ws.pathParameters().get("room")),
                    SlowConsumer.CLOSE);
            assertEquals(new BroadcastResult(2, 0, 0), toRoom);
            assertEquals("8103616c6c810161", first.readHex(8));
            assertEquals("8103616c6c810161", second.readHex(8));
            assertEquals("8103616c6c", other.readHex(5));
        }
    }

    @Test
    void metrics_count_what_was_accepted_and_rejected_and_what_is_open() throws Exception {
        var server = servers.start(loopback().path("/a", ECHO));
        assertEquals(new ServerMetrics(0, 0, 0, 0), server.metrics());
        try (var client = new RawClient(server)) {
            client.send(upgrade("/a")).readHead();
            assertEquals(404, RawClient.status(server, upgrade("/b")));
            assertTrue(Servers.eventually(() -> server.metrics().equals(new ServerMetrics(1, 1, 1, 0))));
            try (var silent = new RawClient(server)) {
                assertTrue(Servers.eventually(() -> server.metrics().handshakes() == 1));
                silent.reset();
            }
        }
        assertTrue(Servers.eventually(() -> server.metrics().equals(new ServerMetrics(1, 2, 0, 0))));
    }

    @Test
    void jfr_is_told_of_a_rejected_handshake(@TempDir Path folder) throws Exception {
        var server = servers.start(loopback().path("/a", ECHO));
        try (var recording = new Recording()) {
            recording.enable("postern.HandshakeRejected");
            recording.start();
            assertEquals(403, RawClient.status(server, upgrade("/a", "Origin: http://evil.example")));
            recording.stop();
            var file = folder.resolve("events.jfr");
            recording.dump(file);
            var events = RecordingFile.readAllEvents(file).stream()
                    .filter(event -> event.getEventType().getName().equals("postern.HandshakeRejected"))
                    .toList();
            assertEquals(1, events.size());
            assertEquals("/a", events.getFirst().getString("path"));
            assertEquals(403, events.getFirst().getInt("status"));
            assertFalse(events.getFirst().getString("reason").isEmpty());
        }
    }
}
