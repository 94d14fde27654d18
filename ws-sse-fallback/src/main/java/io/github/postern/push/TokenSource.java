package io.github.postern.push;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The token of one session: the newest that the supplier gave. Thread-safe. */
final class TokenSource {
    /** There is nothing to renew by itself. */
    static final long NEVER = Long.MAX_VALUE;

    /** A token is renewed when four fifths of its life have passed. */
    private static final double RENEW_AFTER = 0.8;

    private static final long SHORTEST_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long LONGEST_NANOS = TimeUnit.DAYS.toNanos(365);

    private final @Nullable PushTokenSupplier supplier;

    /** Held while the supplier works, so that it is asked once for many. */
    private final ReentrantLock lock = new ReentrantLock();

    private volatile @Nullable PushToken token;
    private volatile long renewAt = NEVER;

    /** A source of tokens, or of none. */
    TokenSource(@Nullable PushTokenSupplier supplier) {
        this.supplier = supplier;
    }

    /** Whether there are tokens at all. */
    boolean isPresent() {
        return supplier != null;
    }

    /** The value to send, asking for one if there is none yet; {@code null} if there are no tokens at all. */
    @Nullable
    String value() throws IOException, InterruptedException {
        var known = token;
        if (supplier == null || known != null) {
            return known == null ? null : known.value();
        }
        return renew(null);
    }

    /**
     * Asks for a new token, unless somebody else has got one meanwhile.
     *
     * @param old the value that is no longer good, or {@code null} if there was none
     * @return the value to send from now on
     * @throws IOException if the supplier has none, or fails
     */
    String renew(@Nullable String old) throws IOException, InterruptedException {
        lock.lockInterruptibly();
        try {
            var known = token;
            if (known != null && !known.value().equals(old)) {
                return known.value();
            }
            var fresh = ask();
            var left = fresh.expiresAt().map(at -> Duration.between(Instant.now(), at));
            renewAt = left.map(l -> System.nanoTime() + patience(l)).orElse(NEVER);
            token = fresh;
            return fresh.value();
        } finally {
            lock.unlock();
        }
    }

    /** How long a token with so much life left is used: not shorter than a second, so that one that is over asks for no flood of others. */
    private static long patience(Duration left) {
        long nanos = TimeUnit.NANOSECONDS.convert(left);
        return Math.clamp((long) (nanos * RENEW_AFTER), SHORTEST_NANOS, LONGEST_NANOS);
    }

    private PushToken ask() throws IOException, InterruptedException {
        if (supplier == null) {
            throw new IllegalStateException("no supplier");
        }
        try {
            return Objects.requireNonNull(supplier.get(), "the token supplier gave null");
        } catch (RuntimeException e) {
            throw new IOException("the token supplier failed", e);
        }
    }

    /** The server does not take a value: if it is still the newest, another is asked for when one is needed. */
    void reject(@Nullable String value) {
        var newest = token;
        if (newest != null && newest.value().equals(value)) {
            token = null;
            renewAt = NEVER;
        }
    }

    /** The newest value, or {@code null} if there is none yet, or none that is good. */
    @Nullable
    String known() {
        var newest = token;
        return newest == null ? null : newest.value();
    }

    /** In how many nanoseconds the token should be renewed; at most {@link #NEVER}. */
    long renewalDueIn(long now) {
        long at = renewAt;
        return at == NEVER ? NEVER : Math.max(0, at - now);
    }

    /** A renewal failed: it is tried again after so long. */
    void postpone(long nanos) {
        renewAt = System.nanoTime() + nanos;
    }
}
