package io.github.postern.verify.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.postern.push.PushServer;
import io.github.postern.push.PushSession;
import io.github.postern.ws.connection.ConnectionHandler;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients that know nothing of Postern follow a session over SSE. */
@Timeout(180)
class BareClientsTest {
    /** Sends a few messages and keeps the session open until the client goes. */
    private static final ConnectionHandler<PushSession> THREE_MESSAGES = session -> {
        session.send("first");
        session.send("two\nlines");
        session.send("end");
        session.forEach(message -> {});
    };

    private static PushServer server() throws Exception {
        return PushServer.builder().path("/push", THREE_MESSAGES).start();
    }

    @Test
    void curl_follows_a_session() throws Exception {
        Npm.requireOnPath("curl");
        try (var server = server()) {
            var output = Npm.run(List.of(
                    "sh",
                    "-c",
                    // curl would follow for ever: it ends when sed, having seen the last message, closes the pipe
                    "curl -sN --max-time 30 http://127.0.0.1:" + server.port() + "/push | sed '/^data:end$/q'"));
            assertTrue(output.contains("data:first\n"), output);
            assertTrue(output.contains("data:two\ndata:lines\n"), output);
            assertTrue(output.endsWith("data:end\n"), output);
        }
    }

    @Test
    void the_npm_package_eventsource_follows_a_session() throws Exception {
        Npm.install("eventsource@5.1.5");
        try (var server = server()) {
            var output = Npm.node("eventsource-read.mjs", "http://127.0.0.1:" + server.port() + "/push");
            assertEquals(List.of("\"first\"", "\"two\\nlines\"", "\"end\""), output.lines().toList());
        }
    }
}
