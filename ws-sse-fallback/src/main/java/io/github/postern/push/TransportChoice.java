package io.github.postern.push;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which transports come into question for a session, the preferred one first: what was allowed, what the application has asked for, what is remembered of those
 * that do not get through, and what has failed lately.
 *
 * <p>Pure: no clock, no lock, no I/O, no thread. Times are nanoseconds of the owner's clock. For one thread.
 */
final class TransportChoice {
    /** An attachment that opens only to die so often is none. */
    private static final int STRIKES = 3;

    private final List<PushTransport> allowed;
    private final TransportMemory.Entry memory;
    private final long avoidance;
    private final Map<PushTransport, Integer> strikes = new EnumMap<>(PushTransport.class);

    /** What failed since the session was carried last. */
    private final Set<PushTransport> failed = EnumSet.noneOf(PushTransport.class);

    /** What the application has asked for, or {@code null}. */
    private @Nullable PushTransport wanted;

    /**
     * A choice of those transports.
     *
     * @param allowed the preferred one first; at least one
     * @param avoidance for how long one that does not get through is avoided
     */
    TransportChoice(List<PushTransport> allowed, TransportMemory.Entry memory, long avoidance) {
        this.allowed = List.copyOf(allowed);
        this.memory = memory;
        this.avoidance = avoidance;
    }

    /** What the application has asked for and the session stays on, or {@code null}. */
    @Nullable
    PushTransport wanted() {
        return wanted;
    }

    /** The application asks for a transport. */
    void want(PushTransport transport) {
        wanted = transport;
    }

    /** A transport has failed for good, for now: if it was asked for, it is so no more. */
    void giveUp(PushTransport transport) {
        if (wanted == transport) {
            wanted = null;
        }
    }

    /** What is better than a transport that carries the session, and comes into question; {@code null} if nothing is. */
    @Nullable
    PushTransport betterThan(PushTransport current, long now) {
        if (wanted != null) {
            return wanted == current ? null : wanted;
        }
        var best = candidates(now).getFirst();
        return isPreferred(best, current) ? best : null;
    }

    /** The transports that have not failed, those first that come into question by what is known. */
    List<PushTransport> remaining(long now) {
        var result = candidates(now);
        result.removeAll(failed);
        if (result.isEmpty()) {
            // nothing usual is left: what was avoided is better than nothing
            result.addAll(allowed);
            result.removeAll(failed);
        }
        return result;
    }

    private List<PushTransport> candidates(long now) {
        var result = new ArrayList<PushTransport>();
        if (wanted != null) {
            result.add(wanted);
        }
        allowed.stream()
                .filter(t -> t != wanted && memory.avoidedFor(t, now) == 0)
                .forEach(result::add);
        if (result.isEmpty()) {
            result.addAll(allowed);
        }
        return result;
    }

    boolean isPreferred(PushTransport one, PushTransport other) {
        return rank(one) < rank(other);
    }

    private int rank(PushTransport transport) {
        int index = allowed.indexOf(transport);
        return index < 0 ? allowed.size() : index;
    }

    /** When one that is better than what carries the session may be tried again, or {@link TransportRace#NEVER}. */
    long nextBetterThan(PushTransport current, long now) {
        long next = TransportRace.NEVER;
        for (var transport : allowed) {
            long avoided = memory.avoidedFor(transport, now);
            if (wanted == null && avoided > 0 && isPreferred(transport, current)) {
                next = Math.min(next, now + avoided);
            }
        }
        return next;
    }

    /** A transport carries the session: what has failed before it, though it is better, is avoided. */
    void carriedBy(PushTransport winner, long now) {
        memory.admit(winner);
        for (var transport : failed) {
            if (isPreferred(transport, winner)) {
                avoid(transport, now);
            }
        }
        failed.clear();
    }

    /** What carried the session has ended. */
    void lost(PushTransport transport, boolean useful, long now) {
        int count = useful ? 0 : strikes.getOrDefault(transport, 0) + 1;
        if (count >= STRIKES) {
            avoid(transport, now);
            giveUp(transport);
            count = 0;
        }
        strikes.put(transport, count);
    }

    /** An attempt failed while nothing carries the session: the others are tried first. */
    void failed(PushTransport transport) {
        giveUp(transport);
        failed.add(transport);
    }

    /** A transport does not get through, and is not tried for as long as that is remembered. */
    void avoid(PushTransport transport, long now) {
        memory.avoid(transport, now + avoidance);
    }

    /** The server has asked for patience with a transport. */
    void avoidUntil(PushTransport transport, long time) {
        memory.avoid(transport, time);
    }

    /** Everything may be tried again. */
    void forgetFailures() {
        failed.clear();
    }

    /** The network has changed: nothing that was known need be true. */
    void forgetAll() {
        memory.forget();
        strikes.clear();
    }
}
