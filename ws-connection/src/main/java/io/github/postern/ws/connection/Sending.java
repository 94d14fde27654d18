package io.github.postern.ws.connection;

import io.github.postern.ws.core.CloseStatus;
import io.github.postern.ws.core.Outbound;
import io.github.postern.ws.core.PreparedMessage;
import io.github.postern.ws.core.Reply;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * The sending side of a connection. Senders take {@linkplain Turn turns}; what one sends is written before the turn ends,
 * unless it is known to send more at once.
 *
 * <p>The reader must not wait for a sender that is itself blocked by a peer that does not read: a Pong it owes while
 * another thread has the turn is left behind, and that thread sends it. Only the newest Ping needs an answer (RFC 6455 §5.5.3).
 *
 * <p>Messages whose senders may not wait are in the {@link Outbox}; whoever sends a message next sends those first.
 */
final class Sending {
    /** What a watchdog finds that was asked to flush. */
    enum Deferred {
        /** The replies have been written, or it was asked again. */
        WRITTEN,
        /** They have been written, and there are others. */
        NEWER,
        /** They have not. */
        LEFT_BEHIND
    }

    /** What a thread does that has the turn. */
    @FunctionalInterface
    private interface Begin {
        void frame(Outbound outbound);
    }

    private static final AtomicReferenceFieldUpdater<Sending, @Nullable Outbox> OUTBOX =
            AtomicReferenceFieldUpdater.newUpdater(Sending.class, Outbox.class, "outbox");
    private static final AtomicLongFieldUpdater<Sending> WAITING =
            AtomicLongFieldUpdater.newUpdater(Sending.class, "waiting");
    private static final AtomicLongFieldUpdater<Sending> BEING_SENT =
            AtomicLongFieldUpdater.newUpdater(Sending.class, "beingSent");
    private static final AtomicLongFieldUpdater<Sending> FLUSH_ASKED =
            AtomicLongFieldUpdater.newUpdater(Sending.class, "flushAsked");
    private static final long NOT_ASKED = -1;

    private final WebSocketConnection connection;
    private final Turn turn = new Turn();
    private final Output output;

    /** Counts, for {@link Totals}. Written by the thread that has the turn. */
    private long messages;

    /** Null until a message is to wait. */
    private volatile @Nullable Outbox outbox;

    /** The status of the Close frame that was sent. Written by the thread that has the turn. */
    private volatile @Nullable CloseStatus sent;

    private volatile Reply.@Nullable Pong owedPong;

    /** Whether the connection has ended, so that the outbound side is to be released. */
    private volatile boolean ended;

    /** Bytes of messages whose senders wait for the turn. */
    private volatile long waiting;

    /** Bytes of messages whose sender has the turn, which writes them lazily: a volatile write costs more than a small message. */
    private volatile long beingSent;

    /** How many bytes had been written when the watchdog was asked to flush, or {@link #NOT_ASKED}. */
    private volatile long flushAsked = NOT_ASKED;

    Sending(WebSocketConnection connection, Transport transport, Outbound outbound) {
        this.connection = connection;
        this.output = new Output(connection, transport, outbound);
    }

    boolean text(String text, boolean defer) throws IOException {
        return message(out -> out.text(text), true, text.length(), defer);
    }

    boolean binary(ByteBuffer binary, boolean defer) throws IOException {
        return message(out -> out.binary(binary), false, binary.remaining(), defer);
    }

    boolean text(String text, boolean compress, boolean defer) throws IOException {
        return message(out -> out.text(text, compress), true, text.length(), defer);
    }

    boolean binary(ByteBuffer binary, boolean compress, boolean defer) throws IOException {
        return message(out -> out.binary(binary, compress), false, binary.remaining(), defer);
    }

    boolean prepared(PreparedMessage message, boolean defer) throws IOException {
        return message(out -> out.prepared(message), message.isText(), message.size(), defer);
    }

    /** Sends messages one behind the other, without a write for each; false as {@link #send} says, then perhaps in the middle of them. */
    boolean prepared(List<PreparedMessage> all) throws IOException {
        takeTurn(null, all.stream().mapToLong(PreparedMessage::size).sum());
        try {
            encodeWaiting();
            for (var message : all) {
                if (mayNotSend()) {
                    return false;
                }
                encode(message);
            }
            output.write();
        } finally {
            release();
        }
        return true;
    }

    /** Takes the turn for messages of so many bytes, or for a part of one, which are buffered until it ends. */
    private void takeTurn(@Nullable Object sender, long size) throws IOException {
        if (turn.tryTakeForMessage(sender)) {
            BEING_SENT.lazySet(this, size);
            return;
        }
        WAITING.addAndGet(this, size);
        try {
            turn.takeForMessage(sender, connection.time(), writeTimeout());
            BEING_SENT.lazySet(this, size);
        } finally {
            WAITING.addAndGet(this, -size);
        }
    }

    private boolean message(Begin frame, boolean text, int size, boolean defer) throws IOException {
        return send(null, frame, text, size, true, defer);
    }

