package io.github.postern.verify.herd;

import io.github.postern.push.ClientPushSession;
import io.github.postern.push.PushClient;
import io.github.postern.push.PushClientOptions;
import io.github.postern.push.PushTransport;
import io.github.postern.ws.connection.ConnectionClosedException;
import io.github.postern.ws.connection.Message;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Clients that lose their server all at once, because it is killed, and come back all at once to the one that takes its place; nothing paces them but what each does
 * by itself. Each is told that its session is gone, opens another, and exchanges a message. The server is a process of its own, so that each side has the
 * descriptors of one.
 */
public final class Herd {
    /** The opening is no herd: so many connect at a time. */
    private static final int OPENING_AT_ONCE = 32;

    /** The server does not know the session (any more). */
    private static final int UNKNOWN = 4410;

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** Whoever gives up earlier what a server is about to answer has it do everything twice. */
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(30);

    /** An application that could not open a session waits before it tries again, at most so long, at random; twice as long each time (PROTOCOL.md §9). */
    private static final long FIRST_PAUSE_MILLIS = 500;

    private static final long LONGEST_PAUSE_MILLIS = 20_000;

    private final int size;
    private final AtomicInteger failures = new AtomicInteger();

    /** A herd of so many. */
    public Herd(int size) {
        this.size = size;
    }

    /**
     * What came of it.
     *
     * @param opening how long it took to open the sessions
     * @param told how long after the second server was there the clients were told that their sessions are gone
     * @param back how long after that time their new sessions had carried a message each way
     * @param failures how many attempts to open a session failed, and were made again
     */
    public record Outcome(int size, Duration opening, Spread told, Spread back, int failures) {
        @Override
        public String toString() {
            return String.format(
                    "%d sessions opened within %d ms; after the restart told within %s; back within %s; %d attempts failed",
                    size, opening.toMillis(), told, back, failures);
        }
    }

    private record Return(ClientPushSession session, long told, long back) {}

    /**
     * Opens the sessions, restarts the server, and waits until all are back.
     *
     * @throws java.util.concurrent.ExecutionException if a client is told something else, or is not back within 2 min
     */
    public Outcome run() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor();
                var first = ServerProcess.start(0, size)) {
            long began = System.nanoTime();
            var turns = new Semaphore(OPENING_AT_ONCE);
            Callable<ClientPushSession> open = () -> open(first.uri(), turns);
            var sessions = all(threads, Collections.nCopies(size, open));
            var opening = Duration.ofNanos(System.nanoTime() - began);
            first.kill();
            try (var second = ServerProcess.start(first.port(), size)) {
                long restarted = System.nanoTime();
                var returns = all(
                        threads,
                        sessions.stream()
                                .map(session -> (Callable<Return>) () -> comeBack(session, second.uri()))
                                .toList());
                returns.forEach(one -> one.session().abort());
                var told = Spread.of(returns.stream().mapToLong(one -> one.told() - restarted));
                var back = Spread.of(returns.stream().mapToLong(one -> one.back() - restarted));
                return new Outcome(size, opening, told, back, failures.get());
            }
        }
    }

    private static <T> List<T> all(ExecutorService threads, List<Callable<T>> tasks) throws Exception {
        var results = new ArrayList<T>();
        for (var done : threads.invokeAll(tasks)) {
            results.add(done.get());
        }
        return results;
    }

    private ClientPushSession open(URI uri, Semaphore turns) throws IOException, InterruptedException {
        turns.acquire();
        try {
            return openAndTalk(uri, System.nanoTime());
        } finally {
            turns.release();
        }
    }

    private Return comeBack(ClientPushSession lost, URI uri) throws IOException, InterruptedException {
        int code = codeOfEnd(lost);
        if (code != UNKNOWN) {
            throw new IllegalStateException("told " + code);
        }
        long told = System.nanoTime();
        var session = openAndTalk(uri, told);
        return new Return(session, told, System.nanoTime());
    }

    /** Takes what has come, to the end. */
    private static int codeOfEnd(ClientPushSession session) throws IOException, InterruptedException {
        try {
            while (session.receive(PATIENCE).isPresent()) {
                // of before
            }
        } catch (ConnectionClosedException e) {
            return e.closeInfo().status().code();
        }
        throw new IOException("not told within " + PATIENCE.toSeconds() + " s");
    }

    /** Opens a session that has carried a message each way, as often as it takes. */
    private ClientPushSession openAndTalk(URI uri, long since) throws IOException, InterruptedException {
        for (long pause = FIRST_PAUSE_MILLIS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS)) {
            try {
                return talk(uri);
            } catch (IOException e) {
                failures.incrementAndGet();
                if (System.nanoTime() - since > PATIENCE.toNanos()) {
                    throw e;
                }
            }
            pause(ThreadLocalRandom.current().nextLong(pause + 1));
        }
    }

    private static void pause(long millis) throws InterruptedException {
        var unused = new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS);
    }

    /** WebSocket only: over HTTP each session has an HTTP client of its own, and ten thousand of those have more descriptors than a process. */
    private static ClientPushSession talk(URI uri) throws IOException, InterruptedException {
        var session = PushClient.builder(uri)
                .transport(PushTransport.WEBSOCKET)
                .options(PushClientOptions.defaults().withConnectTimeout(CONNECT_TIMEOUT))
                .connect();
        session.send("hello");
        var echo = session.receive(PATIENCE);
        if (!echo.equals(Optional.of(new Message.Text("hello")))) {
            throw new IllegalStateException("received " + echo);
        }
        return session;
    }
}
