package io.github.postern.ws.core;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The payload of the control frame being received, and the event about it. Both are kept for the next one, since
 * nothing is to be allocated for a control frame; the buffer is no larger than the peer has made it.
 */
final class ControlPayload {
    /** Enough for what keep-alive pings carry. */
    private static final int SMALL = 16;

    private ByteBuffer payload = ByteBuffer.allocate(0);

    private Event.@Nullable Ping ping;
    private Event.@Nullable Pong pong;

    /** Makes room for a payload of {@code length} bytes. */
    void begin(int length) {
        if (length > payload.capacity()) {
            payload = ByteBuffer.allocate(length <= SMALL ? SMALL : FrameDecoder.MAX_CONTROL_PAYLOAD);
            ping = null;
            pong = null;
        }
        payload.clear().limit(length);
    }

    /** Takes what {@code input} holds of the frame. */
    void read(FrameDecoder frame, ByteBuffer input) {
        var length = frame.available(input);
        var at = payload.position();
        frame.read(input, payload.array(), at, length);
        payload.position(at + length);
    }

    Event.Ping ping() {
        payload.flip();
        if (ping == null) {
            ping = new Event.Ping(payload);
        }
        ping.renew();
        return ping;
    }

    Event.Pong pong() {
        payload.flip();
        if (pong == null) {
            pong = new Event.Pong(payload);
        }
        return pong;
    }

    /** What a Close frame says (§5.5.1): nothing, or a code that may travel and a reason in UTF-8. */
    CloseStatus closeStatus() {
        var length = payload.limit();
        if (length == 0) {
            return CloseStatus.NO_STATUS;
        }
        if (length == 1) {
            throw ProtocolViolation.protocolError("close frame with half a code");
        }
        var code = payload.getShort(0) & 0xFFFF;
        if (!CloseStatus.isSendable(code)) {
            throw ProtocolViolation.protocolError("close frame with an illegal code: " + code);
        }
        var reason = Utf8.decode(payload.array(), Short.BYTES, length - Short.BYTES);
        if (reason == null) {
            throw new ProtocolViolation(CloseStatus.INVALID_PAYLOAD, "close reason is not UTF-8");
        }
        return CloseStatus.of(code, reason);
    }
}