    /** Sends a part of a text message: see {@link #send}. */
    boolean textPart(Object sender, String part, boolean last) throws IOException {
        var size = part.length();
        return send(sender, out -> out.textPart(part, last, compresses(size, last)), true, size, last, false);
    }

    /** Sends a part of a binary message: see {@link #send}. */
    boolean binaryPart(Object sender, ByteBuffer part, boolean last) throws IOException {
        var size = part.remaining();
        return send(sender, out -> out.binaryPart(part, last, compresses(size, last)), false, size, last, false);
    }

    /** Whether a message that begins with this part is worth compressing. */
    private boolean compresses(int size, boolean last) {
        return !last || size >= connection.options().deflate().threshold();
    }

    /**
     * Sends a message, or a part of one. From a message's first part to its last no other message is sent.
     *
     * @param sender whose parts these are; null for a message as a whole
     * @param text whether it is text
     * @param size how much it adds to the buffered amount
     * @param last whether the message ends with it
     * @param defer whether the bytes may wait for the reader's next {@link #flush}
     * @return false if a Close frame was sent before or is about to be, and so nothing may follow
     */
    private boolean send(@Nullable Object sender, Begin frame, boolean text, int size, boolean last, boolean defer)
            throws IOException {
        boolean sliceEnded;
        takeTurn(sender, size);
        try {
            if (mayNotSend()) {
                return false;
            }
            encodeWaiting();
            encode(frame);
            sent(text, size, last);
            if (!last) {
                turn.beginMessage(Objects.requireNonNull(sender));
            } else if (sender != null) {
                turn.endMessage();
            }
            if (!defer) {
                output.write();
            }
            sliceEnded = output.takeSliceEnd();
        } finally {
            release();
        }
        if (sliceEnded) {
            Slice.end();
        }
        return true;
    }

    boolean ping(ByteBuffer payload) throws IOException {
        turn.take(connection.time(), writeTimeout());
        try {
            if (output.frames().isClosed()) {
                return false;
            }
            encode(out -> out.ping(payload));
            output.write();
            return true;
        } finally {
            release();
        }
    }

    /** Lets a message wait, or does what the policy says. */
    Outbox.Outcome offer(PreparedMessage message, SlowConsumer policy) {
        if (sent != null || ended || connection.closing().isRefusing()) {
            return Outbox.Outcome.DROPPED;
        }
        var box = outbox;
        if (box == null) {
            OUTBOX.compareAndSet(this, null, new Outbox(connection.options()));
            box = Objects.requireNonNull(outbox);
        }
        var outcome = box.offer(message, policy);
        if (ended) {
            box.close(); // it may have been created as the connection ended
        }
        return outcome;
    }

    /** Sends the messages that wait, as one of the senders. */
    void sendWaiting() {
        var box = Objects.requireNonNull(outbox, "nothing was offered");
        do {
            try {
                takeTurnForWaiting();
            } catch (IOException e) {
                // which has ended the connection, and with it the outbox
            }
        } while (!box.leaveIfEmpty());
    }

    private void takeTurnForWaiting() throws IOException {
        turn.takeForMessages();
        try {
            encodeWaiting();
            output.write();
        } finally {
            release();
        }
    }

    /** Takes the turn for {@link #sendAtOnce}, unless that would mean to wait or to overtake somebody. Never blocks. */
    boolean tryBegin() {
        if (hasWaiting() || !turn.tryTake()) {
            return false;
        }
        if (!turn.inMessage() && !hasWaiting() && !mayNotSend()) {
            return true;
        }
        leave();
        if (owedPong != null) { // since the turn was taken
            connection.time().start("postern-pong", this::sendOwedPongQuietly);
        }
        return false;
    }

    /** Sends a message, having the turn, and ends that. */
    void sendAtOnce(PreparedMessage message) throws IOException {
        BEING_SENT.lazySet(this, message.size());
        try {
            output.send(message);
            sent(message.isText(), message.size(), true);
        } finally {
            release();
        }
    }

    /** Takes the reader's answer to a Ping. It leaves with the next {@link #flush} or with what another thread is sending. */
    void pong(Reply.Pong pong) throws IOException {
        if (turn.tryTake()) {
            try {
                encodePong(pong);
            } finally {
                leave();
            }
        } else {
            var copy = ByteBuffer.allocate(pong.payload().remaining())
                    .put(pong.payload())
                    .flip();
            owedPong = new Reply.Pong(copy);
        }
        sendOwedPong();
    }

    /**
     * Sends a Close frame, after everything sent before it. Nothing can be sent afterwards.
     *
     * @return false if one was sent before
     */
    boolean close(CloseStatus status, long timeoutNanos) throws IOException {
        turn.take(connection.time(), timeoutNanos);
        try {
            if (output.frames().isClosed()) {
                return false;
            }
            encodeWaiting();
            encode(out -> out.close(status));
            sent = status;
            turn.endMessage();
            output.write();
            return true;
        } finally {
            leave();
        }
    }

