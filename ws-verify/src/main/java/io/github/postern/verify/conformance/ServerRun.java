package io.github.postern.verify.conformance;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Runs cases against a server, several at a time. */
final class ServerRun {
    private static final int AT_A_TIME = 8;
    private static final Duration LONGEST_CASE = Duration.ofSeconds(60);

    private final URI uri;
    private final Settings settings;

    ServerRun(URI uri, Settings settings) {
        this.uri = uri;
        this.settings = settings;
    }

    List<Result> run(List<Case<? super ServerTarget>> cases) throws InterruptedException {
        var free = new Semaphore(AT_A_TIME);
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            var running = cases.stream()
                    .map(it -> executor.submit(() -> {
                        free.acquire();
                        try {
                            return new Result(it, run(it));
                        } finally {
                            free.release();
                        }
                    }))
                    .toList();
            for (var result : running) {
                await(result);
            }
            return running.stream().map(Future::resultNow).toList();
        }
    }

    private static void await(Future<?> result) throws InterruptedException {
        try {
            result.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("a case has ended in an error of the suite", e.getCause());
        }
    }

    /** Runs one case. A write that blocks, or a case that never gets to its end, is ended by closing its sockets. */
    Verdict run(Case<? super ServerTarget> one) {
        var deadline = new CompletableFuture<Void>();
        try (var target = new ServerTarget(uri, settings)) {
            var unused = deadline.completeOnTimeout(null, LONGEST_CASE.toMillis(), TimeUnit.MILLISECONDS)
                    .thenRun(target::close);
            return one.run(target);
        } finally {
            deadline.cancel(false);
        }
    }
}
