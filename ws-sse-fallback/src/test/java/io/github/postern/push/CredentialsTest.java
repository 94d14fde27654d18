package io.github.postern.push;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Who holds a session, and until when. */
class CredentialsTest {
    private static final long CENTURY_NANOS = 36_500L * 24 * 3600 * 1_000_000_000L;

    private final Credentials credentials = new Credentials();

    @Test
    void expire_at_once_if_they_have_expired_however_long_ago() {
        assertTrue(credentials.renew(Authentication.anonymous().until(Instant.MIN), 0));
        assertTrue(credentials.isExpired(0));
        assertTrue(credentials.renew(Authentication.anonymous().until(Instant.EPOCH), 0));
        assertTrue(credentials.isExpired(0));
    }

    @Test
    void never_expire_if_that_is_far_away() {
        assertTrue(credentials.renew(Authentication.anonymous().until(Instant.MAX), 0));
        assertFalse(credentials.isExpired(CENTURY_NANOS));
    }

    @Test
    void are_not_touched_by_somebody_else() {
        assertTrue(credentials.renew(Authentication.admitted("a").until(Instant.MIN), 0));
        assertFalse(credentials.renew(Authentication.admitted("b").withAttributes(Map.of("k", 1)), 0));
        assertTrue(credentials.isExpired(0));
        assertEquals(Map.of(), credentials.attributes());
    }
}
