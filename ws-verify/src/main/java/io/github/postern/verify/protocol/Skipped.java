package io.github.postern.verify.protocol;

/** Ends a case that cannot be put to the test with this server. */
final class Skipped extends Exception {
    private static final long serialVersionUID = 1;

    Skipped(String why) {
        super(why);
    }
}
