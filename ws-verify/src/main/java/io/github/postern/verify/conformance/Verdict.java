package io.github.postern.verify.conformance;

/** What a case has shown. */
sealed interface Verdict {
    /** The rule is kept. */
    record Passed() implements Verdict {}

    /** The rule is broken. */
    record Failed(String expected, String observed) implements Verdict {}

    /** The rule could not be put to the test, for it concerns something that the implementation does not do. */
    record NotApplicable(String why) implements Verdict {}

    /** A recommendation is not followed, or something is not as one would wish, which breaks no rule. */
    record Informational(String expected, String observed) implements Verdict {}

    /** One lower-case word or two, for tables and JSON. */
    default String label() {
        return switch (this) {
            case Passed passed -> "passed";
            case Failed failed -> "failed";
            case NotApplicable notApplicable -> "not applicable";
            case Informational informational -> "informational";
        };
    }
}
