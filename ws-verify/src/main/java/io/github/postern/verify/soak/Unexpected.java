package io.github.postern.verify.soak;

import java.util.Objects;

/** Something came otherwise than it must. */
final class Unexpected extends Exception {
    private static final long serialVersionUID = 1L;

    Unexpected(String what) {
        super(what);
    }

    static void unless(boolean asExpected, String what) throws Unexpected {
        if (!asExpected) {
            throw new Unexpected(what);
        }
    }

    static void unlessEqual(Object expected, Object seen, String what) throws Unexpected {
        if (!Objects.equals(expected, seen)) {
            throw new Unexpected(what + ": " + seen + " instead of " + expected);
        }
    }
}
