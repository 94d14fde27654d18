package io.github.postern.samples;

import io.github.postern.ws.client.WebSocketClient;
import io.github.postern.ws.connection.Connection;
import io.github.postern.ws.connection.Message;
import io.github.postern.ws.server.WebSocketServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/** Sends one message in three frames, and shows every frame of the conversation (RFC 6455 §5.4). */
final class Fragments {
    private static final String EXPLANATION = """

            The first byte of a frame holds FIN (0x80) and the opcode: 1 text, 0 continuation, 8 close, 9 ping,
            a pong (§5.2). A message in several frames has its opcode in the first one only, and FIN only in
            the last (§5.4). A control frame may come between them and is not part of the message (§5.5);
            a frame of another message may not. The second byte holds MASK (0x80) and the length: what a
            client sends is masked with the four bytes that follow, what a server sends is not (§5.3).
            """;

    private Fragments() {}

    public static void main(String[] args) throws Exception {
        var command = Arguments.command(
                "fragments",
                "One message in three frames, \"happy new year!\", with every frame made visible.",
                "",
                "A client and a server in this process talk over a real connection. Each line is a frame as it passed:"
                        + " its header in hexadecimal, what the header says, and the payload.",
                "");
        Arguments.run(command, args, arguments -> run());
    }

    private static int run() throws Exception {
        try (var server = WebSocketServer.builder()
                .host(InetAddress.getLoopbackAddress())
                .path("/", Fragments::answer)
                .start()) {
            var client = WebSocketClient.builder()
                    .transport(transport -> new Tap(transport, trace("client → server  "), trace("server → client  ")))
                    .build();
            try (var ws = client.connect(URI.create("ws://localhost:" + server.port() + "/"))) {
                ws.send("hello");
                told(ws.receive());
                try (var message = ws.openText()) {
                    message.write("and a ");
                    message.flush(); // the end of a frame
                    message.write("happy new ");
                    message.flush();
                    ws.ping(ByteBuffer.allocate(0));
                    message.write("year!");
                } // the end of the message
                told(ws.receive());
            }
        }
        System.out.print(EXPLANATION);
        return 0;
    }

    /** The server: it gets whole messages, however many frames they came in. */
    private static void answer(Connection connection) throws IOException {
        for (var message : connection) {
            if (message instanceof Message.Text(var text)) {
                System.out.printf("server received   one message: \"%s\"%n", text);
                connection.send(text.endsWith("year!") ? "happy new year to you, too!" : "hi");
            }
        }
    }

    private static void told(Message message) {
        if (message instanceof Message.Text(var text)) {
            System.out.printf("client received   one message: \"%s\"%n%n", text);
        }
    }

    private static FrameTrace trace(String direction) {
        Consumer<String> head =
                text -> System.out.println(direction + text.lines().findFirst().orElse(""));
        return new FrameTrace(head, frame -> System.out.println(direction + frame));
    }
}
