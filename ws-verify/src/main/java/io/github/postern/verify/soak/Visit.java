package io.github.postern.verify.soak;

import io.github.postern.ws.connection.CloseInfo;
import io.github.postern.ws.connection.CloseInfo.Initiator;
import io.github.postern.ws.connection.ConnectionClosedException;
import io.github.postern.ws.connection.WebSocket;
import io.github.postern.ws.core.CloseStatus;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/** What one action has: chance, a site, and the connections that it opens there. For the action's thread. */
final class Visit implements AutoCloseable {
    private static final AtomicLong PATHS = new AtomicLong();
    private static final long PATIENCE_SECONDS = 45;

    private final Site site;
    private final Random random;
    private final List<String> paths = new ArrayList<>();
    private final List<WebSocket> opened = new ArrayList<>();

    Visit(Site site, Random random) {
        this.site = site;
        this.random = random;
    }

    Site site() {
        return site;
    }

    Random random() {
        return random;
    }

    boolean chance(int oneIn) {
        return random.nextInt(oneIn) == 0;
    }

    /** A path of its own, whose {@linkplain #serverEnd end} can be asked for. */
    String path(Behaviour behaviour) {
        var path = "/" + behaviour.name() + "/" + PATHS.incrementAndGet();
        paths.add(path);
        var unused = site.ends().expect(path);
        return path;
    }

    WebSocket connect(Behaviour behaviour) throws IOException {
        return connect(behaviour, random.nextLong());
    }

    WebSocket connect(Behaviour behaviour, long seed) throws IOException {
        return connect(site.server().port(), path(behaviour), seed);
    }

    WebSocket connect(int port, String path, long seed) throws IOException {
        var ws = site.client().connect(site.uri(port, path + "?" + seed));
        opened.add(ws);
        return ws;
    }

    /** How the other end of this connection ended. */
    CloseInfo serverEnd(WebSocket ws) throws Unexpected, InterruptedException {
        return serverEnd(ws.request().path());
    }

    CloseInfo serverEnd(String path) throws Unexpected, InterruptedException {
        try {
            return site.ends().expect(path).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException e) {
            throw new Unexpected("the server's connection has not ended after " + PATIENCE_SECONDS + " s");
        }
    }

    /** Closes in order, which both sides must see. */
    void close(WebSocket ws) throws Unexpected, InterruptedException {
        close(ws, Behaviour.status(random));
    }

    void close(WebSocket ws, CloseStatus status) throws Unexpected, InterruptedException {
        ws.close(status);
        var info = ws.closeInfo().orElseThrow();
        Unexpected.unless(
                info.clean()
                        && info.initiator() == Initiator.LOCAL
                        && status.equals(info.sent())
                        && info.status().code() == status.code(), // it comes back without the reason
                "the client closed with " + status + " and was " + info);
        var other = serverEnd(ws);
        Unexpected.unless(
                other.clean()
                        && other.initiator() == Initiator.REMOTE
                        && other.status().equals(status),
                "the client closed with " + status + " and the server was " + other);
    }

    /** Receives to the end, in which the server closed in order with this status. */
    void awaitClose(WebSocket ws, CloseStatus status) throws IOException, Unexpected, InterruptedException {
        var info = end(ws);
        Unexpected.unless(
                info.clean()
                        && info.initiator() == Initiator.REMOTE
                        && info.status().equals(status),
                "the server closed with " + status + " and the client was " + info);
        var other = serverEnd(ws);
        Unexpected.unless(
                other.clean() && other.initiator() == Initiator.LOCAL,
                "the server closed with " + status + " and was " + other);
    }

    /** Receives to the end, where nothing is to be received before. */
    CloseInfo end(WebSocket ws) throws IOException, Unexpected, InterruptedException {
        try {
            var message = ws.receive();
            throw new Unexpected("received instead of the end: " + Payload.describe(message));
        } catch (ConnectionClosedException e) {
            return e.closeInfo();
        }
    }

    /** Does something beside the action. */
    <T> FutureTask<T> beside(Callable<T> work) {
        var task = new FutureTask<>(work);
        Thread.ofVirtual().name("soak-beside").start(task);
        return task;
    }

    <T> T result(FutureTask<T> task) throws Exception {
        try {
            return task.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    /** Lets go of what an action that failed has left. */
    @Override
    public void close() {
        opened.forEach(WebSocket::abort);
        paths.forEach(site.ends()::forget);
    }
}
