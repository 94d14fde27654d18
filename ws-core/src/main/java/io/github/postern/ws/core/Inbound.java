package io.github.postern.ws.core;

import static io.github.postern.ws.core.ProtocolViolation.protocolError;

import io.github.postern.ws.core.handshake.Extension;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The receiving side of a connection after its handshake: bytes in, {@linkplain Event events} out (RFC 6455 §5 to §8).
 *
 * {@snippet class="io.github.postern.verify.examples.CoreExamplesTest" region="inbound" :
 * Event event;
 * while ((event = inbound.next(input)) != null) {
 *     deal(event); // and send its reply(), if it has one
 * }
 * // all of input is consumed: read more
 * }
 *
 * <p>A message is received as a whole with {@link #next}, or piece by piece as it arrives with {@link #nextPart}, which is for
 * those that are too long to be held, or are only passed on.
 *
 * <p>Whatever the peer sends, nothing is thrown for it: a broken rule or limit becomes one {@link Event.Failed}. After
 * that, and after {@link Event.Closed}, the rest of the input is discarded without a look at it (§1.4, §7.1.7).
 *
 * <p>The bytes may be cut anywhere, also inside a header, and hold any number of frames. Memory for a message is
 * reserved as its bytes arrive; between messages none is held, but for the payload of the last control frame, and a
 * decompressor if the peer's compressor takes over its context.
 *
 * <p>Not safe for use by several threads at a time. It shares nothing with the {@link Outbound} of the same connection.
 */
public final class Inbound {
    private final Limits limits;
    private final FrameDecoder frame;

    /** Null if nothing is compressed. */
    private final @Nullable MessageInflater inflater;

    /** Null until the first part that lies in the input. */
    private @Nullable InputView view;

    /** The message that has begun and could not be taken in one piece; null if there is none. */
    private @Nullable MessageAssembler message;

    /** Null until the first control frame. */
    private @Nullable ControlPayload control;

    private boolean closed;

    /**
     * The receiving side of an endpoint of this role, without extensions.
     *
     * @param role this end's role
     * @param limits what a message may have at most
     */
    public Inbound(Role role, Limits limits) {
        this(role, limits, List.of(), DeflateOptions.defaults());
    }

    /**
     * The receiving side of an endpoint of this role.
     *
     * @param role this end's role
     * @param limits what a message may have at most
     * @param extensions what both ends agreed on in the handshake
     * @param options where decompressors come from, if compression was agreed on
     * @throws IllegalArgumentException if an extension is not supported
     */
    public Inbound(Role role, Limits limits, List<Extension> extensions, DeflateOptions options) {
        this.limits = limits;
        this.inflater = Extensions.inflater(role, extensions, options.pool(), limits);
        this.frame = new FrameDecoder(role, inflater != null);
    }

    /**
     * The next event in {@code input}, messages as a whole: {@link Event.Text} and {@link Event.Binary}.
     *
     * @param input what was received, from position to limit. It is consumed as far as the event reaches, and what is left
     *     has to come first in the next call's input. It may be overwritten, since payloads are unmasked where they lie. A heap
     *     buffer is the fast case.
     * @return the event, valid until the next call; null if all of the input is consumed and more bytes are needed
     * @throws IllegalArgumentException if the input is read-only
     * @throws IllegalStateException if a message of which a part was given out has not ended
     */
    public @Nullable Event next(ByteBuffer input) {
        if (message != null && message.inParts()) {
            throw new IllegalStateException("a message is being received in parts");
        }
        return next(input, false);
    }

    /**
     * The next event in {@code input}, messages piece by piece: {@link Event.TextPart} and {@link Event.BinaryPart}, whenever some
     * of a message has arrived. How its sender has cut it into frames cannot be seen; control frames come in between as they
     * do on the wire. What {@link #next} has already taken of an unfinished message is in the first part.
     *
     * <p>A part of plain binary is a view of the input; of what is compressed, at most 8 KiB are decompressed at a time.
     *
     * @param input as for {@link #next}
     * @return the event, valid until the next call; null if all of the input is consumed and more bytes are needed
     * @throws IllegalArgumentException if the input is read-only
     */
    public @Nullable Event nextPart(ByteBuffer input) {
        return next(input, true);
    }

    private @Nullable Event next(ByteBuffer input, boolean parts) {
        if (input.isReadOnly()) {
            throw new IllegalArgumentException("read-only input");
        }
        if (closed) {
            input.position(input.limit());
            return null;
        }
        try {
            var event = decode(input, parts);
            if (event == null) {
                clearView();
            }
            return event;
        } catch (ProtocolViolation violation) {
            release();
            return violation.event();
        }
    }

    /**
     * Where the payload that follows can be put, instead of into an input from which it is copied: for long messages, when all input is
     * consumed. Whoever puts some there says so with {@link #received}, and asks for the {@link #next} event.
     *
     * @param arrived how many bytes are known to have arrived, at least 1; memory is reserved for no more than twice of what the message then has,
     *     rounded up to 4 KiB
     * @return the place, from position to limit, good until the next call; null if what follows has to come as an input: it is not payload of a message that has
     *     begun, or is compressed, or the message is received in parts
     * @throws IllegalArgumentException if {@code arrived} is below 1
     */
    public @Nullable ByteBuffer room(int arrived) {
        if (arrived < 1) {
            throw new IllegalArgumentException("arrived below 1: " + arrived);
        }
        var begun = message;
        if (begun == null || !hasRoom(begun)) {
            return null;
        }
        return begun.room(frame, (int) Math.min(frame.remaining(), arrived));
    }

    /** Whether what follows is payload of a message that has begun, and may be put where the rest of it is. */
    private boolean hasRoom(MessageAssembler begun) {
        return !begun.isCompressed() && !begun.inParts() && !frame.isControl() && frame.isOpen();
    }

    /**
     * Takes payload that was put into the {@link #room} given out last, from its position on.
     *
     * @param length how many bytes; at most as many as there was room for
     * @throws IllegalArgumentException if the length is negative, or beyond the room
     * @throws IllegalStateException if none can have been given out, since no message has begun for instance
     */
    public void received(int length) {
        var begun = message;
        if (begun == null || !hasRoom(begun)) {
            throw new IllegalStateException("no room was given out");
        }
        if (length < 0 || length > begun.room(frame)) {
            throw new IllegalArgumentException("length outside 0 to " + begun.room(frame) + ": " + length);
        }
        begun.take(frame, length);
    }

    /** {@return whether there will be no more events: a Close frame was received, the input failed, or this was released} */
    public boolean isClosed() {
        return closed;
    }

    /**
     * {@return whether a message or a frame has begun and is not complete, so that a deadline for its completion should run}
     * False when closed.
     */
    public boolean inMessage() {
        return !closed && (message != null || !frame.isBetweenFrames());
    }

    /**
     * Ends the receiving, and lets go of what was received and of the decompressor. To be called when the connection has ended
     * in any other way than with {@link Event.Closed} or {@link Event.Failed}; does nothing the second time.
     */
    public void release() {
        closed = true;
        message = null;
        control = null;
        clearView();
        if (inflater != null) {
            inflater.release();
        }
    }

    private InputView view() {
        if (view == null) {
            view = new InputView();
        }
        return view;
    }

    private void clearView() {
        if (view != null) {
            view.clear();
        }
    }

    private @Nullable Event decode(ByteBuffer input, boolean parts) {
        while (frame.isOpen() || begin(input)) {
            var event = frame.isControl() ? control(input) : data(input, parts);
            if (event != null) {
                return event;
            }
            if (frame.isOpen()) {
                return null;
            }
        }
        return null;
    }

    /** Reads the header of a frame and judges it before any payload; false if it is not complete. */
    private boolean begin(ByteBuffer input) {
        if (!frame.readHeader(input)) {
            return false;
        }
        if (frame.isControl()) {
            beginControl();
        } else {
            admit();
        }
        return true;
    }

    private void beginControl() {
        if (control == null) {
            control = new ControlPayload();
        }
        control.begin((int) frame.remaining());
    }

    /** §5.4: a data frame begins a message or continues the one that has begun. §10.4: within the limits. */
    private void admit() {
        var begun = message;
        var continues = frame.opcode() == Opcode.CONTINUATION;
        if (continues && begun == null) {
            throw protocolError("continuation frame without a message to continue");
        }
        if (!continues && begun != null) {
            throw protocolError("new message inside a fragmented one");
        }
        var compressed = begun == null ? frame.compressed() : begun.isCompressed();
        var longest = compressed ? limits.maxCompressedFrameSize() : limits.maxFrameSize();
        if (frame.remaining() > longest) {
            throw tooBig("frame", longest, frame.remaining());
        }
        if (!compressed) {
            var received = begun == null ? 0 : begun.received();
            if (frame.remaining() > limits.maxMessageSize() - received) {
                throw tooBig("message", limits.maxMessageSize(), received + frame.remaining());
            }
        }
        if (begun != null && begun.addFrame() > limits.maxFragments()) {
            throw new ProtocolViolation(
                    CloseStatus.POLICY_VIOLATION, "message of more than " + limits.maxFragments() + " fragments");
        }
    }

    private static ProtocolViolation tooBig(String what, long limit, long size) {
        return new ProtocolViolation(
                CloseStatus.MESSAGE_TOO_BIG, what + " longer than " + limit + " bytes: " + Long.toUnsignedString(size));
    }

    /** The message or the part that there is now; null if there is none yet. */
    private @Nullable Event data(ByteBuffer input, boolean parts) {
        var begun = message;
        if (begun == null) {
            if (frame.remaining() > 0 && !input.hasRemaining()) {
                return null; // nothing lost by waiting, and the payload may yet come in one piece
            }
            if (frame.fin() && !frame.compressed() && frame.isWholeIn(input)) {
                return parts ? wholePart(input) : whole(input);
            }
            begun = new MessageAssembler(frame, limits.maxMessageSize(), inflater);
            message = begun;
        }
        if (parts) {
            begun.readPart(frame, input, view());
        } else {
            begun.read(frame, input);
        }
        var ended = begun.hasRead(frame) && endFrame(begun);
        return parts ? begun.part(ended) : ended ? begun.finish() : null;
    }

    /** Ends a frame of a message, and the message if it was its last. */
    private boolean endFrame(MessageAssembler begun) {
        frame.end();
        if (!frame.fin()) {
            return false;
        }
        message = null;
        if (inflater != null && begun.isCompressed()) {
            inflater.endMessage();
        }
        return true;
    }

    /** A message in one frame, all of it at hand: no buffer in between. */
    private Event whole(ByteBuffer input) {
        if (frame.opcode() == Opcode.TEXT) {
            return new Event.Text(wholeText(input));
        }
        var payload = frame.readWhole(input);
        frame.end();
        return new Event.Binary(ByteBuffer.wrap(payload));
    }

    /** The same as its only part, which is not copied. */
    private Event wholePart(ByteBuffer input) {
        if (frame.opcode() == Opcode.TEXT) {
            return new Event.TextPart(wholeText(input), true);
        }
        var data = view().take(frame, input, (int) frame.remaining());
        frame.end();
        return new Event.BinaryPart(data, true);
    }

    private String wholeText(ByteBuffer input) {
        var length = (int) frame.remaining();
        byte[] bytes;
        var from = 0;
        if (input.hasArray()) {
            bytes = input.array();
            from = input.arrayOffset() + input.position();
            frame.readInPlace(input, length);
        } else {
            bytes = frame.readWhole(input);
        }
        frame.end();
        return Utf8.require(bytes, from, length);
    }

    /** The event if {@code input} holds the rest of the frame. */
    private @Nullable Event control(ByteBuffer input) {
        var payload = Objects.requireNonNull(control);
        payload.read(frame, input);
        if (frame.remaining() > 0) {
            return null;
        }
        frame.end();
        return switch (frame.opcode()) {
            case Opcode.PING -> payload.ping();
            case Opcode.PONG -> payload.pong();
            default -> {
                var status = payload.closeStatus();
                release();
                yield new Event.Closed(status);
            }
        };
    }
}
