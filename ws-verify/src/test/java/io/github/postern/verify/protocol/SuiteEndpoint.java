package io.github.postern.verify.protocol;

import io.github.postern.push.PushLimits;
import io.github.postern.push.PushOptions;
import io.github.postern.push.PushServer;
import io.github.postern.push.PushSession;
import io.github.postern.ws.connection.Message;
import io.github.postern.ws.core.CloseStatus;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Set;

/** Our server as the suite wants it: see the package's Javadoc. Its times are short, so that the suite need not wait long for them. */
final class SuiteEndpoint implements AutoCloseable {
    static final String ORIGIN = "https://listed.example";

    /** The host of the limited endpoints. */
    private static final String LIMITED = "limited.example";

    private final PushServer server;

    private SuiteEndpoint(PushServer server) {
        this.server = server;
    }

    static SuiteEndpoint start() throws IOException {
        var options = PushOptions.defaults()
                .withLimits(
                        PushLimits.defaults().withUnacknowledged(1_000, 512 * 1024)) // for a message beyond the window
                .withHeartbeat(Duration.ofSeconds(2))
                .withPollTimeout(Duration.ofSeconds(2))
                .withExpiry(Duration.ofSeconds(6))
                .withAttachTimeout(Duration.ofSeconds(2))
                .withBodyTimeout(Duration.ofSeconds(2))
                .withBusyTimeout(Duration.ofSeconds(1))
                .withWriteTimeout(Duration.ofSeconds(4))
                .withSendTimeout(Duration.ofSeconds(4))
                .withAllowedOrigins(Set.of(ORIGIN));
        return new SuiteEndpoint(PushServer.builder()
                .options(options)
                .path("/push", SuiteEndpoint::serve)
                .path(
                        "/few",
                        SuiteEndpoint::serve,
                        options.withLimits(options.limits().withSessions(3, 100))
                                .withAllowedHosts(Set.of(LIMITED)))
                .path(
                        "/few-from-one",
                        SuiteEndpoint::serve,
                        options.withLimits(options.limits().withSessions(100, 3))
                                .withAllowedHosts(Set.of(LIMITED)))
                .start());
    }

    URI uri() {
        return uri("/push");
    }

    /** An endpoint of few sessions in all, {@code /few}, or from one address, {@code /few-from-one}. */
    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + server.port() + path);
    }

    private static void serve(PushSession session) throws IOException, InterruptedException {
        for (var message : session) {
            if (message instanceof Message.Text text && text.text().startsWith("!")) {
                var words = text.text().split(" ", 3);
                switch (words[0]) {
                    case "!push" -> push(session, Integer.parseInt(words[1]), Integer.parseInt(words[2]));
                    case "!close" -> session.close(CloseStatus.of(Integer.parseInt(words[1]), words[2]));
                    case "!stop" -> Thread.currentThread().join(Duration.ofMinutes(10)); // until the server stops
                    default -> throw new IllegalArgumentException(words[0]);
                }
            } else {
                session.send(message);
            }
        }
    }

    private static void push(PushSession session, int count, int size) throws IOException {
        for (int i = 0; i < count; i++) {
            session.send("x".repeat(size));
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
