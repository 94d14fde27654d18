package io.github.postern.ws.core;

import static io.github.postern.ws.core.FrameEncoder.FIN;

import io.github.postern.ws.core.handshake.Extension;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.IntSupplier;

/**
 * The sending side of a connection after its handshake: commands in, bytes out (RFC 6455 §5 to §8).
 *
 * {@snippet :
 * outbound.text("hello");
 * while (!outbound.encode(output)) {
 *     send(output);                    // and make room in it
 * }
 * }
 *
 * <p>A command begins one frame, which has to be encoded to its end before the next command. A payload given as a
 * buffer is consumed while it is encoded, and must not be touched until then; its bytes are never modified. A command
 * that throws has no effect.
 *
 * <p>Every command throws {@link IllegalStateException} if the frame before it is not fully encoded, or a Close frame
 * was begun (§5.5.1: nothing follows a Close frame).
 *
 * <p>Not safe for use by several threads at a time. It shares nothing with the {@link Inbound} of the same connection.
 */
public final class Outbound {
    private final FrameEncoder frame;

    /** The opcode of the message whose parts are being sent; {@link Opcode#CONTINUATION} between messages. */
    private byte partsOf = Opcode.CONTINUATION;

    /**
     * The high surrogate that the last part of a text ended with, for it cannot be encoded alone; 0 if there is none.
     */
    private char carried;

    private boolean closed;

    /**
     * The sending side of an endpoint of this role, without extensions.
     *
     * @param maskingKeys asked for a key for each frame of a client, never by a server; has to be unpredictable (§5.3)
     */
    public Outbound(Role role, IntSupplier maskingKeys) {
        this(role, maskingKeys, List.of());
    }

    /**
     * The sending side of an endpoint of this role.
     *
     * @param maskingKeys asked for a key for each frame of a client, never by a server; has to be unpredictable (§5.3)
     * @param extensions what both ends agreed on in the handshake
     * @throws IllegalArgumentException if an extension is not supported
     */
    public Outbound(Role role, IntSupplier maskingKeys, List<Extension> extensions) {
        Extensions.requireSupported(extensions);
        this.frame = new FrameEncoder(role, maskingKeys);
    }

    /**
     * Begins a text message in one frame.
     *
     * @throws IllegalArgumentException if the text holds an unpaired surrogate, which UTF-8 cannot express
     * @throws IllegalStateException see above, or in between the parts of a message
     */
    public void text(String message) {
        requireReadyForMessage();
        frame.begin(FIN | Opcode.TEXT, Utf8.encode(message));
    }

    /**
     * Begins a binary message in one frame.
     *
     * @throws IllegalStateException see above, or in between the parts of a message
     */
    public void binary(ByteBuffer message) {
        requireReadyForMessage();
        frame.begin(FIN | Opcode.BINARY, message);
    }

    /**
     * Begins a part of a text message, that is a frame of a fragmented message (§5.4). Control frames may go between
     * parts. A surrogate pair may be cut by the end of a part: its first half travels with the next.
     *
     * @param last whether the part ends the message
     * @throws IllegalArgumentException if the text holds an unpaired surrogate; one that an earlier part ended with is
     *     at index -1
     * @throws IllegalStateException see above, or in between the parts of a binary message
     */
    public void textPart(String part, boolean last) {
        requireReadyForPart(Opcode.TEXT);
        var text = carried == 0 ? part : carried + part;
        var endsInPair = !last && !text.isEmpty() && Character.isHighSurrogate(text.charAt(text.length() - 1));
        var end = endsInPair ? text.length() - 1 : text.length();
        var payload = Utf8.encode(text.substring(0, end), carried == 0 ? 0 : -1);
        carried = endsInPair ? text.charAt(end) : 0;
        frame.begin(firstOfPart(Opcode.TEXT, last), payload);
    }

