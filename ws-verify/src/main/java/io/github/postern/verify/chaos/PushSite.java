package io.github.postern.verify.chaos;

import io.github.postern.push.PushOptions;
import io.github.postern.push.PushServer;
import io.github.postern.push.PushSession;
import java.io.IOException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A push server whose sessions are handed to whoever plays its application. */
final class PushSite implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 10;

    private final BlockingQueue<PushSession> sessions = new LinkedBlockingQueue<>();
    private final CountDownLatch end = new CountDownLatch(1);
    private final PushServer server;

    PushSite(PushOptions options) throws IOException {
        server = PushServer.builder().path("/push", this::serve, options).start();
    }

    private void serve(PushSession session) throws InterruptedException {
        sessions.put(session);
        end.await();
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

    @Override
    public void close() {
        end.countDown();
        server.close();
    }
}
