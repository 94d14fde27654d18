package io.github.postern.ws.connection;

import io.github.postern.ws.core.CloseStatus;
import io.github.postern.ws.core.Event;
import io.github.postern.ws.core.Inbound;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * From the transport to messages: reads bytes, decodes them, and deals with what is not a message. For the thread that has the lead of the
 * {@link Receiving} side, unless said otherwise.
 */
final class Reading {
    /** Below that the input buffer is better: it takes what follows the frame as well. */
    private static final int LEAST_ROOM = 16 * 1024;

    private final WebSocketConnection connection;
    private final Transport transport;
    private final Inbound inbound;
    private final InputBuffer input;

    /** Null until the first control frame. */
    private @Nullable RateLimit controlFrames;

    /** The message that is received in parts and has not arrived to its end; null if there is none. */
    private volatile @Nullable Incoming streamed;

    /** Counts, for {@link Totals}. */
    private long messages;

    private long bytes;

    /** When bytes arrived last. */
    private volatile long lastRead;

    /** When the message that is arriving began to, or 0. */
    private volatile long messageBegan;

    Reading(WebSocketConnection connection, Transport transport, Inbound inbound, ByteBuffer leftover) {
        this.connection = connection;
        this.lastRead = connection.time().nanoTime();
        this.transport = transport;
        this.inbound = inbound;
        this.input = new InputBuffer(leftover);
    }

    /**
     * Reads until there is a message, or a part of one that is received in parts; null if the deadline passed or the connection
     * ended.
     *
     * @param inParts whether a message that begins now is to be received in parts; one that has begun so goes on so
     */
    @Nullable
    Event read(long deadline, boolean inParts) {
        boolean owesFlush = false;
        boolean hasRead = false;
        while (!connection.closing().hasEnded()) {
            boolean parts = inParts || streamed != null;
            var event = parts ? inbound.nextPart(input.bytes()) : inbound.next(input.bytes());
            if (event == null) {
                if ((hasRead && Deadline.hasPassed(connection.time(), deadline)) || !readMore(deadline, parts)) {
                    return null;
                }
                hasRead = true;
                owesFlush = false;
                continue;
            }
            if (isData(event)) {
                if (isSkipped(event)) {
                    continue;
                }
                if (owesFlush) {
                    connection.flushSoon();
                }
                setMessageBegan(0);
                if (isLast(event)) {
                    messages++;
                }
                ConnectionEvents.received(connection, event);
                return event;
            }
            if (!allowsControlFrame() && !inbound.isClosed()) {
                connection.closing().refuse(CloseStatus.POLICY_VIOLATION, "more control frames a second than allowed");
                return null;
            }
            owesFlush = true;
            connection.control(event);
        }
        return null;
    }

    private boolean allowsControlFrame() {
        if (controlFrames == null) {
            controlFrames = new RateLimit(connection.options().controlFramesPerSecond());
        }
        return controlFrames.allows(lastRead);
    }

    private static boolean isData(Event event) {
        return event instanceof Event.Text
                || event instanceof Event.Binary
                || event instanceof Event.TextPart
                || event instanceof Event.BinaryPart;
    }

    /** Whether it belongs to a message that the application has closed. */
    private boolean isSkipped(Event event) {
        var skipped = streamed;
        if (skipped == null || !skipped.isClosed()) {
            return false;
        }
        if (isLast(event)) {
            streamed = null;
        }
        return true;
    }

    private static boolean isLast(Event event) {
        return switch (event) {
            case Event.TextPart part -> part.last();
            case Event.BinaryPart part -> part.last();
            default -> true;
        };
    }

    /** Whether there are more bytes; false if the deadline passed or the connection ended. */
    private boolean readMore(long deadline, boolean inParts) {
        try {
            ByteBuffer room = null;
            if (input.mayWait(transport)) {
                connection.sending().flush();
            } else if (!inParts) {
                room = room(input.available());
            }
            if (!inbound.inMessage() || inParts) {
                setMessageBegan(0);
            } else if (messageBegan == 0) {
                setMessageBegan(lastRead | 1);
            }
            int read = room == null
                    ? input.fill(transport, Deadline.remaining(connection.time(), deadline))
                    : input.bypass(transport, room, Deadline.remaining(connection.time(), deadline));
            if (room != null && read > 0) {
                inbound.received(read);
            }
            if (read < 0) {
                connection.closing().lost(null);
            } else if (read > 0) {
                lastRead = connection.time().nanoTime();
                if (Slice.ends(bytes, read)) {
                    Slice.end();
                }
                bytes += read;
            }
            return read > 0;
        } catch (IOException e) {
            connection.closing().lost(e);
            return false;
        }
    }

    /** Writes only what changes: a volatile write costs more than a small message. */
    private void setMessageBegan(long nanos) {
        if (messageBegan != nanos) {
            messageBegan = nanos;
        }
    }

    /** Where much of what has arrived can be read to without being copied once more; null if there is no such place. */
    private @Nullable ByteBuffer room(int arrived) {
        var room = arrived < LEAST_ROOM ? null : inbound.room(arrived);
        return room == null || room.remaining() < LEAST_ROOM ? null : room;
    }

    /** Whether bytes have arrived that are not decoded, as far as the transport can tell. */
    boolean hasArrived() throws IOException {
        return hasMore() || transport.available() != 0;
    }

    /** Reads and drops what still arrives, until the peer closes TCP or the deadline passes. */
    void linger(long deadline) {
        try {
            while (!Deadline.hasPassed(connection.time(), deadline)) {
                input.bytes().position(input.bytes().limit());
                var unused = input.mayWait(transport);
                if (input.fill(transport, Deadline.remaining(connection.time(), deadline)) <= 0) {
                    return;
                }
            }
        } catch (IOException e) {
            // the peer is gone, which is what was waited for
        }
    }

    /** What is read from now on are parts of this message, until they {@linkplain #endParts end}. */
    void beginParts(Incoming message) {
        streamed = message;
    }

    void endParts() {
        streamed = null;
    }

    /** The message that is received in parts and has not arrived to its end; null if there is none. For any thread. */
    @Nullable
    Incoming inParts() {
        return streamed;
    }

    /** Whether bytes were read that are not decoded. */
    boolean hasMore() {
        return input.bytes().hasRemaining();
    }

    /** How many messages have been read to their end. For any thread, perhaps a little late. */
    long messages() {
        return messages;
    }

    /** How many bytes have been read. For any thread, perhaps a little late. */
    long bytes() {
        return bytes;
    }

    /** When bytes arrived last. For any thread. */
    long lastRead() {
        return lastRead;
    }

    /** In how many nanoseconds the message that is arriving will have taken as long as it may. For any thread. */
    long untilOverdue(long now) {
        long began = messageBegan;
        long timeout = connection.options().messageTimeout().toNanos();
        return timeout == 0 || began == 0 ? Long.MAX_VALUE : timeout - (now - began);
    }

    /** Gives back all buffers. To be called when nobody has the lead, nor will. */
    void release() {
        input.release();
        inbound.release();
    }
}
