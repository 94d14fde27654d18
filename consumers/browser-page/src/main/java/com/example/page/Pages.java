package com.example.page;

import io.github.postern.push.PushServer;
import java.io.IOException;

/** Two pages, {@code jar.html} and {@code package.html}, and an echo that they talk to. */
public final class Pages {
    private Pages() {}

    /** Serves them on a port, where 0 is any free one. */
    public static PushServer serve(int port) throws IOException {
        return PushServer.builder()
                .port(port)
                .resources(Pages.class.getResource("web/"))
                .path("/push", session -> {
                    for (var message : session) {
                        session.send(message);
                    }
                })
                .start();
    }

    public static void main(String[] arguments) throws Exception {
        try (var server = serve(8080)) {
            server.awaitEnd();
        }
    }
}
