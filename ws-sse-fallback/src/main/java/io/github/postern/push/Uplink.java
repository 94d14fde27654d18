package io.github.postern.push;

import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** What the thread that writes, or POSTs, does with the session. */
final class Uplink {
    private final GuardedState guarded;

    /** Guarded by the session's lock. */
    private final ClientState state;

    Uplink(GuardedState guarded) {
        this.guarded = guarded;
        this.state = guarded.state;
    }

    /** Waits for what the WebSocket of an epoch writes next; {@code null} if it is no longer the session's. */
    @Nullable
    Frames nextFrames(long epoch) throws InterruptedException {
        return awaitWork(() -> state.epochs().carries(epoch), state::nextFrames);
    }

    /** Waits for a reason for a POST; {@code null} if the session is over. */
    @Nullable
    Post nextPost() throws InterruptedException {
        return awaitWork(() -> true, state::nextPost);
    }

    private <T> @Nullable T awaitWork(BooleanSupplier current, LongFunction<@Nullable T> next)
            throws InterruptedException {
        guarded.lock.lockInterruptibly();
        try {
            while (state.phase() != ClientEnd.Phase.OVER && current.getAsBoolean()) {
                long now = System.nanoTime();
                var work = next.apply(now);
                if (work != null) {
                    return work;
                }
                // Reception.NOT_DUE is as good as for ever
                var unused = guarded.uplink.awaitNanos(state.ackDueIn(now));
            }
            return null;
        } finally {
            guarded.lock.unlock();
        }
    }

    /** Waits before the next POST. Ends early if the session is over. */
    void pause(long millis) throws InterruptedException {
        guarded.lock.lockInterruptibly();
        try {
            long rest = TimeUnit.MILLISECONDS.toNanos(millis);
            while (rest > 0 && state.phase() != ClientEnd.Phase.OVER) {
                rest = guarded.uplink.awaitNanos(rest);
            }
        } finally {
            guarded.lock.unlock();
        }
    }
}
