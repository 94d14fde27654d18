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
 * {@snippet :
 * Event event;
 * while ((event = inbound.next(input)) != null) {
 *     deal(event);                     // and send its reply(), if it has one
 * }
 * // all of input is consumed: read more
 * }
 *
 * <p>Whatever the peer sends, nothing is thrown for it: a broken rule or limit becomes one {@link Event.Failed}. After
 * that, and after {@link Event.Closed}, the rest of the input is discarded without a look at it (§1.4, §7.1.7).
 *
 * <p>The bytes may be cut anywhere, also inside a header, and hold any number of frames. Memory for a message is
 * reserved as its bytes arrive; between messages none is held, but for the payload of the last control frame.
 *
 * <p>Not safe for use by several threads at a time. It shares nothing with the {@link Outbound} of the same connection.
 */
public final class Inbound {
    private final Limits limits;
    private final FrameDecoder frame;

    /** The message that has begun and could not be taken in one piece; null if there is none. */
    private @Nullable MessageAssembler message;

    /** Null until the first control frame. */
    private @Nullable ControlPayload control;

    private boolean closed;

    /** The receiving side of an endpoint of this role, without extensions. */
    public Inbound(Role role, Limits limits) {
        this(role, limits, List.of());
    }

    /**
     * The receiving side of an endpoint of this role.
     *
     * @param extensions what both ends agreed on in the handshake
     * @throws IllegalArgumentException if an extension is not supported
     */
    public Inbound(Role role, Limits limits, List<Extension> extensions) {
        Extensions.requireSupported(extensions);
        this.limits = limits;
        this.frame = new FrameDecoder(role);
    }

    /**
     * The next event in {@code input}.
     *
     * @param input what was received, from position to limit. It is consumed as far as the event reaches, and may be
     *     overwritten, since text is unmasked where it lies. A heap buffer is the fast case.
     * @return the event, valid until the next call; null if all of the input is consumed and more bytes are needed
     * @throws IllegalArgumentException if the input is read-only
     */
    public @Nullable Event next(ByteBuffer input) {
        if (input.isReadOnly()) {
            throw new IllegalArgumentException("read-only input");
        }
        if (closed) {
            input.position(input.limit());
            return null;
        }
        try {
            return decode(input);
        } catch (ProtocolViolation violation) {
            close();
            return violation.event();
        }
    }

    /** Whether there will be no more events: a Close frame was received, or the input failed. */
    public boolean isClosed() {
        return closed;
    }

    /**
     * Whether a message or a frame has begun and is not complete, so that a deadline for its completion should run.
     * False when closed.
     */
    public boolean inMessage() {
        return !closed && (message != null || !frame.isBetweenFrames());
    }

    private @Nullable Event decode(ByteBuffer input) {
        while (frame.isOpen() || begin(input)) {
            var event = frame.isControl() ? control(input) : data(input);
            if (frame.remaining() > 0) {
                return null;
            }
            frame.end();
            if (event != null) {
                return event;
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
        if (frame.remaining() > limits.maxFrameSize()) {
            throw tooBig("frame", limits.maxFrameSize(), frame.remaining());
        }
        var received = begun == null ? 0 : begun.size();
        if (frame.remaining() > limits.maxMessageSize() - received) {
            throw tooBig("message", limits.maxMessageSize(), received + frame.remaining());
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

    /** The event if {@code input} holds the rest of the frame, and the frame ends its message. */
    private @Nullable Event data(ByteBuffer input) {
        var begun = message;
        if (begun == null) {
            if (frame.fin() && frame.isWholeIn(input)) {
                return whole(input);
            }
            if (frame.fin() && !input.hasRemaining()) {
                return null; // nothing lost by waiting, and the payload may yet come in one piece
            }
            begun = new MessageAssembler(frame.opcode(), limits.maxMessageSize());
            message = begun;
        }
        begun.read(frame, input);
        if (frame.remaining() > 0 || !frame.fin()) {
            return null;
        }
        message = null;
        return begun.finish();
    }

    /** A message in one frame, all of it at hand: no buffer in between. */
    private Event whole(ByteBuffer input) {
        var length = (int) frame.remaining();
        if (frame.opcode() == Opcode.TEXT && input.hasArray()) {
            var from = input.arrayOffset() + input.position();
            frame.readInPlace(input, length);
            return text(input.array(), from, length);
        }
        var payload = new byte[length];
        frame.read(input, payload, 0, length);
        return frame.opcode() == Opcode.TEXT ? text(payload, 0, length) : new Event.Binary(ByteBuffer.wrap(payload));
    }

    private static Event text(byte[] bytes, int from, int length) {
        var text = Utf8.decode(bytes, from, length);
        if (text == null) {
            throw new ProtocolViolation(CloseStatus.INVALID_PAYLOAD, "text message is not UTF-8");
        }
        return new Event.Text(text);
    }

    /** The event if {@code input} holds the rest of the frame. */
    private @Nullable Event control(ByteBuffer input) {
        var payload = Objects.requireNonNull(control);
        payload.read(frame, input);
        if (frame.remaining() > 0) {
            return null;
        }
        return switch (frame.opcode()) {
            case Opcode.PING -> payload.ping();
            case Opcode.PONG -> payload.pong();
            default -> {
                var status = payload.closeStatus();
                close();
                yield new Event.Closed(status);
            }
        };
    }

    /** Ends the receiving, and lets go of what was received. */
    private void close() {
        closed = true;
        message = null;
        control = null;
    }
}
