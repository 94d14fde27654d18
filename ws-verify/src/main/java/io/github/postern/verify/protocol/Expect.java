package io.github.postern.verify.protocol;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What every case checks with. */
final class Expect {
    private Expect() {}

    static void that(boolean kept, String expected, @Nullable Object observed) throws Broken {
        if (!kept) {
            throw new Broken(expected, String.valueOf(observed));
        }
    }

    static void equal(@Nullable Object expected, @Nullable Object observed, String what) throws Broken {
        that(Objects.equals(expected, observed), what + " " + expected, observed);
    }

    static void status(int expected, Response response) throws Broken {
        equal(expected, response.status(), "the status");
    }

    /** A refusal of the server itself. */
    static void refused(int status, String error, Response response) throws Broken {
        status(status, response);
        header("Postern-Error", error, response);
    }

    static void header(String name, @Nullable String value, Response response) throws Broken {
        equal(value, response.header(name), "the header " + name);
    }

    static void received(long position, Response response) throws Broken {
        header("Postern-Received", Long.toString(position), response);
    }
}
