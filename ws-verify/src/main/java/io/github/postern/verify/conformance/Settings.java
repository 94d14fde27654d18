package io.github.postern.verify.conformance;

import java.time.Duration;
import java.util.OptionalInt;

/**
 * What the suite is told about the implementation.
 *
 * @param patience how long to wait for anything that has to come
 * @param maxMessage the longest message that the implementation takes, in bytes, if that is known
 * @param maxFragments the most frames of a message that it takes, if that is known
 */
record Settings(Duration patience, OptionalInt maxMessage, OptionalInt maxFragments) {
    static final Settings DEFAULTS = new Settings(Duration.ofSeconds(5), OptionalInt.empty(), OptionalInt.empty());

    Settings withPatience(Duration value) {
        return new Settings(value, maxMessage, maxFragments);
    }

    Settings withMaxMessage(int value) {
        return new Settings(patience, OptionalInt.of(value), maxFragments);
    }

    Settings withMaxFragments(int value) {
        return new Settings(patience, maxMessage, OptionalInt.of(value));
    }
}
