package io.github.postern.faults;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/** The faults that are set, in the order in which they were, and the cuts that are meant for whichever connection is next. Safe for any number of threads. */
final class FaultPlan {
    private static final Injection NOTHING = new Injection(Fault.none(), Request.any(), 0);

    private final List<Injection> injections = new CopyOnWriteArrayList<>();
    private final ByteCut up = new ByteCut();
    private final ByteCut down = new ByteCut();

    /** Sets a fault for so many requests. */
    Injection add(long times, Predicate<? super Request> match, Fault fault) {
        if (times < 1) {
            throw new IllegalArgumentException("number of requests out of range: " + times);
        }
        injections.removeIf(Injection::isUsedUp);
        var injection = new Injection(fault, match, times);
        injections.add(injection);
        return injection;
    }

    /** A request begins: with the first fault that is meant for it, if one is. */
    Exchange begin(Request request) {
        for (var injection : injections) {
            if (injection.take(request)) {
                if (!(injection.fault().effect() instanceof Effect.None)) {
                    return new Exchange(request, injection);
                }
                injection.strike();
            }
        }
        return new Exchange(request, NOTHING);
    }

    /** The cut that is meant for whichever connection is next. */
    ByteCut byteCut(Direction direction) {
        return direction == Direction.UP ? up : down;
    }

    void clear() {
        injections.forEach(Injection::clear);
        injections.clear();
        down.clear();
        up.clear();
    }
}
