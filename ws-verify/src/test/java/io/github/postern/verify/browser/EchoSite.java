package io.github.postern.verify.browser;

import io.github.postern.push.PushOptions;
import io.github.postern.push.PushServer;
import io.github.postern.ws.connection.Connection;
import io.github.postern.ws.connection.Message;
import io.github.postern.ws.core.CloseStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * A push server with an empty page, {@code blank.html}, and the endpoint {@code /push}: it sends back what it gets, or as many numbers as it is told, or closes
 * with 3005.
 */
final class EchoSite implements AutoCloseable {
    private final BlockingQueue<String> closes = new LinkedBlockingQueue<>();
    private final PushServer server;

    EchoSite(Path folder) throws IOException {
        this(folder, PushServer.builder(), PushOptions.defaults());
    }

    /** On a server that is described already but for the endpoint and the page. */
    EchoSite(Path folder, PushServer.Builder builder, PushOptions options) throws IOException {
        Files.writeString(folder.resolve("blank.html"), "<!doctype html><link rel=icon href=data:,>");
        server = builder.path("/push", this::handle, options).resources(folder).start();
    }

    private void handle(Connection connection) throws Exception {
        int number = 0;
        for (var message : connection) {
            switch (message) {
                case Message.Text(var text) when text.equals("stop") -> connection.close(CloseStatus.of(3005, "done"));
                case Message.Text(var text)
                when text.startsWith("send ") -> {
                    for (int i = Integer.parseInt(text.substring(5)); i > 0; i--) {
                        connection.send("" + ++number);
                    }
                }
                default -> connection.send(message);
            }
        }
        closes.add(connection.closeInfo().orElseThrow().status().toString());
    }

    PushServer server() {
        return server;
    }

    int port() {
        return server.port();
    }

    /** How the sessions ended, in their order. */
    BlockingQueue<String> closes() {
        return closes;
    }

    @Override
    public void close() {
        server.close();
    }
}
