package io.github.postern.benchmarks.fanout;

import io.github.postern.push.PushLimits;
import io.github.postern.push.PushOptions;
import io.github.postern.push.PushServer;
import io.github.postern.push.PushSession;
import io.github.postern.push.Topic;
import java.io.IOException;
import java.time.Duration;

/** Our topic, with the limits on the number of sessions out of the way. */
final class PosternTopic implements Publisher {
    static final String PATH = "/push";

    /** Short, so that what was there before is gone when memory is measured. */
    static final Duration EXPIRY = Duration.ofSeconds(2);

    private static final int MANY = 100_000;

    private final Topic news = Topic.of("news");

    @Override
    public int start() throws IOException {
        var server = PushServer.builder()
                .host(Publisher.address().getHostAddress())
                .options(PushOptions.defaults()
                        .withLimits(PushLimits.defaults().withSessions(MANY, MANY))
                        .withExpiry(EXPIRY))
                .maxConnections(MANY)
                .maxConnectionsPerAddress(MANY)
                .path(PATH, this::serve)
                .start();
        return server.port();
    }

    private void serve(PushSession session) {
        news.subscribe(session);
        for (var unused : session) {
            // whoever subscribes says nothing
        }
    }

    @Override
    public void publish(String text) {
        var unused = news.publish(text);
    }
}
