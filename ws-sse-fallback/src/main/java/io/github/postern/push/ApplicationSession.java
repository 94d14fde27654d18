package io.github.postern.push;

import io.github.postern.ws.connection.CloseInfo;
import io.github.postern.ws.connection.CloseInfo.Initiator;
import io.github.postern.ws.connection.ConnectionClosedException;
import io.github.postern.ws.connection.Message;
import io.github.postern.ws.connection.ReadyState;
import io.github.postern.ws.core.CloseStatus;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
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
            long rest = timeout.toNanos();
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

    private void send(Message message, int bytes) throws IOException {
        if (bytes > options.limits().unacknowledgedBytes()) {
            throw new IllegalArgumentException(
                    "message longer than " + options.limits().unacknowledgedBytes() + " bytes: " + bytes);
        }
        monitor.lock.lock();
        try {
            awaitRoom(bytes);
            monitor.state.append(message, bytes);
            monitor.wake();
        } finally {
            monitor.lock.unlock();
        }
    }

    private void awaitRoom(int bytes) throws IOException {
        long rest = options.sendTimeout().toNanos();
        while (true) {
            if (monitor.closeInfo != null || monitor.state.phase() != SessionEnd.Phase.OPEN) {
                throw new ConnectionClosedException(monitor.closeInfo != null ? monitor.closeInfo : closing());
            }
            if (monitor.state.hasRoom(bytes)) {
                return;
            }
            if (rest <= 0) {
                monitor.state.close(SessionCodes.OVERFLOW);
                monitor.settle(
                        new CloseInfo(SessionCodes.OVERFLOW, Initiator.LOCAL, SessionCodes.OVERFLOW, null, null));
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

    private CloseInfo closing() {
        var status = Objects.requireNonNull(monitor.state.farewell()).status();
        return new CloseInfo(status, Initiator.LOCAL, status, null, null);
    }

    @Override
    public void close(CloseStatus status) {
        if (!status.isSendable() || SessionCodes.isReserved(status.code())) {
            throw new IllegalArgumentException("close code must not be sent: " + status.code());
        }
        monitor.lock.lock();
        try {
            monitor.state.close(status);
            monitor.wake();
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

    /** Whether something carries it now. */
    boolean isAttached() {
        monitor.lock.lock();
        try {
            return monitor.state.current() != null;
        } finally {
            monitor.lock.unlock();
        }
    }

    @Override
    public String toString() {
        return "PushSession[" + id() + ", " + transport() + ", " + readyState() + "]";
    }
}
