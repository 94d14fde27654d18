package io.github.postern.verify.conformance;

import io.github.postern.verify.run.CaseRun;
import java.net.URI;
import java.time.Duration;
import java.util.List;

/** Runs cases against a server, several at a time. */
final class ServerRun {
    private static final CaseRun CASES = new CaseRun(8, Duration.ofSeconds(60));

    private final URI uri;
    private final Settings settings;

    ServerRun(URI uri, Settings settings) {
        this.uri = uri;
        this.settings = settings;
    }

    List<Result> run(List<Case<? super ServerTarget>> cases) throws InterruptedException {
        return CASES.run(cases, one -> new Result(one, run(one)));
    }

    /** Runs one case. */
    Verdict run(Case<? super ServerTarget> one) {
        try (var target = new ServerTarget(uri, settings)) {
            return CASES.inTime(target::close, () -> one.run(target));
        }
    }
}
