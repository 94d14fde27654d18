package io.github.postern.push;

import io.github.postern.ws.connection.CloseInfo;
import io.github.postern.ws.connection.CloseInfo.Initiator;
import io.github.postern.ws.connection.ConnectionClosedException;
import io.github.postern.ws.connection.Message;
import io.github.postern.ws.connection.ReadyState;
import io.github.postern.ws.connection.SlowConsumer;
import io.github.postern.ws.core.CloseStatus;
import io.github.postern.ws.core.PreparedMessage;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What the application holds of a session on the server. */
final class ApplicationSession implements PushSession {
    private final LiveSession live;
    private final SessionMonitor monitor;
    private final PushOptions options;

    ApplicationSession(LiveSession live, SessionMonitor monitor, PushOptions options) {
        this.live = live;
        this.monitor = monitor;
        this.options = options;
    }

    @Override
    public String id() {
        return live.id();
    }

    @Override
    public PushTransport transport() {
        monitor.lock.lock();
        try {
            return monitor.transport;
        } finally {
            monitor.lock.unlock();
        }
    }

    @Override
    public Optional<String> principal() {
        monitor.lock.lock();
        try {
            return monitor.credentials.principal();
        } finally {
            monitor.lock.unlock();
        }
    }

    @Override
    public Map<String, Object> attributes() {
        return monitor.credentials.attributes();
    }

    @Override
    public Message receive() throws IOException, InterruptedException {
        monitor.lock.lockInterruptibly();
        try {
            var message = received();
            while (message == null) {
                monitor.receivable.await();
                message = received();
            }
            return message;
        } finally {
            monitor.lock.unlock();
        }
    }

    @Override
    public Optional<Message> receive(Duration timeout) throws IOException, InterruptedException {
        monitor.lock.lockInterruptibly();
        try {
            long rest = TimeUnit.NANOSECONDS.convert(timeout); // as long as there are nanoseconds
            var message = received();
            while (message == null && rest > 0) {
                rest = monitor.receivable.awaitNanos(rest);
                message = received();
            }
            return Optional.ofNullable(message);
        } finally {
            monitor.lock.unlock();
        }
    }

    private @Nullable Message received() throws ConnectionClosedException {
        var message = monitor.state.nextReceived();
        if (message == null && monitor.closeInfo != null) {
            throw new ConnectionClosedException(monitor.closeInfo);
        }
        if (message != null) {
            monitor.inboxRoom.signalAll();
            if (monitor.state.wantsAck()) {
                monitor.wake(); // it was withheld until now
            }
        }
        return message;
    }

    @Override
    public void send(String text) throws IOException {
        send(new Message.Text(text), Texts.utf8Length(text));
    }

    @Override
    public void send(ByteBuffer binary) throws IOException {
        var copy = new byte[binary.remaining()]; // it is kept until the client has it
        binary.get(copy);
        send(new Message.Binary(ByteBuffer.wrap(copy)), copy.length);
    }

    @Override
    public void send(PreparedMessage message) throws IOException {
        send(new SharedMessage(message, null));
    }

    private void send(Message message, int bytes) throws IOException {
        send(new SingleMessage(message, bytes));
    }

    private void send(Outgoing item) throws IOException {
        checkLength(item);
        monitor.lock.lock();
        try {
            offerPatiently(item);
            monitor.wake();
        } finally {
            monitor.lock.unlock();
        }
    }

    private void checkLength(Outgoing item) {
        int longest = options.limits().longestMessage();
        if (item.bytes() > longest) {
            throw new IllegalArgumentException("message longer than " + longest + " bytes: " + item.bytes());
        }
    }

    private void offerPatiently(Outgoing item) throws IOException {
        long rest = options.sendTimeout().toNanos();
        while (true) {
            if (monitor.closeInfo != null || monitor.state.phase() != SessionEnd.Phase.OPEN) {
                throw new ConnectionClosedException(monitor.closeInfo != null ? monitor.closeInfo : closing());
            }
            if (monitor.state.offer(item)) {
                return;
            }
            if (rest <= 0) {
                closeWithoutWaiting(SessionCodes.OVERFLOW);
                continue;
            }
            try {
                rest = monitor.room.awaitNanos(rest);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted while waiting for room");
            }
        }
    }

