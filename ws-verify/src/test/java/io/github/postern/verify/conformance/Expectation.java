package io.github.postern.verify.conformance;

import static org.junit.jupiter.api.Assertions.fail;

/** What is expected of our own implementation: every rule kept, and every recommendation. */
final class Expectation {
    private Expectation() {}

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
