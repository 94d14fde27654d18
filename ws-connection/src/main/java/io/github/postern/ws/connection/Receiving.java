package io.github.postern.ws.connection;

import io.github.postern.ws.core.Event;
import java.util.Objects;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The receiving side of a connection: who reads, and what waits to be received.
 *
 * <p>There is no reader thread. Whoever is inside {@code receive} takes the <em>lead</em>, reads, and returns with the message: no
 * hand-over. When nobody has received for a while, the watchdog starts a <em>stand-in</em>, a virtual thread that leads, so that
 * Pings are answered and the peer's Close is noticed; it keeps the messages it meets, up to a limit, and leaves with the
 * first message that somebody is waiting for.
 */
final class Receiving {
    private static final Message TO_BE_READ = new Message.Text("");

    private final WebSocketConnection connection;
    private final Reading reading;

    private final ReentrantLock lock = new ReentrantLock();

    /** Null until somebody waits. Guarded by lock. */
    private @Nullable Condition changed;

    /** Whether a thread has the lead. Guarded by lock. */
    private boolean led;

    /** How often the lead was taken. Guarded by lock. */
    private int leads;

    /** Guarded by lock. */
    private boolean ended;

    /** Threads that wait for a message or for the lead. Guarded by lock. */
    private int waiting;

    /** Null while nothing was kept. Guarded by lock. */
    private @Nullable Inbox inbox;

    /** The thread that received last, and whether undecoded bytes were left then. Compared by that same thread only. */
    private @Nullable Thread lastReceiver;

    private volatile boolean moreRead;

    Receiving(WebSocketConnection connection, Reading reading) {
        this.connection = connection;
        this.reading = reading;
    }

    /** The next message, or null if the deadline passed or the connection has ended. */
    @Nullable
    Message receive(long deadline) throws InterruptedException {
        var kept = takeOrLead(deadline);
        if (kept != TO_BE_READ) {
            return kept;
        }
        try {
            return message(reading.read(deadline, false));
        } finally {
            remember(Thread.currentThread(), reading.hasMore());
            leaveLead();
        }
    }

    /** Writes only what changes, which is little while messages come in batches. */
    private void remember(Thread receiver, boolean more) {
        if (lastReceiver != receiver) {
            lastReceiver = receiver;
        }
        if (moreRead != more) {
            moreRead = more;
        }
    }

    /** The next message, to be received in parts, or null if the deadline passed or the connection has ended. */
    @Nullable
    Incoming receiveInParts(long deadline) throws InterruptedException {
        var kept = takeOrLead(deadline);
        if (kept != TO_BE_READ) {
            return kept == null ? null : new Incoming(connection, Incoming.Part.of(kept));
        }
        try {
            moreRead = false;
            var first = part(reading.read(deadline, true));
            if (first == null) {
                return null;
            }
            var message = new Incoming(connection, first);
            if (!first.last()) {
                reading.beginParts(message);
            }
            return message;
        } finally {
            leaveLead();
        }
    }

