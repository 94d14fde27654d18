package io.github.postern.push;

import io.github.postern.ws.connection.Message;
import io.github.postern.ws.core.CloseStatus;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** What the thread of one attachment does with the session: attach, read, and let it go. For that thread, but for what is said otherwise. */
final class Downlink {
    /** Who is told of the attachment while it lives. The calls come from its thread, without a lock. */
    interface Watch {
        /** The server has answered the attach after so long. */
        void answered(long roundTripNanos);

        /** The server asks to attach anew after so many milliseconds. */
        void asksToMove(long afterMillis);
    }

    /** How often a poll is made whose answer can hold nothing new. */
    private static final long WITHHELD_POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private final GuardedState guarded;

    /** Guarded by the session's lock. */
    private final ClientState state;

    private final Watch watch;
    private @Nullable Hello hello;
    private long askedAt;

    /** The server has answered the attach. */
    private volatile boolean attached;

    /** Something was received, or acknowledged by the server, since the attach. */
    private volatile boolean progress;

    /** This side closes, and a pause has been cut short for that. */
    private boolean hurried;

    Downlink(GuardedState guarded, Watch watch) {
        this.guarded = guarded;
        this.state = guarded.state;
        this.watch = watch;
    }

    /** Begins the attachment. Once. */
    Hello hello(PushTransport over) {
        askedAt = System.nanoTime();
        var said = guarded.change(s -> s.hello(over, askedAt));
        hello = said;
        return said;
    }

    /** Whether no session has been opened yet. */
    boolean isOpening() {
        return guarded.get(ClientState::isOpening);
    }

    /** The attachment is at its end; the session may go on with another. */
    void leave() {
        var said = hello;
        if (said != null) {
            guarded.change(s -> {
                s.left(said);
                return true;
            });
        }
    }

    /** Whether a fault of the attachment is one of our own making: a newer one of ours, or an acknowledgement, has overtaken its attach. Any thread. */
    boolean isOvertaken() {
        var said = hello;
        return said != null && guarded.get(s -> s.epochs().issued() > said.epoch() || s.isOvertaken(said));
    }

    /** Whether a newer attach of ours was sent. Any thread. */
    boolean isSucceeded() {
        var said = hello;
        return said != null && guarded.get(s -> s.epochs().issued() > said.epoch());
    }

    /** What the next poll of the attachment says. */
    Hello nextPoll() throws InterruptedException {
        var said = told();
        await(
                () -> state.pollWithheldFor(System.nanoTime()) > 0,
                WITHHELD_POLL_NANOS); // until the other attach is answered, but not for long if it is not
        return guarded.change(s -> s.nextPoll(said, System.nanoTime()));
    }

    private Hello told() {
        if (hello == null) {
            throw new IllegalStateException("not begun");
        }
        return hello;
    }

    /** The head of a response may tell the secret already; returns false if another attempt has opened the session that goes on. */
    boolean opened(Optional<String> session) {
        return guarded.change(s -> s.opened(told(), session.orElse(null)));
    }

    /** The server has answered the attach. */
    AttachAnswer attached(StreamRecord greeting) {
        var answer = guarded.change(s -> {
            var result = s.attached(told(), greeting);
            guarded.arrived.signalAll(); // for who waits for the session to open
            return result;
        });
        if (answer instanceof AttachAnswer.Current) {
            attached = true;
            watch.answered(System.nanoTime() - askedAt);
        }
        return answer;
    }

    /** The server asks to attach anew after so many milliseconds, and serves this attachment until then. */
    void asksToMove(long afterMillis) {
        watch.asksToMove(afterMillis);
    }

    /** Whether the server has answered the attach. Any thread. */
    boolean wasAttached() {
        return attached;
    }

    /** Whether something was received, or acknowledged, since the attach. Any thread. */
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
        var parameters = content.parameters();
        long received = parameters == null ? Numbers.MALFORMED : parameters.number("received");
        return guarded.change(s -> s.peerClosed(content.number(), received, status));
    }

    /** The server has everything up to a position; returns false if it cannot. */
    boolean acknowledged(long position) {
        progress = true;
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
        return guarded.silenceNanos();
    }

    /** Waits until the session is over. */
    void awaitOver() throws InterruptedException {
        await(() -> true, Long.MAX_VALUE);
    }

    /** Waits while far too much waits for the application. */
    void awaitRoom() throws InterruptedException {
        await(() -> state.reception().isOverfull(), Long.MAX_VALUE);
    }

    /** Waits while the application does not keep up, at most so long. */
    void awaitKeepingUp(long nanos) throws InterruptedException {
        await(() -> state.reception().isFull(), nanos);
    }

    /** Waits before the next poll. Ends early if the session is over, and once when this side closes. */
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
