package io.github.postern.push;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides when transports are tried, which attachment carries the session, and which are given up: the head start of the preferred transport, and moves
 * of a live session, make before break (PROTOCOL.md §15). Which transports come into question is a matter of {@link TransportChoice}.
 *
 * <p>Pure: no clock, no lock, no I/O, no thread. Times are nanoseconds of the owner's clock and are handed in; what is to be done is handed out, in
 * order. For one thread.
 */
final class TransportRace {
    /**
     * How long things may take.
     *
     * @param headStart the least head start of a WebSocket
     * @param memory how long a transport that does not get through is avoided
     * @param probe how long an attachment may take to prove that it lives after a change of the network
     */
    record Timing(long headStart, long memory, long probe) {}

    /** What the owner does next. */
    sealed interface Action {
        /** Begin an attachment. */
        record Start(int id, PushTransport transport) implements Action {}

        /** Give an attachment, or an attempt at one, up. Its end need not be told. */
        record Stop(int id) implements Action {}
    }

    /** There is nothing to wait for. */
    static final long NEVER = Long.MAX_VALUE;

    /** When an attachment that the server has asked for is tried again if it fails while the old one lives. */
    static final long REPEAT = 1_000_000_000L;

    private static final int ROUND_TRIPS = 4;

    /** The head start is at most so many times the least one. */
    private static final int LONGEST_HEAD_START = 2;

    /** An attachment that carries the session, or might soon. */
    private record Attempt(int id, PushTransport transport, long began) {}

    private final TransportChoice choice;
    private final TransportMemory.Entry memory;
    private final Timing timing;

    private final List<Attempt> attempts = new ArrayList<>();
    private final List<Action> actions = new ArrayList<>();
    private @Nullable Attempt current;

    private int lastId;

    /** Nothing is tried before, while nothing carries the session. */
    private long gate;

    /** When to attach anew because the server has asked for it. */
    private long moveAt = NEVER;

    /** An attachment that the server has asked for is under way. */
    private boolean moving;

    /** When the current attachment must have been renewed, because the network has changed. */
    private long renewBy = NEVER;

    /**
     * A race that has not begun.
     *
     * @param allowed the transports, the preferred one first; at least one
     */
    TransportRace(List<PushTransport> allowed, TransportMemory.Entry memory, Timing timing, long now) {
        this.choice = new TransportChoice(allowed, memory, timing.memory());
        this.memory = memory;
        this.timing = timing;
        this.gate = now;
    }

    /** What carries the session, or {@code null}. */
    @Nullable
    PushTransport current() {
        return current == null ? null : current.transport();
    }

    /** What the application has asked for and the session stays on, or {@code null}. */
    @Nullable
    PushTransport wanted() {
        return choice.wanted();
    }

    /** Whether that attempt carries the session. */
    boolean carries(int id) {
        return current != null && current.id() == id;
    }

    /** Whether everything was tried and failed: time to {@link #pauseUntil pause}. */
    boolean isExhausted(long now) {
        return current == null
                && attempts.isEmpty()
                && now >= gate
                && choice.remaining(now).isEmpty();
    }

    // what happens

    /** Looks at the clock. */
    List<Action> advance(long now) {
        if (current == null) {
            tryRound(now);
        } else {
            keep(current, now);
        }
        var result = List.copyOf(actions);
        actions.clear();
        return result;
    }

    /** An attempt was answered: it carries the session. */
    List<Action> answered(int id, long now) {
        var winner = find(id);
        if (winner == null) {
            actions.add(new Action.Stop(id));
            return advance(now);
        }
        for (var other : List.copyOf(attempts)) {
            boolean mayWinLater = other != current
                    && choice.wanted() == null
                    && choice.isPreferred(other.transport(), winner.transport());
            if (other != winner && !mayWinLater) {
                stop(other);
            }
        }
        current = winner;
        moveAt = NEVER;
        moving = false;
        renewBy = NEVER;
        choice.carriedBy(winner.transport(), now);
        return advance(now);
    }

    /**
     * An attempt failed, or an attachment ended by itself.
     *
     * @param id which
     * @param useful whether it had delivered something, or lasted
     * @param notBefore when the next attempt may begin; for an attempt beside others, now, unless the server has asked for patience
     */
    List<Action> ended(int id, boolean useful, long notBefore, long now) {
        var attempt = find(id);
        if (attempt == null) {
            return advance(now);
        }
        attempts.remove(attempt);
        if (attempt == current) {
            lost(attempt, useful, notBefore, now);
        } else {
            failed(attempt, notBefore, now);
        }
        return advance(now);
    }

    private void lost(Attempt attempt, boolean useful, long notBefore, long now) {
        current = null;
        moveAt = NEVER;
        moving = false;
        renewBy = NEVER;
        pauseUntil(notBefore);
        choice.lost(attempt.transport(), useful, now);
    }

    private void failed(Attempt attempt, long notBefore, long now) {
        boolean again = notBefore > now;
        if (current == null) {
            if (again) {
                pauseUntil(notBefore);
            } else {
                choice.failed(attempt.transport());
            }
        } else if (attempt.transport() == current.transport()) {
            moveAt = moving ? Math.max(notBefore, now + REPEAT) : NEVER;
            moving = false;
        } else {
            failedBeside(attempt.transport(), again ? notBefore : NEVER, now);
        }
    }