    /** A message that was kept, or {@link #TO_BE_READ} and the lead; null if the deadline passed or the connection has ended. */
    private @Nullable Message takeOrLead(long deadline) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        lock.lock();
        try {
            while (true) {
                var message = inbox == null ? null : inbox.poll();
                if (message != null || ended) {
                    return message;
                }
                if (mayLeadToNext()) {
                    takeLead();
                    return TO_BE_READ;
                }
                if (!awaitChange(deadline)) {
                    return null;
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** The next part of a message that has more, or null if the deadline passed or the connection has ended. */
    Incoming.@Nullable Part nextPart(Incoming message, long deadline) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        lock.lock();
        try {
            while (true) {
                var part = message.poll();
                if (part != null) {
                    inbox().taken(part.size());
                    return part;
                }
                if (ended) {
                    return null;
                }
                if (!led) {
                    takeLead();
                    break;
                }
                if (!awaitChange(deadline)) {
                    return null;
                }
            }
        } finally {
            lock.unlock();
        }
        try {
            var part = part(reading.read(deadline, true));
            if (part != null && part.last()) {
                reading.endParts();
            }
            return part;
        } finally {
            leaveLead();
        }
    }

    /** Drops what has arrived of a message and what is still to come. */
    void skip(Incoming message) {
        lock.lock();
        try {
            inbox().taken(message.dropRest());
            wakeAll();
        } finally {
            lock.unlock();
        }
    }

    /** Leads without receiving, keeping what arrives, until the connection ends or the deadline passes. */
    void drain(long deadline) throws InterruptedException {
        lock.lock();
        try {
            while (led && !ended) {
                if (!awaitChange(deadline)) {
                    return;
                }
            }
            if (ended) {
                return;
            }
            takeLead();
        } finally {
            lock.unlock();
        }
        try {
            for (var event = reading.read(deadline, false); event != null; event = reading.read(deadline, false)) {
                if (!isFull()) { // beyond that, an application that closes without receiving does not want it
                    keep(event);
                }
            }
        } finally {
            leaveLead();
        }
    }

    /** Waits until the connection has ended. */
    void awaitEnd(long deadline) throws InterruptedException {
        lock.lock();
        try {
            while (!ended) {
                if (!awaitChange(deadline)) {
                    return;
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** Leads in the place of an application that is not receiving. Runs on a virtual thread of its own. */
    void standIn() {
        lock.lock();
        try {
            if (led || ended || isFull()) {
                return;
            }
            takeLead();
        } finally {
            lock.unlock();
        }
        try {
            for (var event = reading.read(Deadline.NONE, false);
                    event != null;
                    event = reading.read(Deadline.NONE, false)) {
                if (!keep(event)) {
                    return;
                }
            }
        } finally {
            leaveLead();
        }
    }

    /** Whether this thread received a message just now and more was read behind it, so that it will soon be back. */
    boolean willReturn() {
        return lastReceiver == Thread.currentThread() && moreRead;
    }

    /** It did not come back: what it sends is no longer held up. */
    void stayedAway() {
        moreRead = false;
    }

    /** Wakes everybody who waits: the connection has ended. */
    void end() {
        lock.lock();
        try {
            ended = true;
            if (!led) {
                letGo();
            }
            wakeAll();
        } finally {
            lock.unlock();
        }
    }

    boolean isLed() {
        lock.lock();
        try {
            return led;
        } finally {
            lock.unlock();
        }
    }

    /** How often the lead was taken. */
    int leads() {
        lock.lock();
        try {
            return leads;
        } finally {
            lock.unlock();
        }
    }

    /** Whether the application has left so much unreceived that reading has stopped. */
    boolean isFull() {
        lock.lock();
        try {
            return inbox != null && inbox.size() >= connection.options().unreceivedBytes();
        } finally {
            lock.unlock();
        }
    }

    private static @Nullable Message message(@Nullable Event event) {
        return switch (event) {
            case Event.Text text -> new Message.Text(text.text());
            case Event.Binary binary -> new Message.Binary(binary.data());
            case null -> null;
            default -> throw new AssertionError(event);
        };
    }

    private static Incoming.@Nullable Part part(@Nullable Event event) {
        return switch (event) {
            case Event.TextPart part -> Incoming.Part.of(part);
            case Event.BinaryPart part -> Incoming.Part.of(part);
            case null -> null;
            default -> throw new AssertionError(event);
        };
    }

    /** Keeps what was read for later; false if the thread that keeps should leave the lead. */
    private boolean keep(Event event) {
        lock.lock();
        try {
            var incoming = reading.inParts();
            if (incoming == null) {
                inbox().add(Objects.requireNonNull(message(event)));
                if (changed != null) {
                    changed.signal();
                }
            } else {
                keep(incoming, Objects.requireNonNull(part(event)));
            }
            return waiting == 0 && inbox().size() < connection.options().unreceivedBytes();
        } finally {
            lock.unlock();
        }
    }

    private void keep(Incoming message, Incoming.Part part) {
        if (part.last()) {
            reading.endParts();
        }
        if (!message.isClosed()) { // just now
            message.keep(part);
            inbox().kept(part.size());
        }
        wakeAll();
    }

    /** Whether nobody leads, and what is read next is the beginning of a message, or to be skipped. */
    private boolean mayLeadToNext() {
        var incoming = reading.inParts();
        if (incoming == null || incoming.isClosed()) {
            return !led;
        }
        if (incoming.receiver() == Thread.currentThread()) {
            throw new IllegalStateException("the message before is neither read to its end nor closed");
        }
        return false;
    }

    private void takeLead() {
        led = true;
        leads++;
    }

    private void leaveLead() {
        lock.lock();
        try {
            led = false;
            if (ended) {
                letGo();
            }
            wakeAll();
        } finally {
            lock.unlock();
        }
    }

    private Inbox inbox() {
        if (inbox == null) {
            inbox = new Inbox();
        }
        return inbox;
    }

    private void wakeAll() {
        if (waiting > 0 && changed != null) {
            changed.signalAll();
        }
    }

    /** Without a leading thread, and never to be one again. */
    private void letGo() {
        reading.release();
    }

    /** Holding the lock: waits for a change; false if the deadline passed. */
    @SuppressWarnings("WaitNotInLoop") // the loops are the callers'
    private boolean awaitChange(long deadline) throws InterruptedException {
        waiting++;
        try {
            if (changed == null) {
                changed = lock.newCondition();
            }
            if (deadline == Deadline.NONE) {
                changed.await();
                return true;
            }
            var time = connection.time();
            return time.awaitNanos(changed, deadline - time.nanoTime()) > 0;
        } finally {
            waiting--;
        }
    }
}
