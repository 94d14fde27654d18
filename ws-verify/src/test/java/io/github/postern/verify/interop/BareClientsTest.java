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
    private static final ConnectionHandler<PushSession> THREE_MESSAGES = session -> {
        session.send("first");
        session.send("two\nlines");
        session.send("end");
    };

    private static PushServer server(ConnectionHandler<PushSession> handler) throws Exception {
        return PushServer.builder().path("/push", handler).start();
    }

    @Test
    void curl_follows_a_session_to_its_end() throws Exception {
        Npm.requireOnPath("curl");
        try (var server = server(THREE_MESSAGES)) {
            var output = Npm.run(List.of("curl", "-sN", "http://127.0.0.1:" + server.port() + "/push"));
            assertTrue(output.contains("data:first\n"), output);
            assertTrue(output.contains("data:two\ndata:lines\n"), output);
            assertTrue(output.contains("data:end\n"), output);
            assertTrue(output.contains("event:close\n"), output);
        }
    }

    @Test
    void the_npm_package_eventsource_follows_a_session() throws Exception {
        Npm.install("eventsource@5.1.5");
        ConnectionHandler<PushSession> staying = session -> {
            THREE_MESSAGES.handle(session);
            session.forEach(message -> {}); // until the client goes
        };
        try (var server = server(staying)) {
            var output = Npm.node("eventsource-read.mjs", "http://127.0.0.1:" + server.port() + "/push");
            assertEquals(
                    List.of("\"first\"", "\"two\\nlines\"", "\"end\""),
                    output.lines().toList());
        }
    }
}
