package io.github.postern.ws.connection;

import io.github.postern.ws.core.CloseStatus;
import io.github.postern.ws.core.Event;
import io.github.postern.ws.core.Inbound;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
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
    private final WebSocketConnection connection;
    private final Transport transport;
    private final Sending sending;
    private final InputBuffer input;
    private final int unreceivedLimit;
    private final long messageTimeoutNanos;
    private final RateLimit controlFrames;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    /** Whether a thread has the lead. Written under lock. */
    private volatile boolean led;

    /** How often the lead was taken. Guarded by lock. */
    private int leads;

    /** Guarded by lock. */
    private boolean ended;

    /** Threads that wait for a message or for the lead. Guarded by lock. */
    private int waiting;

    /** Messages that were read and not received; null while there never were any. Guarded by lock. */
    private @Nullable ArrayDeque<Message> inbox;

    /** Guarded by lock. */
    private int inboxBytes;

    /** The thread that received last, and whether undecoded bytes were left then. Compared by that same thread only. */
    private @Nullable Thread lastReceiver;

    private volatile boolean moreRead;

    /** Leading thread only. */
    private final Inbound inbound;

    /** When bytes arrived last. Written by the leading thread. */
    private volatile long lastRead = System.nanoTime();

    /** When the message that is arriving began to, or 0. Written by the leading thread. */
    private volatile long messageBegan;

    Receiving(
            WebSocketConnection connection,
            Transport transport,
            Sending sending,
            Inbound inbound,
            ByteBuffer leftover,
            ConnectionOptions options) {
        this.connection = connection;
        this.transport = transport;
        this.sending = sending;
        this.inbound = inbound;
        this.input = new InputBuffer(leftover);
        this.unreceivedLimit = options.unreceivedBytes();
        this.messageTimeoutNanos = options.messageTimeout().toNanos();
        this.controlFrames = new RateLimit(options.controlFramesPerSecond());
    }

    /** The next message, or null if the deadline passed or the connection has ended. */
    @Nullable
    Message receive(long deadline) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        lock.lock();
        try {
            while (true) {
                var message = takeFromInbox();
                if (message != null || ended) {
                    return message;
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
            return readMessage(deadline);
        } finally {
            lastReceiver = Thread.currentThread();
            moreRead = input.bytes().hasRemaining();
            leaveLead();
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
            for (var message = readMessage(deadline); message != null; message = readMessage(deadline)) {
                if (!isFull()) { // beyond that, an application that closes without receiving does not want it
                    keep(message);
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
            for (var message = readMessage(Deadline.NONE); message != null; message = readMessage(Deadline.NONE)) {
                if (!keep(message)) {
                    return;
                }
            }
        } finally {
            leaveLead();
        }
    }

    /** Reads and drops what still arrives, until the peer closes TCP or the deadline passes. Leading thread only. */
    void linger(long deadline) {
        try {
            while (!Deadline.hasPassed(deadline)) {
                input.bytes().position(input.bytes().limit());
                if (input.fill(transport, Deadline.remaining(deadline)) <= 0) {
                    return;
                }
            }
        } catch (IOException e) {
            // the peer is gone, which is what was waited for
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
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    boolean isLed() {
        return led;
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
            return inboxBytes >= unreceivedLimit;
        } finally {
            lock.unlock();
        }
    }

    long lastRead() {
        return lastRead;
    }

    /** Whether a message has been arriving for longer than it may. */
    boolean messageOverdue(long now) {
        long began = messageBegan;
        return messageTimeoutNanos != 0 && began != 0 && now - began > messageTimeoutNanos;
    }

    /** Reads until a message is complete; null if the deadline passed or the connection ended. Leading thread only. */
    private @Nullable Message readMessage(long deadline) {
        boolean owesFlush = false;
        boolean hasRead = false;
        while (!connection.hasEnded()) {
            var event = inbound.next(input.bytes());
            if (event == null) {
                if ((hasRead && Deadline.hasPassed(deadline)) || !readMore(deadline)) {
                    return null;
                }
                hasRead = true;
                owesFlush = false;
                continue;
            }
            if (event instanceof Event.Text || event instanceof Event.Binary) {
                if (owesFlush) {
                    connection.flushSoon();
                }
                messageBegan = 0;
                return event instanceof Event.Text text
                        ? new Message.Text(text.text())
                        : new Message.Binary(((Event.Binary) event).data());
            }
            if (!controlFrames.allows(lastRead) && !inbound.isClosed()) {
                connection.refuse(CloseStatus.POLICY_VIOLATION, "more control frames a second than allowed");
                return null;
            }
            owesFlush = true;
            connection.control(event);
        }
        return null;
    }

    /** Whether there are more bytes; false if the deadline passed or the connection ended. */
    private boolean readMore(long deadline) {
        try {
            sending.flush();
            messageBegan = inbound.inMessage() ? (messageBegan == 0 ? lastRead | 1 : messageBegan) : 0;
            int read = input.fill(transport, Deadline.remaining(deadline));
            if (read < 0) {
                connection.lost(null);
            } else if (read > 0) {
                lastRead = System.nanoTime();
            }
            return read > 0;
        } catch (IOException e) {
            connection.lost(e);
            return false;
        }
    }

    /** Keeps a message for later; false if the thread that keeps should leave the lead. */
    private boolean keep(Message message) {
        lock.lock();
        try {
            if (inbox == null) {
                inbox = new ArrayDeque<>();
            }
            inbox.add(message);
            inboxBytes += size(message);
            changed.signal();
            return waiting == 0 && inboxBytes < unreceivedLimit;
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Message takeFromInbox() {
        var message = inbox == null ? null : inbox.poll();
        if (message != null) {
            inboxBytes -= size(message);
        }
        return message;
    }

    /** What a message counts for in the inbox; an empty one counts too. */
    private static int size(Message message) {
        return 16
                + switch (message) {
                    case Message.Text text -> text.text().length();
                    case Message.Binary binary -> binary.data().remaining();
                };
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
            if (waiting > 0) {
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Without a leading thread, and never to be one again. */
    private void letGo() {
        input.release();
        inbound.release();
    }

    /** Holding the lock: waits for a change; false if the deadline passed. */
    @SuppressWarnings("WaitNotInLoop") // the loops are the callers'
    private boolean awaitChange(long deadline) throws InterruptedException {
        waiting++;
        try {
            if (deadline == Deadline.NONE) {
                changed.await();
                return true;
            }
            return changed.awaitNanos(deadline - System.nanoTime()) > 0;
        } finally {
            waiting--;
        }
    }
}
