package com.example.ask;

import io.github.postern.ws.client.WebSocketClient;
import io.github.postern.ws.connection.Message;
import java.net.URI;

/** Asks a WebSocket server: Ask URI QUESTION… prints the answer to each question. */
public final class Ask {
    private Ask() {}

    public static void main(String[] arguments) throws Exception {
        try (var ws = WebSocketClient.create().connect(URI.create(arguments[0]))) {
            for (int i = 1; i < arguments.length; i++) {
                ws.send(arguments[i]);
                if (ws.receive() instanceof Message.Text(String answer)) {
                    System.out.println(answer);
                }
            }
        }
    }
}
