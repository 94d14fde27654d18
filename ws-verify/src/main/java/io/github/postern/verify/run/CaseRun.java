package io.github.postern.verify.run;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Runs the cases of a suite, several at a time.
 *
 * @param atATime how many
 * @param longest how long one may take
 */
public record CaseRun(int atATime, Duration longest) {
    /**
     * Runs all of them.
     *
     * @return what came of each, in the order of the cases
     * @throws IllegalStateException if one throws, which is an error of the suite
     */
    public <C, R> List<R> run(List<? extends C> cases, Function<C, R> one) throws InterruptedException {
        var free = new Semaphore(atATime);
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            var running = cases.stream()
                    .map(it -> executor.submit(() -> {
                        free.acquire();
                        try {
                            return one.apply(it);
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

    /** Runs one case; when it takes too long, or a write of it blocks, it is ended by closing what it works on. */
    public <R> R inTime(Runnable close, Supplier<R> one) {
        var deadline = new CompletableFuture<Void>();
        try {
            var unused = deadline.completeOnTimeout(null, longest.toMillis(), TimeUnit.MILLISECONDS)
                    .thenRun(close);
            return one.get();
        } finally {
            deadline.cancel(false);
        }
    }
}
