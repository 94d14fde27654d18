package io.github.postern.verify.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.postern.push.PushClient;
import io.github.postern.push.PushServer;
import io.github.postern.ws.client.WebSocketClient;
import io.github.postern.ws.connection.Connection;
import io.github.postern.ws.connection.ConnectionHandler;
import io.github.postern.ws.connection.Message;
import io.github.postern.ws.server.WebSocketServer;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the first connection of a process must not wait for. */
@Timeout(60)
class FirstConnectionTest {
    private static final String FLIGHT_RECORDER = "jdk.jfr.internal.MetadataRepository ";

    @TempDir
    private Path folder;

    /** A process in which a WebSocket and a push session carry a message each way. */
    static final class Program {
        private static final ConnectionHandler<Connection> ECHO = connection -> {
            for (var message : connection) {
                connection.send(message);
            }
        };

        private Program() {}

        public static void main(String[] arguments) throws Exception {
            try (var server = WebSocketServer.builder().path("/", ECHO).start();
                    var socket = WebSocketClient.create().connect(URI.create("ws://localhost:" + server.port()))) {
                assertEchoes(socket);
            }
            try (var server = PushServer.builder().path("/push", ECHO).start();
                    var session = PushClient.connect(URI.create("http://localhost:" + server.port() + "/push"))) {
                assertEchoes(session);
            }
        }

        private static void assertEchoes(Connection connection) throws Exception {
            connection.send("hello");
            assertEquals(new Message.Text("hello"), connection.receive());
        }
    }

    /** Its metadata takes as long as the rest of the first connection together. */
    @Test
    void the_flight_recorder_is_not_set_up_while_nobody_records() throws Exception {
        var recording = "-XX:StartFlightRecording:filename=" + folder.resolve("recording.jfr");
        assertTrue(classes(recording).contains(FLIGHT_RECORDER), "the JDK has no such class any more");
        assertFalse(classes().contains(FLIGHT_RECORDER), "the flight recorder was set up");
    }

    /** The log of the classes that the program loads. */
    private String classes(String... options) throws Exception {
        var log = folder.resolve("classes.txt");
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Xlog:class+load:file=" + log,
                "-cp",
                System.getProperty("java.class.path")));
        command.addAll(List.of(options));
        command.add(Program.class.getName());
        Npm.run(command);
        var loaded = Files.readString(log);
        assertTrue(loaded.contains("io.github.postern.push.PushServer "), "no log of classes");
        return loaded;
    }
}
