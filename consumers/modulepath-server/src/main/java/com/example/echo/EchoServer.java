package com.example.echo;

import io.github.postern.ws.server.WebSocketServer;

/** Sends back whatever it gets: EchoServer PORT, where 0 is any free one. */
public final class EchoServer {
    private EchoServer() {}

    public static void main(String[] arguments) throws Exception {
        try (var server = WebSocketServer.builder()
                .port(Integer.parseInt(arguments[0]))
                .path("/echo", ws -> {
                    for (var message : ws) {
                        ws.send(message);
                    }
                })
                .start()) {
            System.out.println("listening on port " + server.port());
            server.awaitEnd();
        }
    }
}
