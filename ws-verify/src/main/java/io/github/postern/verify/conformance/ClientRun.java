package io.github.postern.verify.conformance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * A server that runs cases against the client that asks for them. It follows the convention of Autobahn's fuzzing server: a client asks
 * {@code /getCaseCount}, then connects to {@code /runCase?case=N&agent=NAME} for each number from 1 on and sends every message back,
 * and ends with {@code /updateReports?agent=NAME}.
 */
final class ClientRun implements AutoCloseable {
    private static final Duration LONGEST_CASE = Duration.ofSeconds(60);
    private static final Pattern CASE = Pattern.compile("(?:.*&)?case=([0-9]{1,6})(?:&.*)?");

    private final List<Case<? super ClientTarget>> cases;
    private final Settings settings;
    private final ServerSocket listening;
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<Integer, Verdict> verdicts = new ConcurrentHashMap<>();
    private final Visits visits = new Visits();
    private final CountDownLatch finished = new CountDownLatch(1);

    private ClientRun(List<Case<? super ClientTarget>> cases, Settings settings, ServerSocket listening) {
        this.cases = cases;
        this.settings = settings;
        this.listening = listening;
    }

    /** Begins to listen on a port of this machine; 0 takes any. */
    static ClientRun start(List<Case<? super ClientTarget>> cases, Settings settings, int port) throws IOException {
        var run = new ClientRun(cases, settings, new ServerSocket(port, 128));
        run.executor.execute(run::accept);
        return run;
    }

    int port() {
        return listening.getLocalPort();
    }

    /** Waits until the client asks for the report. */
    void await() throws InterruptedException {
        finished.await();
    }

    /** What is known by now; a case that the client did not come for has failed. */
    List<Result> results() {
        var results = new ArrayList<Result>();
        for (int i = 0; i < cases.size(); i++) {
            var none = new Verdict.Failed("a connection to /runCase?case=" + (i + 1), "none");
            results.add(new Result(cases.get(i), verdicts.getOrDefault(i, none)));
        }
        return List.copyOf(results);
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                var socket = listening.accept();
                executor.execute(() -> serve(socket));
            } catch (IOException e) {
                if (!listening.isClosed()) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    private void serve(Socket socket) {
        var deadline = new CompletableFuture<Void>();
        try (socket;
                var wire = new Wire(socket, settings.patience())) {
            var unused = deadline.completeOnTimeout(null, LONGEST_CASE.toMillis(), TimeUnit.MILLISECONDS)
                    .thenRun(wire::close);
            answer(wire, Head.read(wire));
        } catch (IOException | Finding e) {
            // whoever does not ask properly is not counted
        } finally {
            deadline.cancel(false);
        }
    }

    private void answer(Wire wire, Head request) throws Finding, IOException {
        var target = request.start().replaceFirst("\\S+ (\\S*).*", "$1");
        var path = target.replaceFirst("\\?.*", "");
        switch (path) {
            case "/getCaseCount" -> goodbye(wire, request, Optional.of(Frame.text(String.valueOf(cases.size()))));
            case "/updateReports" -> {
                goodbye(wire, request, Optional.empty());
                finished.countDown();
            }
            case "/runCase" -> run(wire, request, target.replaceFirst("[^?]*\\??", ""));
            default -> notFound(wire);
        }
    }

    private void run(Wire wire, Head request, String query) throws IOException {
        var matcher = CASE.matcher(query);
        int index = matcher.matches() ? Integer.parseInt(matcher.group(1)) - 1 : -1;
        if (index < 0 || index >= cases.size()) {
            notFound(wire);
            return;
        }
        verdicts.put(index, cases.get(index).run(new ClientTarget(wire, request, settings, visits)));
    }

    private static void goodbye(Wire wire, Head request, Optional<Frame> message) throws Finding, IOException {
        wire.write(Handshake.response(request).encode());
        var peer = new Peer(wire, Role.CLIENT, Optional.empty());
        message.ifPresent(peer::send);
        peer.send(Frame.close(1000, ""));
        peer.ending().passingData().closed(1000);
    }

    private static void notFound(Wire wire) throws IOException {
        wire.write(Head.of("HTTP/1.1 404 Not Found", "Content-Length", "0", "Connection", "close")
                .encode());
        wire.finishWriting();
    }

    @Override
    public void close() throws IOException {
        listening.close();
        executor.shutdownNow();
        executor.close();
    }
}
