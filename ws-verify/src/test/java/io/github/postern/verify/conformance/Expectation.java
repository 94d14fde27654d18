package io.github.postern.verify.conformance;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What is expected of our own implementation: every rule kept, and every recommendation. */
final class Expectation {
    static final Path DOCUMENT = Path.of("..", "docs", "conformance.md");

    private Expectation() {}

    /** The document tells the counts of a run. */
    static void told(String side, List<Result> results) throws IOException {
        var row = "| %s | %d | %d | %d | %d | %d |"
                .formatted(
                        side,
                        results.size(),
                        count(results, Verdict.Passed.class),
                        count(results, Verdict.Failed.class),
                        count(results, Verdict.Informational.class),
                        count(results, Verdict.NotApplicable.class));
        assertTrue(Files.readString(DOCUMENT).lines().anyMatch(row::equals), () -> "not in the document: " + row);
    }

    private static long count(List<Result> results, Class<? extends Verdict> verdict) {
        return results.stream().map(Result::verdict).filter(verdict::isInstance).count();
    }

    static void passed(Result result) {
        var one = result.of();
        switch (result.verdict()) {
            case Verdict.Passed passed -> {}
            case Verdict.Failed failed ->
                fail(one.rule() + " Expected: " + failed.expected() + "; observed: " + failed.observed());
            case Verdict.Informational told ->
                fail(one.rule() + " Expected: " + told.expected() + "; observed: " + told.observed());
            case Verdict.NotApplicable none -> {
                if (!one.section().startsWith("RFC 7692")) { // compression is optional
                    fail(one.rule() + " Not applicable: " + none.why());
                }
            }
        }
    }
}