    private void failedBeside(PushTransport transport, long again, long now) {
        if (again == NEVER) {
            choice.avoid(transport, now);
            choice.giveUp(transport);
        } else if (choice.wanted() != transport) {
            choice.avoidUntil(transport, again);
        }
    }

    /** While nothing carries the session, nothing is tried before a time; then everything is tried again. */
    void pauseUntil(long time) {
        gate = time;
        choice.forgetFailures();
    }

    /** The server asks to attach anew at a time, and goes on with the current attachment until then. */
    List<Action> moveAt(int id, long time, long now) {
        if (current != null && current.id() == id) {
            moveAt = time;
        }
        return advance(now);
    }

    /** The application asks for a transport, which the session stays on until that fails. */
    List<Action> moveTo(PushTransport transport, long now) {
        choice.want(transport);
        if (current == null) {
            gate = now;
        }
        return advance(now);
    }

    /** Somebody hurries: what was to be waited for is not. */
    List<Action> hurry(long now) {
        if (current == null && gate > now) {
            pauseUntil(now);
        }
        return advance(now);
    }

    /** The network has changed, or the machine was asleep: nothing that was known need be true. */
    List<Action> probe(long now) {
        choice.forgetAll();
        if (current == null) {
            attempts.forEach(attempt -> actions.add(new Action.Stop(attempt.id())));
            attempts.clear();
            pauseUntil(now);
        } else if (renewBy == NEVER) {
            renewBy = now + timing.probe();
            startBeside(current, current.transport(), now);
        }
        return advance(now);
    }

    // what to do

    private void tryRound(long now) {
        if (now < gate) {
            return;
        }
        var remaining = choice.remaining(now);
        if (remaining.isEmpty()) {
            return;
        }
        var first = remaining.getFirst();
        var running = find(first);
        if (running == null) {
            running = start(first, now);
        }
        boolean alone = first != PushTransport.WEBSOCKET || remaining.size() == 1;
        if (!alone && now >= running.began() + headStart() && find(remaining.get(1)) == null) {
            start(remaining.get(1), now);
        }
    }

    private long headStart() {
        long roundTrip = memory.roundTripNanos();
        long fair = roundTrip == TransportMemory.UNKNOWN ? 0 : ROUND_TRIPS * roundTrip;
        return Math.clamp(fair, timing.headStart(), LONGEST_HEAD_START * timing.headStart());
    }

    private void keep(Attempt carrier, long now) {
        if (now >= renewBy) {
            stop(carrier); // it has not proved that it lives
            current = null;
            renewBy = NEVER;
            moveAt = NEVER;
            pauseUntil(now);
            tryRound(now);
            return;
        }
        if (now >= moveAt) {
            moveAt = NEVER;
            moving = true;
            startBeside(carrier, carrier.transport(), now);
        }
        var better = choice.betterThan(carrier.transport(), now);
        if (better != null) {
            startBeside(carrier, better, now);
        }
    }

    private void startBeside(Attempt carrier, PushTransport transport, long now) {
        if (!isTriedBeside(carrier, transport)) {
            start(transport, now);
        }
    }

    private boolean isTriedBeside(Attempt carrier, PushTransport transport) {
        return attempts.stream().anyMatch(a -> a != carrier && a.transport() == transport);
    }

    private Attempt start(PushTransport transport, long now) {
        lastId++;
        var attempt = new Attempt(lastId, transport, now);
        attempts.add(attempt);
        actions.add(new Action.Start(lastId, transport));
        return attempt;
    }

    private void stop(Attempt attempt) {
        attempts.remove(attempt);
        actions.add(new Action.Stop(attempt.id()));
    }

    private @Nullable Attempt find(int id) {
        return attempts.stream().filter(a -> a.id() == id).findFirst().orElse(null);
    }

    private @Nullable Attempt find(PushTransport transport) {
        return attempts.stream()
                .filter(a -> a.transport() == transport)
                .findFirst()
                .orElse(null);
    }

    /** When to look at the clock again, or {@link #NEVER}. */
    long next(long now) {
        if (current == null) {
            return now < gate ? gate : nextOfRound(now);
        }
        if (isBetterDue(current, now)) {
            return now;
        }
        return Math.min(Math.min(moveAt, renewBy), choice.nextBetterThan(current.transport(), now));
    }

    /** Whether the time came, since the last look, to try what is better. */
    private boolean isBetterDue(Attempt carrier, long now) {
        var better = choice.betterThan(carrier.transport(), now);
        return better != null && !isTriedBeside(carrier, better);
    }

    private long nextOfRound(long now) {
        var remaining = choice.remaining(now);
        if (!remaining.isEmpty() && find(remaining.getFirst()) == null) {
            return now; // the time to try it came since the last look
        }
        boolean alone = remaining.size() < 2 || remaining.getFirst() != PushTransport.WEBSOCKET;
        var running = alone ? null : find(PushTransport.WEBSOCKET);
        if (running == null || find(remaining.get(1)) != null) {
            return NEVER;
        }
        return running.began() + headStart();
    }
}
