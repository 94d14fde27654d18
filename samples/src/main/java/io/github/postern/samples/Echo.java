package io.github.postern.samples;

import io.github.postern.ws.connection.Connection;
import io.github.postern.ws.connection.ConnectionHandler;
import io.github.postern.ws.connection.ConnectionOptions;
import io.github.postern.ws.connection.Message;
import io.github.postern.ws.connection.SlowConsumer;
import io.github.postern.ws.core.Limits;
import io.github.postern.ws.core.PreparedMessage;
import io.github.postern.ws.core.handshake.HandshakeRequest;
import io.github.postern.ws.core.handshake.HandshakeResponse;
import io.github.postern.ws.core.handshake.Headers;
import io.github.postern.ws.core.handshake.PerMessageDeflate;
import io.github.postern.ws.server.ServerOptions;
import io.github.postern.ws.server.WebSocketServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/** Sends every message back; on {@code /broadcast}, to everybody who is connected there. */
final class Echo {
    private Echo() {}

    public static void main(String[] args) throws Exception {
        var command = Arguments.command(
                        "echo",
                        "A WebSocket server that sends messages back, and a page to try it with.",
                        "",
                        "/ and /echo send text and binary messages back to their sender, /broadcast sends them to everybody"
                                + " who is connected there. In a browser / is a page to send and receive with.",
                        "")
                .addOption(Arguments.port())
                .addOption(Arguments.number(
                        "--max-message", "BYTES", 1 << 20, "A longer message ends its connection with 1009"))
                .addOption(Arguments.flag(
                        "--deflate", "Compress messages of 1 KiB and more for clients that offer permessage-deflate."));
        Arguments.run(command, args, Echo::run);
    }

    private static int run(Arguments arguments) throws Exception {
        var maxMessage = arguments.number("--max-message", 1, 1 << 30);
        try (var server = start(arguments.portNumber(), maxMessage, arguments.has("--deflate"))) {
            Runtime.getRuntime().addShutdownHook(new Thread(server::close)); // Ctrl-C: everybody is told 1001
            System.out.printf("page       http://localhost:%d/%n", server.port());
            System.out.printf("echo       ws://localhost:%d/echo%n", server.port());
            System.out.printf("broadcast  ws://localhost:%d/broadcast%n", server.port());
            server.awaitEnd();
        }
        return 0;
    }

    static WebSocketServer start(int port, int maxMessage, boolean deflate) throws IOException {
        var limits = Limits.defaults().withMaxFrameSize(maxMessage).withMaxMessageSize(maxMessage);
        var options = ServerOptions.defaults()
                .withConnection(ConnectionOptions.defaults().withLimits(limits));
        var server = WebSocketServer.builder()
                .port(port)
                .options(options)
                .path("/", Echo::echo)
                .path("/echo", Echo::echo)
                .path("/broadcast", broadcast())
                .plainRequests(Echo::page);
        if (deflate) {
            server.deflate(PerMessageDeflate.defaults());
        }
        return server.start();
    }

    private static void echo(Connection connection) throws IOException {
        for (var message : connection) {
            connection.send(message);
        }
    }

    /** Nobody waits for a slow one: who does not take what is sent is closed with 1013. */
    private static ConnectionHandler<Connection> broadcast() {
        var everybody = ConcurrentHashMap.<Connection>newKeySet();
        return connection -> {
            everybody.add(connection);
            try {
                for (var message : connection) {
                    var shared = switch (message) {
                        case Message.Text(var text) -> PreparedMessage.text(text);
                        case Message.Binary(var data) -> PreparedMessage.binary(data);
                    };
                    everybody.forEach(each -> each.trySend(shared, SlowConsumer.CLOSE));
                }
            } finally {
                everybody.remove(connection);
            }
        };
    }

    private static HandshakeResponse page(HandshakeRequest request) {
        if (!request.path().equals("/")) {
            return HandshakeResponse.of(404, "There is nothing here.");
        }
        try (var page = Objects.requireNonNull(Echo.class.getResourceAsStream("echo.html"))) {
            var html = new String(page.readAllBytes(), StandardCharsets.UTF_8);
            return HandshakeResponse.of(200, Headers.of("Content-Type", "text/html; charset=utf-8"), html);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
