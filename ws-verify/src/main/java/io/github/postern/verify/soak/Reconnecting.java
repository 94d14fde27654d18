package io.github.postern.verify.soak;

import io.github.postern.ws.connection.Message;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A client that connects again whenever its connection has ended. */
final class Reconnecting {
    private static final long PATIENCE_SECONDS = 45;

    private Reconnecting() {}

    static void untilClosed(Visit visit) throws Exception {
        var server = visit.site().server();
        var uri = visit.site()
                .uri(
                        server.port(),
                        visit.path(Behaviour.FICKLE) + "?" + visit.random().nextLong());
        var connections = new CountDownLatch(1 + visit.random().nextInt(5));
        var link = visit.site()
                .client()
                .reconnecting(uri)
                .firstDelay(Duration.ZERO)
                .baseDelay(Duration.ofMillis(1))
                .maxDelay(Duration.ofMillis(10))
                .resetAfter(Duration.ZERO)
                .random(new Random(visit.random().nextLong()))
                .retryIf(any -> true)
                .start(ws -> {
                    ws.send("again");
                    Unexpected.unlessEqual(new Message.Text("again"), ws.receive(), "the echo");
                    connections.countDown();
                    for (var unused : ws) {
                        // until the server ends it
                    }
                });
        try (link) {
            Unexpected.unless(connections.await(PATIENCE_SECONDS, TimeUnit.SECONDS), "it does not connect again");
        }
        link.awaitEnd();
    }
}
