package io.github.postern.verify.conformance;

/** Ends a case with a verdict other than passed. */
final class Finding extends Exception {
    private static final long serialVersionUID = 1;

    private final transient Verdict verdict;

    private Finding(Verdict verdict) {
        super(verdict.toString());
        this.verdict = verdict;
    }

    static Finding failed(String expected, String observed) {
        return new Finding(new Verdict.Failed(expected, observed));
    }

    static Finding informational(String expected, String observed) {
        return new Finding(new Verdict.Informational(expected, observed));
    }

    static Finding notApplicable(String why) {
        return new Finding(new Verdict.NotApplicable(why));
    }

    Verdict verdict() {
        return verdict;
    }
}
