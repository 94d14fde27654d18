package io.github.postern.verify.chaos;

import io.github.postern.push.PushListener;
import io.github.postern.push.PushMetrics;
import io.github.postern.push.PushOptions;
import io.github.postern.push.PushServer;
import io.github.postern.push.PushSession;
import io.github.postern.ws.connection.CloseInfo;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A push server whose sessions are handed to whoever plays its application. */
final class PushSite implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 10;

    private final BlockingQueue<PushSession> sessions = new LinkedBlockingQueue<>();

    /** What the handlers wait for, by session. */
    private final Map<String, CountDownLatch> ends = new ConcurrentHashMap<>();

    private final PushServer server;

    PushSite(PushOptions options) throws IOException {
        this(PushServer.builder(), options);
    }

    /** A site on a server that is described already but for its endpoint. */
    PushSite(PushServer.Builder builder, PushOptions options) throws IOException {
        server = builder.path("/push", this::serve, options)
                .addListener(new PushListener() {
                    @Override
                    public void ended(PushSession session, CloseInfo info) {
                        endOf(session).countDown();
                    }
                })
                .start();
    }

    private CountDownLatch endOf(PushSession session) {
        return ends.computeIfAbsent(session.id(), id -> new CountDownLatch(1));
    }

    private void serve(PushSession session) throws InterruptedException {
        var end = endOf(session);
        sessions.put(session);
        end.await();
        ends.remove(session.id());
    }

    int port() {
        return server.port();
    }

    /** The server's side of the session that was opened next. */
    PushSession take() throws IOException, InterruptedException {
        var session = sessions.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (session == null) {
            throw new IOException("no session was opened");
        }
        return session;
    }

    /** The server's side of this session of a client; others that were opened meanwhile are dropped. */
    PushSession take(PushSession client) throws IOException, InterruptedException {
        while (true) {
            var session = take();
            if (session.id().equals(client.id())) {
                return session;
            }
        }
    }

    /** Asks every client to attach anew, each at its own time within the window. */
    void move(Duration window) {
        server.move(window);
    }

    /** Drains the server and stops it; the applications may go on talking until they learn of it. */
    void drain(Duration window, Duration grace) {
        server.shutdown(window, grace);
    }

    PushMetrics metrics() {
        return server.metrics();
    }

    @Override
    public void close() {
        ends.values().forEach(CountDownLatch::countDown);
        server.close();
    }
}
