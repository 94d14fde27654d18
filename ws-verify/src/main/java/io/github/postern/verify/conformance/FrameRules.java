package io.github.postern.verify.conformance;

import static io.github.postern.verify.conformance.Handshake.require;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** What every frame of the implementation has to keep to, whatever a case is about. */
final class FrameRules {
    private FrameRules() {}

    static void check(Frame frame, Role sender, boolean deflate) throws Finding {
        if (sender == Role.SERVER) {
            require(frame.mask().isEmpty(), "unmasked frames of a server (§5.1)", frame);
        } else {
            require(frame.mask().isPresent(), "masked frames of a client (§5.1)", frame);
        }
        boolean mayBeCompressed = deflate && (frame.opcode() == Frame.TEXT || frame.opcode() == Frame.BINARY);
        require((frame.rsv() & ~(mayBeCompressed ? Frame.RSV1 : 0)) == 0, "RSV bits of 0 (§5.2)", frame);
        require(frame.opcode() <= Frame.BINARY || isKnownControl(frame), "a known opcode (§5.2)", frame);
        if (frame.isControl()) {
            require(frame.fin() && frame.payload().length <= 125, "a short control frame with FIN (§5.5)", frame);
        }
        if (frame.opcode() == Frame.CLOSE) {
            checkClose(frame);
        }
    }

    private static boolean isKnownControl(Frame frame) {
        return frame.opcode() >= Frame.CLOSE && frame.opcode() <= Frame.PONG;
    }

    private static void checkClose(Frame close) throws Finding {
        var payload = close.payload();
        require(payload.length != 1, "a Close with no payload, or 2 bytes and more (§5.5.1)", close);
        if (payload.length > 0) {
            int code = close.closeCode().orElseThrow();
            require(maySend(code), "a code that may be sent (§7.4)", close);
            require(isUtf8(Arrays.copyOfRange(payload, 2, payload.length)), "a reason in UTF-8 (§5.5.1)", close);
        }
    }

    private static boolean maySend(int code) {
        return code >= 1000 && code <= 1003 || code >= 1007 && code <= 1014 || code >= 3000 && code <= 4999;
    }

    static boolean isUtf8(byte[] bytes) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