    /**
     * Begins a part of a binary message, that is a frame of a fragmented message (§5.4). Control frames may go between
     * parts.
     *
     * @param last whether the part ends the message
     * @throws IllegalStateException see above, or in between the parts of a text message
     */
    public void binaryPart(ByteBuffer part, boolean last) {
        requireReadyForPart(Opcode.BINARY);
        frame.begin(firstOfPart(Opcode.BINARY, last), part);
    }

    /**
     * Begins a Ping frame.
     *
     * @throws IllegalArgumentException if the payload is longer than 125 bytes (§5.5)
     * @throws IllegalStateException see above
     */
    public void ping(ByteBuffer payload) {
        control(Opcode.PING, payload);
    }

    /**
     * Begins a Pong frame that nobody asked for (§5.5.3). The answer to a Ping is its {@linkplain Event.Ping#reply
     * reply}.
     *
     * @throws IllegalArgumentException if the payload is longer than 125 bytes (§5.5)
     * @throws IllegalStateException see above
     */
    public void pong(ByteBuffer payload) {
        control(Opcode.PONG, payload);
    }

    /**
     * Begins a Close frame, the last frame of this side.
     *
     * @param status {@link CloseStatus#NO_STATUS} for a frame without code and reason
     * @throws IllegalArgumentException if it is any other status that is not {@linkplain CloseStatus#isSendable
     *     sendable}
     * @throws IllegalStateException see above
     */
    public void close(CloseStatus status) {
        requireReady();
        var body = status.equals(CloseStatus.NO_STATUS) ? new byte[0] : closeBody(status);
        frame.begin(FIN | Opcode.CLOSE, body);
        closed = true;
    }

    private static byte[] closeBody(CloseStatus status) {
        if (!status.isSendable()) {
            throw new IllegalArgumentException("close code that cannot be sent: " + status.code());
        }
        var reason = Utf8.encode(status.reason());
        return ByteBuffer.allocate(Short.BYTES + reason.length)
                .putShort((short) status.code())
                .put(reason)
                .array();
    }

    /**
     * Begins the control frame that answers an event.
     *
     * @throws IllegalArgumentException as {@link #pong} and {@link #close} do
     * @throws IllegalStateException see above
     */
    public void reply(Reply reply) {
        switch (reply) {
            case Reply.Pong pong -> pong(pong.payload());
            case Reply.Close close -> close(close.status());
        }
    }

    /**
     * Writes as much of the frame begun last as fits.
     *
     * @param target heap or direct; filled from its position, which moves on
     * @return true if the frame is fully written, or none was begun; false if {@code target} is full
     */
    public boolean encode(ByteBuffer target) {
        return frame.encode(target);
    }

    /** Whether a Close frame was begun, after which nothing can be sent. */
    public boolean isClosed() {
        return closed;
    }

    private void control(int opcode, ByteBuffer payload) {
        requireReady();
        if (payload.remaining() > FrameDecoder.MAX_CONTROL_PAYLOAD) {
            throw new IllegalArgumentException("control frame longer than 125 bytes: " + payload.remaining());
        }
        frame.begin(FIN | opcode, payload);
    }

    /** The first header byte of a part: the opcode of its message if it is the first part, FIN if it is the last. */
    private int firstOfPart(int opcode, boolean last) {
        var first = (last ? FIN : 0) | (partsOf == Opcode.CONTINUATION ? opcode : Opcode.CONTINUATION);
        partsOf = (byte) (last ? Opcode.CONTINUATION : opcode);
        return first;
    }

    private void requireReady() {
        if (closed) {
            throw new IllegalStateException("frame after a close frame");
        }
        if (frame.isBusy()) {
            throw new IllegalStateException("frame begun before the previous one is encoded");
        }
    }

    private void requireReadyForMessage() {
        requireReady();
        if (partsOf != Opcode.CONTINUATION) {
            throw new IllegalStateException("message begun between the parts of another");
        }
    }

    private void requireReadyForPart(int opcode) {
        requireReady();
        if (partsOf != Opcode.CONTINUATION && partsOf != opcode) {
            throw new IllegalStateException("part of another kind than the message begun");
        }
    }
}