    /** Holding the lock: the session ends for its application; the client is told when it can be. */
    void closeWithoutWaiting(CloseStatus status) {
        monitor.state.close(status);
        monitor.settle(new CloseInfo(status, Initiator.LOCAL, status, null, null));
    }

    @Override
    public boolean trySend(PreparedMessage message, SlowConsumer policy) {
        var item = new SharedMessage(message, policy.key().orElse(null));
        checkLength(item);
        return offer(item, policy) == Offer.TAKEN;
    }

    /** Takes a message without waiting, or does what the policy says. */
    Offer offer(SharedMessage item, SlowConsumer policy) {
        monitor.lock.lock();
        try {
            if (monitor.closeInfo != null) {
                return Offer.DROPPED;
            }
            var outcome = monitor.state.offer(item, policy);
            if (outcome == Offer.OVERFLOWN) {
                closeWithoutWaiting(SessionCodes.OVERFLOW);
            } else if (outcome == Offer.TAKEN) {
                monitor.wake();
            }
            return outcome;
        } finally {
            monitor.lock.unlock();
        }
    }

    /** Subscribes to a topic, whose history comes first; false if the session has ended or is subscribed already. */
    boolean join(Topic topic, List<SharedMessage> history) {
        monitor.lock.lock();
        try {
            if (monitor.closeInfo != null || !topic.add(this)) {
                return false;
            }
            monitor.whenEnded(topic, () -> topic.remove(this));
            if (monitor.state.offerNewest(history) > 0) {
                monitor.wake();
            }
            return true;
        } finally {
            monitor.lock.unlock();
        }
    }

    /** Ends a subscription; false if there is none. */
    boolean leave(Topic topic) {
        monitor.lock.lock();
        try {
            monitor.forget(topic);
            return topic.remove(this);
        } finally {
            monitor.lock.unlock();
        }
    }

    private CloseInfo closing() {
        var status = Objects.requireNonNull(monitor.state.farewell()).status();
        return new CloseInfo(status, Initiator.LOCAL, status, null, null);
    }

    @Override
    public void close(CloseStatus status) {
        SessionCodes.check(status);
        monitor.lock.lock();
        try {
            monitor.state.close(status);
            monitor.closing();
            awaitEnd(options.closeTimeout().toNanos());
            if (monitor.closeInfo == null) {
                // the client may still come for what was sent, but the application need not wait for that
                monitor.settle(new CloseInfo(CloseStatus.ABNORMAL, Initiator.LOCAL, status, null, null));
            }
        } finally {
            monitor.lock.unlock();
        }
    }

    private void awaitEnd(long nanos) {
        long rest = nanos;
        while (monitor.closeInfo == null && rest > 0) {
            try {
                rest = monitor.ended.awaitNanos(rest);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    @Override
    public void abort() {
        live.end(new CloseInfo(CloseStatus.ABNORMAL, Initiator.LOCAL, null, null, null), true);
    }

    @Override
    public long bufferedAmount() {
        monitor.lock.lock();
        try {
            return monitor.state.unwrittenBytes();
        } finally {
            monitor.lock.unlock();
        }
    }

    @Override
    public ReadyState readyState() {
        monitor.lock.lock();
        try {
            if (monitor.closeInfo != null) {
                return ReadyState.CLOSED;
            }
            return monitor.state.phase() == SessionEnd.Phase.OPEN ? ReadyState.OPEN : ReadyState.CLOSING;
        } finally {
            monitor.lock.unlock();
        }
    }

    @Override
    public Optional<CloseInfo> closeInfo() {
        monitor.lock.lock();
        try {
            return Optional.ofNullable(monitor.closeInfo);
        } finally {
            monitor.lock.unlock();
        }
    }

    @Override
    public int unconfirmed() {
        monitor.lock.lock();
        try {
            return monitor.state.unconfirmed();
        } finally {
            monitor.lock.unlock();
        }
    }

    /** Whether something carries it now. */
    boolean isAttached() {
        return live.isAttached();
    }

    @Override
    public String toString() {
        return "PushSession[" + id() + ", " + transport() + ", " + readyState() + "]";
    }
}
