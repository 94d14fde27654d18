package io.github.postern.verify.chaos;

import io.github.postern.faults.Fault;
import io.github.postern.faults.FaultProxy;
import io.github.postern.faults.Injection;
import io.github.postern.faults.Request;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** Sets one fault after the other, at random, and counts those that struck. For one thread. */
final class Mischief {
    private static final int MOST_BYTES = 6_000;
    private static final int MOST_OF_REQUEST = 1_000;

    /** A half-open connection is noticed only after the heartbeat and 10 s, so there are few. */
    private static final int HALF_OPEN_ONE_IN = 40;

    private final FaultProxy proxy;
    private final Random random;
    private final Tally tally;

    /** Where nothing is faulty any more. */
    private final CountDownLatch end;

    /** Those set, by name, since the last count. */
    private final Map<Injection, String> set = new LinkedHashMap<>();

    Mischief(FaultProxy proxy, Random random, Tally tally, CountDownLatch end) {
        this.proxy = proxy;
        this.random = random;
        this.tally = tally;
        this.end = end;
    }

    /** Does something; may take a second. */
    void strike() throws InterruptedException {
        if (random.nextInt(HALF_OPEN_ONE_IN) == 0) {
            now("half-open, under way", Fault.halfOpen(random.nextInt(1_000)));
            return;
        }
        switch (random.nextInt(23)) {
            case 0 -> next("cut response", Request.any(), Fault.cutResponse(bytes()));
            case 1 -> next("reset response", Request.any(), Fault.resetResponse(bytes()));
            case 2 -> next("cut request", Request.any(), Fault.cutRequest(random.nextInt(MOST_OF_REQUEST)));
            case 3 -> next("reset request", Request.any(), Fault.resetRequest(random.nextInt(MOST_OF_REQUEST)));
            case 4 -> next("cut after a time", Request.any(), Fault.cutAfter(time(300)));
            case 5 -> next("lose request", Request.any(), Fault.loseRequest());
            case 6 -> next("lose answer to POST", Request.post(), Fault.loseResponse());
            case 7 -> next("lose answer to poll", polls(), Fault.loseResponse());
            case 8 -> next("duplicate POST", Request.post(), Fault.duplicate());
            case 9 -> next("lose stream or poll", Request.get(), Fault.loseRequest());
            case 10 -> next("overlapping POSTs", Request.post(), Fault.overlap());
            case 11 -> next("502 in mid-poll", polls(), Fault.answerInstead(502, time(100)));
            case 12 -> next("204 in mid-poll", polls(), Fault.answerInstead(204, time(100)));
            case 13 -> next("503 to a POST", Request.post(), Fault.answer(503));
            case 14 -> next("refuse upgrade", Request.upgrade(), Fault.answer(502));
            case 15 -> next("delay response", Request.any(), Fault.delayResponse(time(200)));
            case 16 -> next("buffer poll", polls(), Fault.bufferBody());
            case 17 -> now("throttle, under way", Fault.throttleResponse(100_000));
            case 18 -> now("cut, under way", Fault.cutResponse(random.nextInt(2_000)));
            case 19 -> next("duplicate poll", polls(), Fault.duplicate());
            case 20 -> {
                proxy.freeze();
                count("freeze");
                pause(time(500));
                proxy.thaw();
            }
            case 21 -> {
                proxy.refuse();
                proxy.resetAll();
                count("network lost");
                pause(time(500));
                proxy.admit();
            }
            default -> {
                proxy.abandonAll();
                count("client gone, server unaware");
            }
        }
    }

    /** Waits so long, or until the end. */
    void pause(Duration time) throws InterruptedException {
        var unused = end.await(time.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void next(String name, Predicate<Request> match, Fault fault) {
        set.put(proxy.next(match, fault), name);
    }

    private void now(String name, Fault fault) {
        set.put(proxy.now(Request.any(), fault), name);
    }

    private static Predicate<Request> polls() {
        return Request.field("Postern-Transport", "long-polling").or(Request.field("Postern-Transport", "polling"));
    }

    private long bytes() {
        return random.nextInt(MOST_BYTES);
    }

    Duration time(int mostMillis) {
        return Duration.ofMillis(random.nextInt(mostMillis));
    }

    private void count(String name) {
        tally.count("fault: " + name);
    }

    /** Ends all faults, and counts what struck. */
    void clear() {
        proxy.clear();
        set.forEach((injection, name) -> tally.add("fault: " + name, injection.struck() > 0 ? 1 : 0));
        set.clear();
    }
}
