package io.github.postern.push;

import java.time.Instant;
import java.util.Optional;

/**
 * A bearer token (RFC 6750) with which a client proves who it is.
 *
 * @param value the token as it follows {@code Bearer }: visible ASCII characters without spaces
 * @param expiresAt when it expires, if that is known; the client then asks for a new one in time
 */
public record PushToken(String value, Optional<Instant> expiresAt) {
    /**
     * Checks the value.
     *
     * @throws IllegalArgumentException if it is empty or cannot stand in a header field
     */
    public PushToken {
        if (value.isEmpty() || value.chars().anyMatch(c -> c <= ' ' || c > '~')) {
            throw new IllegalArgumentException("token is empty or holds a character that no header may hold");
        }
    }

    /**
     * {@return a token of which is not known when it expires}
     *
     * @param value the token, without {@code Bearer}
     * @throws IllegalArgumentException as the constructor does
     */
    public static PushToken of(String value) {
        return new PushToken(value, Optional.empty());
    }

    /**
     * {@return a token that expires at a time}
     *
     * @param value the token, without {@code Bearer}
     * @param expiresAt when it expires
     * @throws IllegalArgumentException as the constructor does
     */
    public static PushToken of(String value, Instant expiresAt) {
        return new PushToken(value, Optional.of(expiresAt));
    }

    /** Without the value. */
    @Override
    public String toString() {
        return "PushToken[expiresAt=" + expiresAt.map(Instant::toString).orElse("unknown") + "]";
    }
}
