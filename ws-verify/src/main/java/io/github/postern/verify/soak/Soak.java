package io.github.postern.verify.soak;

import io.github.postern.verify.tls.LocalCertificate;
import java.io.IOException;
import java.io.PrintWriter;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLContext;

/**
 * A run: sites that are kept busy, a first time to warm up and a second time for the rest, and what is there when all of them are closed, after either. What
 * the first leaves behind is what a process that has done all this has; what the second adds to that has leaked.
 */
final class Soak {
    private static final int ACTORS = 24;

    /** A tenth of the time. */
    private static final int WARM_UP = 10;

    /** Longer than any action takes that waits for all the timeouts it can meet. */
    private static final Duration STUCK = Duration.ofMinutes(2);

    /** The JDK remembers 20,480: a run would end before that many, and look as if something leaked. */
    private static final int TLS_SESSIONS = 64;

    private static final Duration REPORT = Duration.ofSeconds(60);

    private final long seed;
    private final PrintWriter out;
    private final Log log;
    private final Random seeds;

    Soak(long seed, PrintWriter out) {
        this.seed = seed;
        this.out = out;
        this.log = new Log(seed, out);
        this.seeds = new Random(seed);
    }

    Outcome run(Duration time) throws IOException, GeneralSecurityException, InterruptedException {
        out.println("soak: " + time.toSeconds() + " s, seed " + seed);
        var tls = LocalCertificate.contextFor("ip:127.0.0.1");
        tls.getClientSessionContext().setSessionCacheSize(TLS_SESSIONS);
        tls.getServerSessionContext().setSessionCacheSize(TLS_SESSIONS);
        var warmUp = time.dividedBy(WARM_UP);
        live("warm-up", tls, warmUp);
        var begin = Usage.settled();
        long warm = log.total();
        live("soak", tls, time.minus(warmUp));
        var end = Usage.settled();
        return new Outcome(log, warm, new Balance(begin, end));
    }

    private void live(String phase, SSLContext tls, Duration time) throws IOException, InterruptedException {
        var sites = Site.open(tls);
        try {
            long deadline = System.nanoTime() + time.toNanos();
            var actors = new ArrayList<Actor>();
            for (int i = 1; i <= ACTORS; i++) {
                actors.add(new Actor(phase + " " + i, seeds.nextLong(), sites, log, deadline));
            }
            actors.forEach(Actor::start);
            watch(phase, actors, deadline);
            sites.forEach(this::awaitEmpty);
        } finally {
            sites.forEach(Site::close);
        }
    }

    private void watch(String phase, List<Actor> actors, long deadline) throws InterruptedException {
        long began = System.nanoTime();
        long reported = began;
        while (System.nanoTime() - deadline < 0 && !log.isFull()) {
            LockSupport.parkNanos(
                    Math.min(deadline - System.nanoTime(), Duration.ofSeconds(1).toNanos()));
            if (System.nanoTime() - reported > REPORT.toNanos()) {
                reported = System.nanoTime();
                out.println(phase + ": " + (reported - began) / 1_000_000_000 + " s, " + log.total() + " actions");
            }
            actors.forEach(this::look);
        }
        for (var actor : actors) {
            while (!actor.join(Duration.ofSeconds(1)) && !look(actor)) {
                // it is at its last action
            }
        }
    }

    /** Closing the server would end connections that must have ended by themselves. */
    private void awaitEmpty(Site site) {
        long deadline = System.nanoTime() + STUCK.toNanos();
        var metrics = site.server().metrics();
        while (metrics.open() + metrics.handshakes() > 0) {
            if (System.nanoTime() - deadline > 0) {
                log.failed(new Failure(
                        site.name(),
                        "not ended: " + metrics + " " + site.server().connections()));
                return;
            }
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
            metrics = site.server().metrics();
        }
    }

    /** Whether an actor is stuck, which is then a failure. */
    private boolean look(Actor actor) {
        var stuck = actor.stuckFor(STUCK);
        if (stuck != null) {
            log.failed(stuck);
        }
        return stuck != null;
    }
}
