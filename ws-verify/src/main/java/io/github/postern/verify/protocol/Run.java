package io.github.postern.verify.protocol;

import io.github.postern.verify.run.CaseRun;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Runs cases against a server, several at a time. */
final class Run {
    private static final CaseRun CASES = new CaseRun(12, Duration.ofMinutes(5));

    private final URI uri;
    private final Duration patience;
    private final Optional<String> origin;

    Run(URI uri, Duration patience, Optional<String> origin) {
        this.uri = uri;
        this.patience = patience;
        this.origin = origin;
    }

    List<Result> run(List<Case> cases) throws InterruptedException {
        return CASES.run(cases, this::run);
    }

    private Result run(Case one) {
        try (var target = new Target(uri, patience, origin)) {
            return CASES.inTime(target::close, () -> run(one, target));
        }
    }

    private static Result run(Case one, Target target) {
        long begin = System.nanoTime();
        try {
            one.body().run(target);
            return new Result(one, Result.Verdict.PASSED, millisSince(begin), "");
        } catch (Skipped e) {
            return new Result(one, Result.Verdict.SKIPPED, millisSince(begin), String.valueOf(e.getMessage()));
        } catch (Broken | IOException e) {
            return new Result(one, Result.Verdict.FAILED, millisSince(begin), String.valueOf(e.getMessage()));
        }
    }

    private static long millisSince(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos).toMillis();
    }
}
