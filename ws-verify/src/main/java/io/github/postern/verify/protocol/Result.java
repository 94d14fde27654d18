package io.github.postern.verify.protocol;

/**
 * What a case has shown.
 *
 * @param verdict whether the rule is kept
 * @param millis how long it took
 * @param detail what was expected and what came instead, or why the case was skipped; empty if it has passed
 */
record Result(Case of, Verdict verdict, long millis, String detail) {
    enum Verdict {
        PASSED,
        FAILED,
        SKIPPED
    }
}
