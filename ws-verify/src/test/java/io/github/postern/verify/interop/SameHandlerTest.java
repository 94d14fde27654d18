package io.github.postern.verify.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.postern.push.PushClient;
import io.github.postern.push.PushServer;
import io.github.postern.push.PushTransport;
import io.github.postern.ws.client.WebSocketClient;
import io.github.postern.ws.connection.Connection;
import io.github.postern.ws.connection.ConnectionHandler;
import io.github.postern.ws.connection.Message;
import io.github.postern.ws.core.CloseStatus;
import io.github.postern.ws.server.WebSocketServer;
import java.net.InetAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One handler, written against {@link Connection}, unchanged behind both servers and over all four transports. */
@Timeout(60)
class SameHandlerTest {
    /** Greets, then answers texts in upper case and binary messages with their size, until it is told to stop. */
    private static final class Greeter implements ConnectionHandler<Connection> {
        @Override
        public void handle(Connection connection) throws Exception {
            connection.send("welcome");
            for (var message : connection) {
                switch (message) {
                    case Message.Text(var text)
                    when text.equals("stop") -> {
                        connection.close(CloseStatus.of(3000, "stopped"));
                        return;
                    }
                    case Message.Text(var text) -> connection.send(text.toUpperCase(Locale.ROOT));
                    case Message.Binary(var data) ->
                        connection.send(ByteBuffer.allocate(4).putInt(0, data.remaining()));
                }
            }
        }
    }

    private static void converse(Connection connection) throws Exception {
        assertEquals(new Message.Text("welcome"), connection.receive());
        connection.send("one\ntwo 😀");
        assertEquals(new Message.Text("ONE\nTWO 😀"), connection.receive());
        connection.send(ByteBuffer.allocate(1000));
        assertEquals(new Message.Binary(ByteBuffer.allocate(4).putInt(0, 1000)), connection.receive());
        connection.send("stop");
        connection.forEach(message -> {});
        var info = connection.closeInfo().orElseThrow();
        assertEquals(CloseStatus.of(3000, "stopped"), info.status());
    }

    @Test
    void behind_the_web_socket_server() throws Exception {
        try (var server = WebSocketServer.builder()
                        .host(InetAddress.getLoopbackAddress())
                        .path("/greet", new Greeter())
                        .start();
                var client =
                        WebSocketClient.create().connect(URI.create("ws://localhost:" + server.port() + "/greet"))) {
            converse(client);
        }
    }

    @ParameterizedTest
    @EnumSource(PushTransport.class)
    void behind_the_push_server(PushTransport transport) throws Exception {
        try (var server = PushServer.builder().path("/greet", new Greeter()).start();
                var client = PushClient.builder(URI.create("http://localhost:" + server.port() + "/greet"))
                        .transport(transport)
                        .connect()) {
            converse(client);
        }
    }
}
