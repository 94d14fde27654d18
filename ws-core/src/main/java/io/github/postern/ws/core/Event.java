package io.github.postern.ws.core;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Something that {@link Inbound} found in the bytes of the peer.
 *
 * <p>An event is valid until the next call of {@link Inbound#next} or {@link Inbound#nextPart}, for it or its buffers may be
 * used again by then. Only the contents of {@link Text}, {@link Binary} and {@link TextPart} belong to the receiver for good.
 */
public sealed interface Event {
    /** {@return the control frame that RFC 6455 obliges us to send for this event; null if there is none} */
    default @Nullable Reply reply() {
        return null;
    }

    /**
     * A text message, all its fragments together.
     *
     * @param text the message, which was valid UTF-8
     */
    record Text(String text) implements Event {}

    /**
     * A binary message, all its fragments together.
     *
     * @param data the message, in an array of its own that holds nothing else
     */
    record Binary(ByteBuffer data) implements Event {}

    /**
     * The next piece of a text message that is received piece by piece.
     *
     * @param text the piece, in whole characters; may be empty if it is the last one
     * @param last whether the message ends with it
     */
    record TextPart(String text, boolean last) implements Event {}

    /**
     * The next piece of a binary message that is received piece by piece.
     *
     * @param data the piece, which may be a view of the input; may be empty if it is the last one
     * @param last whether the message ends with it
     */
    record BinaryPart(ByteBuffer data, boolean last) implements Event {}

    /** A Ping (§5.5.2). */
    final class Ping implements Event {
        private final Reply.Pong reply;

        /** A second view of the reply's payload: whoever reads it must not empty the reply. */
        private @Nullable ByteBuffer payload;

        Ping(ByteBuffer payload) {
            this.reply = new Reply.Pong(payload);
        }

        /** Says that the payload has changed. */
        void renew() {
            if (payload != null) {
                payload.clear().limit(reply.payload().limit());
            }
        }

        /** {@return what the Ping carries, at most 125 bytes; the same buffer at each call} */
        public ByteBuffer payload() {
            if (payload == null) {
                payload = ByteBuffer.wrap(
                        reply.payload().array(), 0, reply.payload().limit());
            }
            return payload;
        }

        /** The Pong with the same payload. */
        @Override
        public Reply.Pong reply() {
            return reply;
        }

        @Override
        public String toString() {
            return "Ping[" + reply.payload().limit() + " bytes]";
        }
    }

    /** A Pong (§5.5.3), whether it answers a Ping or not. */
    final class Pong implements Event {
        private final ByteBuffer payload;

        Pong(ByteBuffer payload) {
            this.payload = payload;
        }

        /** {@return what the Pong carries, at most 125 bytes; the same buffer at each call} */
        public ByteBuffer payload() {
            return payload;
        }

        @Override
        public String toString() {
            return "Pong[" + payload.limit() + " bytes]";
        }
    }

    /**
     * The peer's Close frame (§5.5.1). Nothing comes after it.
     *
     * @param status what the frame says; {@link CloseStatus#NO_STATUS} if it was empty
     */
    record Closed(CloseStatus status) implements Event {
        /** A Close frame with the code received, or an empty one for an empty one. */
        @Override
        public Reply.Close reply() {
            return new Reply.Close(CloseStatus.of(status.code()));
        }
    }

    /**
     * The peer broke a rule or a limit: the connection is to be failed (§7.1.7). Nothing comes after it.
     *
     * @param status the code that says which kind of rule; no reason
     * @param detail which rule, for the log and never for the peer
     */
    record Failed(CloseStatus status, String detail) implements Event {
        /** A Close frame with the status. */
        @Override
        public Reply.Close reply() {
            return new Reply.Close(status);
        }
    }
}
