package io.github.postern.verify.protocol;

/** Ends a case: a rule is not kept. */
final class Broken extends Exception {
    private static final long serialVersionUID = 1;

    Broken(String expected, Object observed) {
        super("expected " + expected + "; observed " + observed);
    }
}
