package io.github.postern.verify.protocol;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Runs cases against a server, several at a time. */
final class Run {
    private static final int AT_A_TIME = 12;
    private static final Duration LONGEST_CASE = Duration.ofMinutes(5);

    private final URI uri;
    private final Duration patience;
    private final Optional<String> origin;

    Run(URI uri, Duration patience, Optional<String> origin) {
        this.uri = uri;
        this.patience = patience;
        this.origin = origin;
    }

    List<Result> run(List<Case> cases) throws InterruptedException {
        var free = new Semaphore(AT_A_TIME);
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            var running = cases.stream()
                    .map(one -> executor.submit(() -> {
                        free.acquire();
                        try {
                            return run(one);
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

    /** Runs one case. One that never gets to its end is ended by closing its sockets. */
    private Result run(Case one) {
        var deadline = new CompletableFuture<Void>();
        long begin = System.nanoTime();
        try (var target = new Target(uri, patience, origin)) {
            var unused = deadline.completeOnTimeout(null, LONGEST_CASE.toMillis(), TimeUnit.MILLISECONDS)
                    .thenRun(target::close);
            one.body().run(target);
            return new Result(one, Result.Verdict.PASSED, millisSince(begin), "");
        } catch (Skipped e) {
            return new Result(one, Result.Verdict.SKIPPED, millisSince(begin), String.valueOf(e.getMessage()));
        } catch (Broken | IOException e) {
            return new Result(one, Result.Verdict.FAILED, millisSince(begin), String.valueOf(e.getMessage()));
        } finally {
            deadline.cancel(false);
        }
    }

    private static long millisSince(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos).toMillis();
    }
}
