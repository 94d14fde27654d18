package io.github.postern.verify.examples;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.postern.ws.connection.Connection;
import io.github.postern.ws.connection.ConnectionHandler;
import io.github.postern.ws.connection.Message;
import io.github.postern.ws.connection.WebSocket;
import io.github.postern.ws.connection.testkit.ConnectionPair;
import io.github.postern.ws.connection.testkit.ManualClock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The examples of {@code ws-connection}. */
@Timeout(60)
class ConnectionExamplesTest {
    /** Greets, and asks who has said nothing for ten minutes. */
    private static final class ChatHandler implements ConnectionHandler<WebSocket> {
        @Override
        public void handle(WebSocket connection) throws IOException, InterruptedException {
            while (true) {
                var message = connection.receive(Duration.ofMinutes(10));
                connection.send(message.isPresent() ? "welcome" : "still there?");
            }
        }
    }

    @Test
    void a_handler_is_tested_in_memory() throws Exception {
        // @start region="pair" :
        try (var pair = ConnectionPair.serve(new ChatHandler())) {
            pair.client().send("hello");
            assertEquals(new Message.Text("welcome"), pair.client().receive());
        }
        // @end
    }

    @Test
    void a_handler_is_tested_without_waiting() throws Exception {
        // @start region="clock" :
        var clock = new ManualClock();
        try (var pair = ConnectionPair.builder().clock(clock).serve(new ChatHandler())) {
            clock.advance(Duration.ofMinutes(10)); // what the handler does if nobody says anything
            assertEquals(new Message.Text("still there?"), pair.client().receive());
        }
        // @end
    }

    @Test
    void a_message_of_any_length_goes_into_a_file(@TempDir Path folder) throws Exception {
        var sent = new byte[100_000];
        sent[99_999] = 1;
        try (var pair = ConnectionPair.serve(ws -> ws.send(ByteBuffer.wrap(sent)));
                var file = Files.newOutputStream(folder.resolve("message"))) {
            var connection = pair.client();
            // @start region="stream" :
            try (var message = connection.receiveStream()) {
                message.inputStream().transferTo(file);
            }
            // @end
        }
        assertArrayEquals(sent, Files.readAllBytes(folder.resolve("message")));
    }

    @Test
    void a_handler_is_a_loop() throws Exception {
        try (var pair = ConnectionPair.serve(ConnectionExamplesTest::shout)) {
            pair.client().send("hello");
            assertEquals(new Message.Text("HELLO"), pair.client().receive());
        }
    }

    // @start region="handler" :
    static void shout(Connection connection) throws IOException {
        for (var message : connection) { // ends when the other side closes
            if (message instanceof Message.Text(String text)) {
                connection.send(text.toUpperCase(Locale.ROOT));
            }
        }
    }
    // @end
}
