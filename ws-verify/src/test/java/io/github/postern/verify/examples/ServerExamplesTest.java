package io.github.postern.verify.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.postern.ws.client.HandshakeRejectedException;
import io.github.postern.ws.client.WebSocketClient;
import io.github.postern.ws.connection.Message;
import io.github.postern.ws.server.UpgradeDecision;
import io.github.postern.ws.server.WebSocketServer;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The examples of {@code ws-server}. */
@Timeout(60)
class ServerExamplesTest {
    @Test
    void the_server_echoes() throws Exception {
        try (var serving = Serving.start(ServerExamplesTest::echo);
                var ws = WebSocketClient.create().connect(URI.create("ws://localhost:" + serving.port() + "/echo"))) {
            ws.send("hello");
            assertEquals(new Message.Text("hello"), ws.receive());
        }
    }

    private static void echo(int port) throws Exception {
        // @replace region regex="\bport\b(?=\))" replacement="8080"
        // @start region="echo" :
        try (var server = WebSocketServer.builder()
                .port(port)
                .path("/echo", ws -> {
                    for (var message : ws) {
                        ws.send(message);
                    }
                })
                .start()) {
            server.awaitEnd();
        }
        // @end
        // @end
    }

    @Test
    void the_upgrade_policy_lets_in_who_has_a_session() throws Exception {
        var sessions = Map.of("4711", "Ann");
        // @start region="policy" :
        var builder = WebSocketServer.builder()
                .path("/", ws -> ws.send("hello, " + ws.attributes().get("user")))
                .upgradePolicy(request -> {
                    var user = sessions.get(request.cookies().getOrDefault("session", ""));
                    return user == null
                            ? UpgradeDecision.reject(401, "Who are you?").withHeader("WWW-Authenticate", "Bearer")
                            : UpgradeDecision.accept().withAttribute("user", user);
                });
        // @end
        try (var server = builder.start()) {
            var uri = URI.create("ws://localhost:" + server.port() + "/");
            var refusal = assertThrows(
                    HandshakeRejectedException.class,
                    () -> WebSocketClient.create().connect(uri));
            assertEquals(401, refusal.response().status());
            var known =
                    WebSocketClient.builder().header("Cookie", "session=4711").build();
            try (var ws = known.connect(uri)) {
                assertEquals(new Message.Text("hello, Ann"), ws.receive());
            }
        }
    }
}
