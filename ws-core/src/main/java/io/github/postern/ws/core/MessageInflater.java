package io.github.postern.ws.core;

import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * Decompresses the messages of one connection (RFC 7692 §7.2.2), each piece by piece, within the limits. A decompressor is
 * borrowed with the first piece, and given back after each message unless the peer's compressor remembers it.
 */
final class MessageInflater {
    /** What a peer leaves out at the end of each message. */
    private static final byte[] TAIL = {0, 0, (byte) 0xFF, (byte) 0xFF};

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final DeflatePool pool;
    private final boolean contextTakeover;
    private final Limits limits;
    private final ByteBuffer tail = ByteBuffer.wrap(TAIL.clone());
    private @Nullable Inflater zlib;

    /** Of the current message: what was consumed of it, what that became, how often a DEFLATE stream ended in it. */
    private long consumed;

    private long inflated;
    private int streamEnds;

    /** Whether nothing has been consumed since a DEFLATE stream ended. */
    private boolean atStreamEnd;

    MessageInflater(DeflatePool pool, boolean contextTakeover, Limits limits) {
        this.pool = pool;
        this.contextTakeover = contextTakeover;
        this.limits = limits;
    }

    /**
     * Decompresses what {@code input} holds of the frame, and behind the last frame of a message what the peer left out.
     *
     * @return how many bytes were put into {@code target}; fewer than {@code room} if there is nothing more to be had of what
     *     has arrived
     */
    int inflate(FrameDecoder frame, ByteBuffer input, byte[] target, int at, int room) {
        if (zlib == null) {
            zlib = pool.borrowInflater();
        }
        var length = inflatePayload(frame, input, target, at, room);
        if (frame.isLastAndRead() && !atStreamEnd) {
            length += run(tail, target, at + length, room - length);
        }
        return length;
    }

    private int inflatePayload(FrameDecoder frame, ByteBuffer input, byte[] target, int at, int room) {
        var limit = input.limit();
        var from = input.position();
        frame.unmaskAhead(input);
        input.limit(from + frame.available(input));
        try {
            return run(input, target, at, room);
        } finally {
            input.limit(limit);
            frame.skip(input.position() - from);
        }
    }

    private int run(ByteBuffer input, byte[] target, int at, int room) {
        var inflater = Objects.requireNonNull(zlib);
        var from = input.position();
        var length = 0;
        atStreamEnd &= !input.hasRemaining();
        inflater.setInput(input);
        try {
            while (length < room) {
                var step = inflater.inflate(target, at + length, room - length);
                length += step;
                if (inflater.finished()) {
                    endStream(inflater, input);
                } else if (step == 0) {
                    break;
                }
            }
        } catch (DataFormatException e) {
            throw new ProtocolViolation(CloseStatus.INVALID_PAYLOAD, "compressed message is not DEFLATE data");
        } finally {
            inflater.setInput(NOTHING); // it must not hold on to the caller's buffer
        }
        count(input.position() - from, length);
        return length;
    }

    /** §7.2.3.4: a block with BFINAL ends a stream but not the message; what follows is another stream. */
    private void endStream(Inflater inflater, ByteBuffer input) {
        if (++streamEnds > limits.maxFragments()) {
            throw new ProtocolViolation(
                    CloseStatus.POLICY_VIOLATION, "message of more than " + limits.maxFragments() + " DEFLATE streams");
        }
        inflater.reset();
        inflater.setInput(input);
        atStreamEnd = !input.hasRemaining();
    }

    private void count(int in, int out) {
        consumed += in;
        inflated += out;
        if (inflated > limits.maxMessageSize()) {
            throw new ProtocolViolation(
                    CloseStatus.MESSAGE_TOO_BIG, "message longer than " + limits.maxMessageSize() + " bytes");
        }
        if (inflated > Limits.SMALL_MESSAGE && inflated / limits.maxInflationRatio() > consumed) {
            throw new ProtocolViolation(
                    CloseStatus.MESSAGE_TOO_BIG,
                    "message more than " + limits.maxInflationRatio() + " times as long as what was received");
        }
    }

    /** Declares the message read to its end. */
    void endMessage() {
        consumed = 0;
        inflated = 0;
        streamEnds = 0;
        atStreamEnd = false;
        tail.clear();
        if (!contextTakeover) {
            release();
        }
    }

    /** Gives back the decompressor, and with it all memory of earlier messages. */
    void release() {
        if (zlib != null) {
            pool.giveBack(zlib);
            zlib = null;
        }
    }
}
