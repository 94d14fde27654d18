package io.github.postern.verify.chaos;

import io.github.postern.push.ClientPushSession;
import io.github.postern.push.PushTransport;
import io.github.postern.ws.connection.ConnectionClosedException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Has a session attached anew all the time, at random: moved up and down by its application, asked to move by the server, or told that its network has changed. */
final class Switches {
    private static final int LONGEST_PAUSE_MILLIS = 600;
    private static final int LONGEST_WINDOW_MILLIS = 300;

    /** Longer than a move takes that waits for every timeout it can meet. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final PushSite site;
    private final ClientPushSession client;
    private final Random random;
    private final Tally tally;
    private final CountDownLatch end = new CountDownLatch(1);
    private final Thread thread;

    /** Written by the thread, and read when that has ended. */
    private @Nullable String failure;

    Switches(PushSite site, ClientPushSession client, Random random, Tally tally) {
        this.site = site;
        this.client = client;
        this.random = random;
        this.tally = tally;
        this.thread = Thread.ofVirtual().name("chaos-switches").unstarted(this::run);
    }

    Switches start() {
        thread.start();
        return this;
    }

    /** Switches no more, and waits until the last switch has been made or given up; returns what went wrong, or {@code null}. */
    @Nullable
    String stop() throws InterruptedException {
        end.countDown();
        return thread.join(PATIENCE) ? failure : "a switch takes longer than " + PATIENCE + " on " + client;
    }

    private void run() {
        try {
            do {
                switchOnce();
            } while (!end.await(random.nextInt(LONGEST_PAUSE_MILLIS), TimeUnit.MILLISECONDS));
        } catch (ConnectionClosedException e) {
            failure = "the session has ended: " + e.closeInfo();
        } catch (InterruptedException e) {
            failure = "interrupted";
        }
    }

    private void switchOnce() throws ConnectionClosedException, InterruptedException {
        switch (random.nextInt(10)) {
            case 0 -> {
                site.move(Duration.ZERO);
                tally.count("switch: the server asks to move at once");
            }
            case 1 -> {
                site.move(Duration.ofMillis(random.nextInt(LONGEST_WINDOW_MILLIS)));
                tally.count("switch: the server asks to move within a window");
            }
            case 2 -> {
                client.networkChanged();
                tally.count("switch: the network has changed");
            }
            default -> move();
        }
    }

    private void move() throws ConnectionClosedException, InterruptedException {
        var from = client.transport();
        var others = new ArrayList<>(List.of(PushTransport.values()));
        others.remove(from);
        var to = others.get(random.nextInt(others.size()));
        var way = to.compareTo(from) < 0 ? "up" : "down";
        try {
            client.moveTo(to);
            tally.count("switch: moved " + way + " from " + from + " to " + to);
        } catch (ConnectionClosedException e) {
            throw e;
        } catch (IOException e) {
            tally.count("switch: not moved " + way + ", because of a fault"); // the session goes on as it was
        }
    }
}
