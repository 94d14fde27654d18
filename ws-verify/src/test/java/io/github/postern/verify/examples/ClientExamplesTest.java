package io.github.postern.verify.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.postern.ws.client.WebSocketClient;
import io.github.postern.ws.connection.Message;
import io.github.postern.ws.server.WebSocketServer;
import java.net.URI;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The examples of {@code ws-client}. */
@Timeout(60)
class ClientExamplesTest {
    private final LinkedBlockingQueue<Message> shown = new LinkedBlockingQueue<>();

    private void show(Message message) {
        shown.add(message);
    }

    private Message shown() throws InterruptedException {
        return Objects.requireNonNull(shown.poll(20, TimeUnit.SECONDS), "nothing was shown");
    }

    private static WebSocketServer server() throws Exception {
        return WebSocketServer.builder()
                .path("/echo", ws -> {
                    for (var message : ws) {
                        ws.send(message);
                    }
                })
                .start();
    }

    @Test
    void the_client_sends_and_receives() throws Exception {
        try (var server = server()) {
            var echo = URI.create("ws://localhost:" + server.port() + "/echo");
            // @replace region regex="\becho\b(?=\))" replacement='URI.create("ws://localhost:8080/echo")'
            // @start region="client" :
            try (var ws = WebSocketClient.create().connect(echo)) {
                ws.send("hello");
                show(ws.receive());
            }
            // @end
            // @end
            assertEquals(new Message.Text("hello"), shown());
        }
    }

    @Test
    void the_reconnecting_one_subscribes_on_each_connection() throws Exception {
        try (var server = server()) {
            var prices = URI.create("ws://localhost:" + server.port() + "/echo");
            var client = WebSocketClient.create();
            var task = new FutureTask<>(() -> followPrices(client, prices));
            var thread = Thread.ofPlatform().start(task);
            assertEquals(new Message.Text("subscribe EUR/USD"), shown());
            server.connections().forEach(connection -> connection.abort());
            assertEquals(new Message.Text("subscribe EUR/USD"), shown());
            thread.interrupt();
            var end = assertThrows(ExecutionException.class, () -> task.get(20, TimeUnit.SECONDS));
            assertInstanceOf(InterruptedException.class, end.getCause());
        }
    }

    private Void followPrices(WebSocketClient client, URI prices) throws Exception {
        // @replace region regex="\bprices\b(?=\))" replacement='URI.create("wss://example.com/prices")'
        // @start region="reconnecting" :
        try (var link = client.reconnecting(prices).start(ws -> {
            ws.send("subscribe EUR/USD"); // each connection begins anew
            for (var message : ws) {
                show(message);
            }
        })) {
            link.awaitEnd();
        }
        // @end
        // @end
        throw new AssertionError("nobody closed it");
    }
}
