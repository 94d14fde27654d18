package io.github.postern.push;

import io.github.postern.ws.connection.Message;
import io.github.postern.ws.core.CloseStatus;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** What the thread that attaches and reads does with the session. */
final class Downlink {
    /** What is waited for a server that has not told its heartbeat yet. */
    private static final long DEFAULT_SILENCE_MILLIS = 35_000;

    private final GuardedState guarded;

    /** Guarded by the session's lock. */
    private final ClientState state;

    /** The server has answered the last attach. Reading thread only, as all below. */
    private boolean attached;

    /** Something was received since the last attach. */
    private boolean progress;

    /** This side closes, and a pause has been cut short for that. */
    private boolean hurried;

    Downlink(GuardedState guarded) {
        this.guarded = guarded;
        this.state = guarded.state;
    }

    /** Begins the next attachment. */
    Hello hello() {
        attached = false;
        progress = false;
        return guarded.change(ClientState::hello);
    }

    /** What the next poll of the attachment says. */
    Hello nextPoll() {
        return guarded.change(ClientState::nextPoll);
    }

    /** The head of a response may tell the secret already. */
    void opened(Optional<String> session) {
        session.ifPresent(secret -> guarded.change(s -> {
            s.opened(secret);
            return true;
        }));
    }

    /** The server has attached the client; returns {@code null}, or what is wrong with the record. */
    @Nullable
    String attached(StreamRecord greeting, PushTransport over) {
        return guarded.change(s -> {
            var fault = s.attached(greeting);
            if (fault == null) {
                attached = true;
                guarded.setTransport(over);
                guarded.arrived.signalAll(); // for who waits for the session to open
            }
            return fault;
        });
    }

    /** Whether the server has answered the last attach. */
    boolean wasAttached() {
        return attached;
    }

    /** Whether something was received since the last attach. */
    boolean hasProgressed() {
        return progress;
    }

    /** A message came. */
    ClientState.Taken take(long number, Message message, int bytes) {
        guarded.lock.lock();
        try {
            var taken = state.take(number, message, bytes, System.nanoTime());
            if (taken == ClientState.Taken.NEW) {
                progress = true;
                guarded.arrived.signal();
                if (state.reception().wantsAck() || state.reception().isFirstUnacknowledged()) {
                    guarded.uplink.signalAll(); // to acknowledge now, or to look when
                }
            }
            return taken;
        } finally {
            guarded.lock.unlock();
        }
    }

    /** The server's close record came. */
    ClientState.Taken peerClosed(StreamRecord content, CloseStatus status) {
        return guarded.change(s -> s.peerClosed(content.number(), status));
    }

    /** The server has everything up to a position; returns false if it cannot. */
    boolean acknowledged(long position) {
        return guarded.change(s -> s.acknowledged(position));
    }

    /** Takes a ping to answer; false if there are too many. */
    boolean ping(String data) {
        return guarded.change(s -> s.ping(data));
    }

    /** The position that the server, having closed, waits for, or {@link Batch#NO_ACK}. */
    long takeOwedAck() {
        return guarded.change(ClientState::takeOwedAck);
    }

    /** Whether the session is over. */
    boolean isOver() {
        return guarded.isOver();
    }

    /** How long the session lives without an attachment, as far as the server has told. */
    long expiryNanos() {
        var terms = guarded.get(ClientState::terms);
        return terms == null ? Long.MAX_VALUE : TimeUnit.MILLISECONDS.toNanos(terms.expiryMillis());
    }

    /** After how much silence an attachment is given up. */
    long silenceNanos() {
        var terms = guarded.get(ClientState::terms);
        return TimeUnit.MILLISECONDS.toNanos(terms == null ? DEFAULT_SILENCE_MILLIS : terms.silenceMillis());
    }

    /** Waits while far too much waits for the application. */
    void awaitRoom() throws InterruptedException {
        await(() -> state.reception().isOverfull(), Long.MAX_VALUE);
    }

    /** Waits while the application does not keep up, at most so long. */
    void awaitKeepingUp(long nanos) throws InterruptedException {
        await(() -> state.reception().isFull(), nanos);
    }

    /** Waits before the next attach or poll. Ends early if the session is over, and once when this side closes. */
    void pause(long nanos) throws InterruptedException {
        await(() -> !hurries(), nanos);
    }

    private boolean hurries() {
        boolean now = state.phase() == ClientEnd.Phase.CLOSING && !hurried;
        hurried |= now;
        return now;
    }

    private void await(BooleanSupplier waiting, long nanos) throws InterruptedException {
        guarded.lock.lockInterruptibly();
        try {
            long rest = nanos;
            while (rest > 0 && state.phase() != ClientEnd.Phase.OVER && waiting.getAsBoolean()) {
                rest = guarded.downlink.awaitNanos(rest);
            }
        } finally {
            guarded.lock.unlock();
        }
    }
}
