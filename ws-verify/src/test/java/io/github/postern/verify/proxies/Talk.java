package io.github.postern.verify.proxies;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.postern.push.PushSession;
import io.github.postern.ws.connection.ConnectionClosedException;
import io.github.postern.ws.connection.Message;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One side of a session, from its opening to its end: sends 1, 2, 3, … at a steady rate for as long as it may, and counts what it receives. */
final class Talk {
    private static final int TICK_MILLIS = 20;

    private final PushSession session;
    private final Runnable progress;
    private final CountDownLatch over = new CountDownLatch(1);

    /** Written by the sender only, and read by others when it has ended. */
    private int sent;

    private volatile int received;
    private volatile @Nullable String fault;

    /**
     * A talk that has not begun.
     *
     * @param progress called after each message received
     */
    Talk(PushSession session, Runnable progress) {
        this.session = session;
        this.progress = progress;
    }

    PushSession session() {
        return session;
    }

    int received() {
        return received;
    }

    /** Talks, until the session is over. */
    void run() throws InterruptedException {
        var sender = Thread.ofVirtual().name("talk-sender").start(this::send);
        try {
            receive();
        } finally {
            over.countDown();
            sender.join();
        }
    }

    private void send() {
        try {
            do {
                session.send(Integer.toString(sent + 1));
                sent++;
            } while (!over.await(TICK_MILLIS, TimeUnit.MILLISECONDS));
        } catch (IOException e) {
            // the session ends, which the receiver tells; what the other side had sent is still to come
        } catch (InterruptedException e) {
            fault = "interrupted";
        }
    }

    // only the receiver counts
    @SuppressWarnings("NonAtomicVolatileUpdate")
    private void receive() throws InterruptedException {
        try {
            while (true) {
                var expected = new Message.Text(Integer.toString(received + 1));
                var message = session.receive();
                if (!message.equals(expected)) {
                    fault = "expected " + expected + ", got " + message;
                }
                received++;
                progress.run();
            }
        } catch (ConnectionClosedException e) {
            // that is the end
        } catch (IOException e) {
            fault = "cannot receive: " + e;
        }
    }

    private int code() {
        return session.closeInfo().orElseThrow().status().code();
    }

    /** It has ended with this code, and all that was sent before has come to the other side. */
    void assertComplete(int code, Talk other) {
        assertOnceAndInOrder(code, other);
        assertEquals(0, session.unconfirmed(), this::toString);
        assertEquals(sent, other.received, () -> this + " to " + other);
    }

    /** It has ended with this code, what was confirmed has come to the other side, and the rest is told. */
    void assertTold(int code, Talk other) {
        assertOnceAndInOrder(code, other);
        int confirmed = sent - session.unconfirmed();
        assertTrue(confirmed <= other.received && other.received <= sent, () -> this + " to " + other);
    }

    private void assertOnceAndInOrder(int code, Talk other) {
        assertEquals(null, fault, this::toString);
        assertEquals(null, other.fault, other::toString);
        assertEquals(code, code(), this::toString);
    }

    /** How many of its messages the other side has not received. */
    int lost(Talk other) {
        return sent - other.received;
    }

    @Override
    public String toString() {
        return session + " sent " + sent + ", received " + received + ", unconfirmed " + session.unconfirmed();
    }
}
