package io.github.postern.faults;

import java.util.concurrent.atomic.AtomicReference;

/** Counts the bytes of all connections that go one way, up to the one whose connection is cut. Safe for any number of threads. */
final class ByteCut {
    private static final Countdown NEVER =
            new Countdown(Exchange.UNLIMITED, new Injection(Fault.none(), Request.any(), 0));

    private final AtomicReference<Countdown> current = new AtomicReference<>(NEVER);

    /**
     * How far it is.
     *
     * @param left bytes that pass until the cut
     * @param injection what strikes then
     */
    record Countdown(long left, Injection injection) {
        private Countdown minus(int bytes) {
            if (left == Exchange.UNLIMITED) {
                return this;
            }
            return left <= bytes ? NEVER : new Countdown(left - bytes, injection);
        }
    }

    Injection set(Direction direction, long bytes) {
        if (bytes < 1) {
            throw new IllegalArgumentException("number of bytes out of range: " + bytes);
        }
        var fault = direction == Direction.UP ? Fault.cutRequest(bytes) : Fault.cutResponse(bytes);
        var injection = new Injection(fault, Request.any(), 0);
        current.set(new Countdown(bytes, injection));
        return injection;
    }

    void clear() {
        current.set(NEVER);
    }

    /** Counts so many bytes, and tells what was left before them. */
    Countdown take(int bytes) {
        return current.getAndUpdate(countdown -> countdown.minus(bytes));
    }
}