    /** Lets go of everything, when nobody is sending any more: the connection has ended. */
    void end() {
        ended = true;
        var box = outbox;
        if (box != null) {
            box.close();
        }
        releaseIfEnded();
    }

    /** The status of the Close frame that was sent, or null if none was. */
    @Nullable
    CloseStatus sent() {
        return sent;
    }

    /** Ends the output behind the Close frame. */
    void shutdownOutput(long timeoutNanos) throws IOException {
        turn.take(connection.time(), timeoutNanos);
        try {
            output.shutdown();
        } finally {
            leave();
        }
    }

    /** Ends the output behind the Close frame, and the transport with it: nothing more is read. */
    void finish(long timeoutNanos) throws IOException {
        turn.take(connection.time(), timeoutNanos);
        try {
            output.finish();
        } finally {
            leave();
        }
    }

    /** Writes what was deferred. Called by the reader before it blocks; a thread that is sending meanwhile does it itself. */
    void flush() throws IOException {
        if (output.isPending() && turn.tryTake()) {
            try {
                output.write();
            } finally {
                release();
            }
        }
    }

    /** Asks, once, that what was deferred be written in some milliseconds even if the reader does not come back. */
    void flushSoon(Watchdog watchdog, WebSocketConnection connection) {
        if (output.isPending()
                && flushAsked == NOT_ASKED
                && FLUSH_ASKED.compareAndSet(this, NOT_ASKED, output.bytes())) {
            watchdog.flushSoon(connection);
        }
    }

    /** What has become of the replies for which a flush was asked. It may be asked for again, but for newer ones, for which it is. */
    Deferred takeFlush() {
        long asked = FLUSH_ASKED.getAndSet(this, NOT_ASKED); // before it is seen whether there are any
        if (!output.isPending()) {
            return Deferred.WRITTEN;
        }
        long written = output.bytes();
        if (written == asked) {
            return Deferred.LEFT_BEHIND;
        }
        return FLUSH_ASKED.compareAndSet(this, NOT_ASKED, written) ? Deferred.NEWER : Deferred.WRITTEN;
    }

    /** In how many nanoseconds the write in progress will have taken as long as it may. */
    long untilStalled(long now) {
        return output.untilStalled(now, writeTimeout());
    }

    /** How many messages have been sent to their end. For any thread, perhaps a little late. */
    long messages() {
        return messages;
    }

    /** How many bytes have been written. For any thread, perhaps a little late. */
    long bytes() {
        return output.bytes();
    }

    /** When a write began last. */
    long lastWrite() {
        return output.lastWrite();
    }

    long bufferedAmount() {
        var box = outbox;
        return waiting + beingSent + (box == null ? 0 : box.bytes());
    }

    private long writeTimeout() {
        return connection.options().writeTimeout().toNanos();
    }

    /**
     * Having the turn: whether nothing may follow but a Close, which was sent or is about to be. In the latter case a message may have been dropped for which
     * the peer is failed, and none must come after it.
     */
    private boolean mayNotSend() {
        return output.frames().isClosed() || connection.closing().isRefusing();
    }

    private boolean hasWaiting() {
        var box = outbox;
        return box != null && !box.isEmpty();
    }

    /** Having the turn, between messages: encodes those that wait. */
    private void encodeWaiting() throws IOException {
        var box = outbox;
        if (box == null || turn.inMessage() || output.frames().isClosed()) {
            return;
        }
        for (var message = box.poll(); message != null; message = box.poll()) {
            encode(message);
        }
    }

    private void encodePong(Reply.Pong pong) throws IOException {
        if (!output.frames().isClosed()) {
            encode(out -> out.reply(pong));
        }
    }

    private void encode(PreparedMessage message) throws IOException {
        output.frames().prepared(message);
        output.encode();
        sent(message.isText(), message.size(), true);
    }

    private void sent(boolean text, int size, boolean last) {
        if (last) {
            messages++;
        }
        ConnectionEvents.sent(connection, text, size);
    }

    private void encode(Begin frame) throws IOException {
        frame.frame(output.frames());
        output.encode();
    }

    private void release() throws IOException {
        leave();
        sendOwedPong();
    }

    /** Sends a Pong that was left behind. Whoever left it tries as well, in case the turn ended in between. */
    private void sendOwedPong() throws IOException {
        while (owedPong != null && turn.tryTake()) {
            try {
                var pong = owedPong;
                owedPong = null;
                if (pong != null) {
                    encodePong(pong);
                    output.write();
                }
            } finally {
                leave();
            }
        }
    }

    private void sendOwedPongQuietly() {
        try {
            sendOwedPong();
        } catch (IOException e) {
            // which has ended the connection
        }
    }

    private void leave() {
        BEING_SENT.lazySet(this, 0);
        turn.leave();
        releaseIfEnded();
    }

    private void releaseIfEnded() {
        if (ended && turn.tryTake()) {
            try {
                output.frames().release();
                turn.endMessage();
            } finally {
                turn.leave();
            }
        }
    }
}
