package io.github.postern.push;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Who holds a session, and until when that is known. Guarded by the session, but for the attributes. */
final class Credentials {
    private static final long NEVER = Long.MAX_VALUE;

    /** A hundred years are for ever, and far from overflow in nanoseconds. */
    private static final Duration FAR = Duration.ofDays(36_500);

    private final Map<String, Object> attributes = new ConcurrentHashMap<>(1);
    private Optional<String> principal = Optional.empty();
    private boolean known;
    private long validUntil = NEVER;

    /** Who it is; empty for somebody whom nobody knows. */
    Optional<String> principal() {
        return principal;
    }

    /** What the session keeps. For any thread. */
    Map<String, Object> attributes() {
        return attributes;
    }

    /** Takes what was found out about a request; false, and nothing is changed, if it is somebody else's. The first has the session. */
    boolean renew(Authentication.Admitted admitted, long now) {
        if (known && !principal.equals(admitted.principal())) {
            return false;
        }
        known = true;
        principal = admitted.principal();
        attributes.putAll(admitted.attributes());
        validUntil = admitted.expires().map(time -> until(time, now)).orElse(NEVER);
        return true;
    }

    private static long until(Instant time, long now) {
        var rest = Duration.between(Instant.now(), time);
        if (rest.compareTo(FAR) > 0) {
            return NEVER;
        }
        return rest.isNegative() ? now : now + rest.toNanos();
    }

    /** Whether they were not renewed in time. */
    boolean isExpired(long now) {
        return validUntil != NEVER && now - validUntil >= 0;
    }
}
