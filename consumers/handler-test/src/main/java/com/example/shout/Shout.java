package com.example.shout;

import io.github.postern.ws.connection.Message;
import io.github.postern.ws.connection.WebSocket;
import io.github.postern.ws.core.CloseStatus;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;

/** A handler: gives texts back in capitals, and asks who says nothing for a minute. */
public final class Shout {
    private Shout() {}

    public static void serve(WebSocket ws) throws IOException, InterruptedException {
        while (true) {
            var message = ws.receive(Duration.ofMinutes(1));
            if (message.isEmpty()) {
                ws.send("ARE YOU THERE?");
            } else if (message.get() instanceof Message.Text(String text)) {
                ws.send(text.toUpperCase(Locale.ROOT));
            } else {
                ws.close(CloseStatus.of(1003, "text only"));
                return;
            }
        }
    }
}
