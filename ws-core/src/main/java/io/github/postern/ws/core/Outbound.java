package io.github.postern.ws.core;

import static io.github.postern.ws.core.FrameEncoder.FIN;
import static io.github.postern.ws.core.FrameEncoder.RSV1;

import io.github.postern.ws.core.handshake.Extension;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The sending side of a connection after its handshake: commands in, bytes out (RFC 6455 §5 to §8).
 *
 * {@snippet class="io.github.postern.verify.examples.CoreExamplesTest" region="outbound" :
 * outbound.text("hello");
 * while (!outbound.encode(output)) {
 *     send(output); // and make room in it
 * }
 * }
 *
 * <p>A command begins one frame, which has to be encoded to its end before the next command. A payload given as a
 * buffer is consumed, but must not be touched until it is encoded; its bytes are never modified. A command that throws
 * has no effect.
 *
 * <p>Every command throws {@link IllegalStateException} if the frame before it is not fully encoded, a Close frame
 * was begun (§5.5.1: nothing follows a Close frame), or this was released.
 *
 * <p>If permessage-deflate was agreed on (RFC 7692), messages of the {@linkplain DeflateOptions#threshold threshold} and more are
 * compressed, and all that are sent in parts, unless the caller decides otherwise. A message for which no compressor is to be had, or
 * which would not get shorter and is not to be remembered, goes as it is.
 *
 * <p>Not safe for use by several threads at a time. It shares nothing with the {@link Inbound} of the same connection.
 */
public final class Outbound {
    private final FrameEncoder frame;

    /** Null if nothing is compressed. */
    private final @Nullable MessageDeflater deflater;

    private final int threshold;

    /** The opcode of the message whose parts are being sent; {@link Opcode#CONTINUATION} between messages. */
    private byte partsOf = Opcode.CONTINUATION;

    /**
     * The high surrogate that the last part of a text ended with, for it cannot be encoded alone; 0 if there is none.
     */
    private char carried;

    /** Whether the message whose parts are being sent is compressed. */
    private boolean compressing;

    private boolean closed;

    /**
     * The sending side of an endpoint of this role, without extensions.
     *
     * @param role this end's role
     * @param maskingKeys asked for a key for each frame of a client, never by a server; has to be unpredictable (§5.3)
     */
    public Outbound(Role role, IntSupplier maskingKeys) {
        this(role, maskingKeys, List.of(), DeflateOptions.defaults());
    }

    /**
     * The sending side of an endpoint of this role.
     *
     * @param role this end's role
     * @param maskingKeys asked for a key for each frame of a client, never by a server; has to be unpredictable (§5.3)
     * @param extensions what both ends agreed on in the handshake
     * @param options how to compress, if compression was agreed on
     * @throws IllegalArgumentException if an extension is not supported
     */
    public Outbound(Role role, IntSupplier maskingKeys, List<Extension> extensions, DeflateOptions options) {
        this.frame = new FrameEncoder(role, maskingKeys);
        this.deflater = Extensions.deflater(role, extensions, options.pool());
        this.threshold = options.threshold();
    }

    /**
     * Begins a text message in one frame.
     *
     * @param message the text
     * @throws IllegalArgumentException if the text holds an unpaired surrogate, which UTF-8 cannot express
     * @throws IllegalStateException see above, or in between the parts of a message
     */
    public void text(String message) {
        text(message, threshold);
    }

    /**
     * Begins a text message in one frame.
     *
     * @param message the text
     * @param compress whether to compress it, whatever its size; without meaning if compression was not agreed on
     * @throws IllegalArgumentException if the text holds an unpaired surrogate, which UTF-8 cannot express
     * @throws IllegalStateException see above, or in between the parts of a message
     */
    public void text(String message, boolean compress) {
        text(message, compress ? 0 : Integer.MAX_VALUE);
    }

    /** Compresses it if it is so many bytes long. */
    private void text(String message, int compressedFrom) {
        requireReadyForMessage();
        if ((deflater == null || message.length() < compressedFrom) && Ascii.isKnown(message)) {
            frame.begin(FIN | Opcode.TEXT, message);
            return;
        }
        var payload = Utf8.encode(message);
        var compressed = deflater != null && payload.length >= compressedFrom
                ? compressed(deflater, ByteBuffer.wrap(payload))
                : null;
        if (compressed == null) {
            frame.begin(FIN | Opcode.TEXT, payload);
        } else {
            frame.begin(FIN | RSV1 | Opcode.TEXT, compressed);
        }
    }

    /**
     * Begins a binary message in one frame.
     *
     * @param message the payload from position to limit; consumed
     * @throws IllegalStateException see above, or in between the parts of a message
     */
    public void binary(ByteBuffer message) {
        binary(message, message.remaining() >= threshold);
    }

    /**
     * Begins a binary message in one frame.
     *
     * @param message the payload from position to limit; consumed
     * @param compress whether to compress it, whatever its size; without meaning if compression was not agreed on
     * @throws IllegalStateException see above, or in between the parts of a message
     */
    public void binary(ByteBuffer message, boolean compress) {
        requireReadyForMessage();
        var compressed = compress && deflater != null ? compressed(deflater, message.duplicate()) : null;
        if (compressed == null) {
            frame.begin(FIN | Opcode.BINARY, message);
        } else {
            message.position(message.limit());
            frame.begin(FIN | RSV1 | Opcode.BINARY, compressed);
        }
    }

    /**
     * Begins a message in one frame that other connections are sent as well. If messages are compressed without context
     * takeover, it is compressed once for all of them.
     *
     * @param message the message
     * @throws IllegalStateException see above, or in between the parts of a message
     */
    public void prepared(PreparedMessage message) {
        requireReadyForMessage();
        var compressed = deflater != null && compressesForItself(message)
                ? compressed(deflater, message.plain().payload())
                : null;
        if (compressed == null) {
            var shared = shared(message);
            frame.begin(shared.first(), shared.payload());
        } else {
            frame.begin(FIN | RSV1 | message.opcode(), compressed);
        }
    }

    /**
     * The frame of such a message, if this side sends the same bytes as others do: they can be sent as they are, and nothing is begun.
     *
     * @param message the message
     * @return the whole frame, a heap buffer over bytes that must not be changed; null if this side needs a frame of its own, because it masks
     *     (§5.3) or compresses with context takeover
     * @throws IllegalStateException as {@link #prepared}
     */
    public @Nullable ByteBuffer shareable(PreparedMessage message) {
        requireReadyForMessage();
        return frame.isMasking() || compressesForItself(message)
                ? null
                : shared(message).bytes();
    }

    private boolean compressesForItself(PreparedMessage message) {
        return deflater != null && deflater.hasContextTakeover() && message.size() >= threshold;
    }

    private SharedFrame shared(PreparedMessage message) {
        return deflater != null && !deflater.hasContextTakeover() && message.size() >= threshold
                ? message.deflated(deflater)
                : message.plain();
    }

    /** The message compressed; null if it is better sent as it is. */
    private static @Nullable ByteBuffer compressed(MessageDeflater deflater, ByteBuffer message) {
        if (!deflater.begin()) {
            return null;
        }
        var size = message.remaining();
        var compressed = deflater.deflate(message, true);
        return compressed.remaining() < size || deflater.hasContextTakeover() ? compressed : null;
    }

    /**
     * Begins a part of a text message, that is a frame of a fragmented message (§5.4). Control frames may go between
     * parts. A surrogate pair may be cut by the end of a part: its first half travels with the next.
     *
     * @param part the text of this part
     * @param last whether the part ends the message
     * @throws IllegalArgumentException if the text holds an unpaired surrogate; one that an earlier part ended with is
     *     at index -1
     * @throws IllegalStateException see above, or in between the parts of a binary message
     */
    public void textPart(String part, boolean last) {
        textPart(part, last, true);
    }

    /**
     * Begins a part of a text message as {@link #textPart(String, boolean)} does.
     *
     * @param part the text of this part
     * @param last whether the part ends the message
     * @param compress whether to compress the message, if this is its first part; otherwise, or if compression was not agreed
     *     on, without meaning
     * @throws IllegalArgumentException as {@link #textPart(String, boolean)}
     * @throws IllegalStateException as {@link #textPart(String, boolean)}
     */
    public void textPart(String part, boolean last, boolean compress) {
        requireReadyForPart(Opcode.TEXT);
        var text = carried == 0 ? part : carried + part;
        var endsInPair = !last && !text.isEmpty() && Character.isHighSurrogate(text.charAt(text.length() - 1));
        var end = endsInPair ? text.length() - 1 : text.length();
        var payload = Utf8.encode(text.substring(0, end), carried == 0 ? 0 : -1);
        carried = endsInPair ? text.charAt(end) : 0;
        part(Opcode.TEXT, ByteBuffer.wrap(payload), last, compress);
    }

    /**
     * Begins a part of a binary message, that is a frame of a fragmented message (§5.4). Control frames may go between
     * parts.
     *
     * @param part the bytes of this part, from position to limit; consumed
     * @param last whether the part ends the message
     * @throws IllegalStateException see above, or in between the parts of a text message
     */
    public void binaryPart(ByteBuffer part, boolean last) {
        binaryPart(part, last, true);
    }

    /**
     * Begins a part of a binary message as {@link #binaryPart(ByteBuffer, boolean)} does.
     *
     * @param part the bytes of this part, from position to limit; consumed
     * @param last whether the part ends the message
     * @param compress whether to compress the message, if this is its first part; otherwise, or if compression was not agreed
     *     on, without meaning
     * @throws IllegalStateException as {@link #binaryPart(ByteBuffer, boolean)}
     */
    public void binaryPart(ByteBuffer part, boolean last, boolean compress) {
        requireReadyForPart(Opcode.BINARY);
        part(Opcode.BINARY, part, last, compress);
    }

    /** Begins a frame of a fragmented message: the first bears its opcode and whether it is compressed, the last FIN. */
    private void part(int opcode, ByteBuffer part, boolean last, boolean compress) {
        var begins = partsOf == Opcode.CONTINUATION;
        if (begins) {
            compressing = compress && deflater != null && deflater.begin();
        }
        var first = (last ? FIN : 0) | (begins ? opcode | (compressing ? RSV1 : 0) : Opcode.CONTINUATION);
        partsOf = (byte) (last ? Opcode.CONTINUATION : opcode);
        frame.begin(first, compressing && deflater != null ? deflater.deflate(part, last) : part);
    }

    /**
     * Begins a Ping frame.
     *
     * @param payload at most 125 bytes, from position to limit; consumed
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
     * @param payload at most 125 bytes, from position to limit; consumed
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
     * @param reply what {@link Event#reply} returned
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

    /**
     * Ends a frame whose header is written, and of whose payload some is not, without encoding that: where nothing is masked, it can be
     * sent from where it lies.
     *
     * @return what is to be sent next, a heap buffer over the caller's bytes, which must not be changed; null if the rest has to be {@linkplain #encode
     *     encoded}
     */
    public @Nullable ByteBuffer takeRest() {
        return frame.takeRest();
    }

    /** {@return whether a Close frame was begun, or this was released: nothing more can be sent} */
    public boolean isClosed() {
        return closed;
    }

    /** Ends the sending, and lets go of the compressor. To be called when the connection has ended; does nothing the second time. */
    public void release() {
        closed = true;
        if (deflater != null) {
            deflater.release();
        }
    }

    private void control(int opcode, ByteBuffer payload) {
        requireReady();
        if (payload.remaining() > FrameDecoder.MAX_CONTROL_PAYLOAD) {
            throw new IllegalArgumentException("control frame longer than 125 bytes: " + payload.remaining());
        }
        frame.begin(FIN | opcode, payload);
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
