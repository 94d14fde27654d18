package io.github.postern.verify.chaos;

import io.github.postern.push.PushSession;
import io.github.postern.ws.connection.ConnectionClosedException;
import io.github.postern.ws.connection.Message;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** One side of a conversation: sends numbered messages at a steady rate, and checks the numbers of what it receives. Safe for any number of threads. */
final class Side {
    private static final int LONGEST_PADDING = 100;
    private static final int BINARY_EVERY = 10;
    private static final long TICK_MILLIS = 2;

    private final String name;
    private final PushSession session;
    private final int perSecond;
    private final Random random;
    private final CountDownLatch stop = new CountDownLatch(1);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    // under the lock
    private long received;
    private @Nullable String failure;
    private @Nullable ConnectionClosedException end;

    /** Written by the sender's thread only. */
    private final AtomicLong sent = new AtomicLong();

    /** Messages that are sent at once, beside those of the steady rate. */
    private final AtomicLong extra = new AtomicLong();

    private @Nullable Thread sender;

    Side(String name, PushSession session, int perSecond, long seed) {
        this.name = name;
        this.session = session;
        this.perSecond = perSecond;
        this.random = new Random(seed);
    }

    void start() {
        sender = Thread.ofVirtual().name("chaos-" + name + "-sender").start(this::sendAll);
        var unused = Thread.ofVirtual().name("chaos-" + name + "-receiver").start(this::receiveAll);
    }

    private void sendAll() {
        long began = System.nanoTime();
        try {
            do {
                long due = extra.get() + (System.nanoTime() - began) * perSecond / TimeUnit.SECONDS.toNanos(1);
                while (sent.get() < due && stop.getCount() > 0) {
                    send(sent.get() + 1);
                    sent.incrementAndGet();
                }
            } while (!stop.await(TICK_MILLIS, TimeUnit.MILLISECONDS));
        } catch (ConnectionClosedException e) {
            // the receiver reports it, when it has got what came before
        } catch (IOException e) {
            fail("cannot send number " + (sent.get() + 1) + ": " + e);
        } catch (InterruptedException e) {
            fail("interrupted");
        }
    }

    private void send(long number) throws IOException {
        var text = number + " " + "x".repeat(random.nextInt(LONGEST_PADDING));
        if (number % BINARY_EVERY == 0) {
            session.send(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
        } else {
            session.send(text);
        }
    }

    private void receiveAll() {
        try {
            while (true) {
                var message = session.receive();
                take(number(message));
            }
        } catch (ConnectionClosedException e) {
            lock.lock();
            try {
                end = e;
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        } catch (IOException | InterruptedException e) {
            fail("cannot receive: " + e);
        }
    }

    private static long number(Message message) {
        var text = switch (message) {
            case Message.Text(String content) -> content;
            case Message.Binary(ByteBuffer content) ->
                StandardCharsets.US_ASCII.decode(content.duplicate()).toString();
        };
        return Long.parseLong(text.substring(0, text.indexOf(' ')));
    }

    private void take(long number) {
        lock.lock();
        try {
            if (number != received + 1) {
                fail("expected number " + (received + 1) + ", got " + number);
            }
            received = number;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void fail(String what) {
        lock.lock();
        try {
            if (failure == null) {
                failure = name + ": " + what + " on " + session;
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** What went wrong until now, or {@code null}. */
    @Nullable
    String failure() {
        lock.lock();
        try {
            return failure;
        } finally {
            lock.unlock();
        }
    }

    long sent() {
        return sent.get();
    }

    /** How many messages may not have reached the other side. */
    int unconfirmed() {
        return session.unconfirmed();
    }

    long received() {
        lock.lock();
        try {
            return received;
        } finally {
            lock.unlock();
        }
    }

    /** Sends so many messages at once, and goes on at the steady rate. */
    void burst(int count) {
        extra.addAndGet(count);
    }

    /** Stops sending. */
    void stop() throws InterruptedException {
        stop.countDown();
        if (sender != null && !sender.join(Duration.ofSeconds(60))) {
            fail("a message could not be sent for a minute");
        }
    }

    /** Waits until so many messages have come; returns what went wrong, or {@code null}. */
    @Nullable
    String awaitReceived(long count, Duration patience) throws InterruptedException {
        long nanos = patience.toNanos();
        lock.lock();
        try {
            while (received < count && failure == null && end == null) {
                if (nanos <= 0) {
                    return name + ": only " + received + " of " + count + " messages within " + patience + " on "
                            + session;
                }
                nanos = changed.awaitNanos(nanos);
            }
            if (failure == null && received < count && end != null) {
                return name + ": ended after " + received + " of " + count + " messages: " + end.closeInfo();
            }
            return failure;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until the session is over, and returns how it ended, or {@code null} if it did not. */
    @Nullable
    ConnectionClosedException awaitEnd(Duration patience) throws InterruptedException {
        long nanos = patience.toNanos();
        lock.lock();
        try {
            while (end == null && nanos > 0) {
                nanos = changed.awaitNanos(nanos);
            }
            return end;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public String toString() {
        return name + " on " + session;
    }
}
