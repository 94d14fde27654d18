package io.github.postern.verify.soak;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Does one action after the other, on a thread of its own, until its time is over. */
final class Actor implements Runnable {
    /** An action that waits for a timeout may take so long. */
    private static final long SLOW_NANOS = TimeUnit.SECONDS.toNanos(40);

    private final String name;
    private final Random random;
    private final List<Site> sites;
    private final Log log;
    private final long deadline;
    private final Thread thread;

    /** What it does now; null once it is through. Written by its thread. */
    private volatile @Nullable Doing doing;

    /** An action, and when it began. */
    private record Doing(String what, long since) {}

    Actor(String name, long seed, List<Site> sites, Log log, long deadline) {
        this.name = name;
        this.random = new Random(seed);
        this.sites = sites;
        this.log = log;
        this.deadline = deadline;
        this.thread = Thread.ofVirtual().name("soak-" + name).unstarted(this);
    }

    void start() {
        thread.start();
    }

    @Override
    public void run() {
        for (int number = 1; System.nanoTime() - deadline < 0 && !log.isFull(); number++) {
            act(number, new Random(random.nextLong()));
        }
        doing = null;
    }

    /** What is done is a matter of the seed alone, how long it takes is not. */
    private void act(int number, Random chance) {
        var site = sites.get(chance.nextInt(sites.size()));
        long now = System.nanoTime();
        var action = Action.any(chance, deadline - now > SLOW_NANOS);
        var what = name + ", action " + number + ", " + action + " over " + site;
        doing = new Doing(what, now);
        try (var visit = new Visit(site, chance)) {
            action.run(visit);
            log.done(action);
        } catch (Exception | AssertionError e) {
            log.failed(Failure.of(what, e));
        }
    }

    /** A failure if it has been doing the same for so long. */
    @Nullable
    Failure stuckFor(Duration time) {
        var now = doing;
        return now == null || System.nanoTime() - now.since() < time.toNanos()
                ? null
                : Failure.stuck(now.what(), thread);
    }

    boolean join(Duration time) throws InterruptedException {
        return thread.join(time);
    }
}
