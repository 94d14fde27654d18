package io.github.postern.verify.soak;

import java.io.PrintWriter;
import java.io.StringWriter;

/** What an action met that it must not meet. */
record Failure(String where, String seen) {
    static Failure of(String where, Throwable thrown) {
        var text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text));
        return new Failure(where, text.toString());
    }

    /** An action that does not come to its end. */
    static Failure stuck(String where, Thread thread) {
        var text = new StringBuilder("did not come to its end:");
        for (var frame : thread.getStackTrace()) {
            text.append("\n\tat ").append(frame);
        }
        return new Failure(where, text.toString());
    }

    @Override
    public String toString() {
        return where + ": " + seen;
    }
}
