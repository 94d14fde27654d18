package io.github.postern.verify.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.postern.ws.core.CloseStatus;
import io.github.postern.ws.core.DeflateOptions;
import io.github.postern.ws.core.Outbound;
import io.github.postern.ws.core.Role;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Sends what it is told by choices, and notes what the other side should receive. Commands that are refused are sent too. */
final class Sender {
    /** Around the changes of the form of the length, and the largest control frame. */
    private static final int[] SIZES = {0, 1, 124, 125, 126, 127, 65_535, 65_536};

    /** The second half of a surrogate pair. */
    private static final String LOW = "\uDC00";

    private static final int MOST_BYTES = 300_000;

    private final CountingPool pool = new CountingPool();
    private final Outbound outbound;
    private final Choices choices;
    private final List<String> expected = new ArrayList<>();
    private final ByteArrayOutputStream wire = new ByteArrayOutputStream();

    Sender(Role role, Compression compression, Choices choices) {
        this.choices = choices;
        this.outbound = new Outbound(
                role,
                new Random(choices.below(256))::nextInt,
                compression.extensions(),
                DeflateOptions.defaults().withThreshold(20).withPool(pool));
    }

    List<String> expected() {
        return expected;
    }

    byte[] wire() {
        return wire.toByteArray();
    }

    /** Whether nothing can be sent any more, or enough was. */
    boolean isDone() {
        return outbound.isClosed() || wire.size() > MOST_BYTES;
    }

    void command() {
        switch (choices.below(8)) {
            case 0, 1 -> text();
            case 2 -> binary();
            case 3 -> textInParts();
            case 4 -> binaryInParts();
            case 5 -> close();
            default -> control();
        }
    }

    void finish() {
        if (!outbound.isClosed()) {
            outbound.close(CloseStatus.NORMAL);
            encode();
            expected.add(Words.closed(CloseStatus.NORMAL));
        }
        outbound.release();
        assertEquals(0, pool.lent(), "a compressor was not given back");
    }

    private void text() {
        var text = someText();
        if (isWellFormed(text)) {
            if (choices.yes()) {
                outbound.text(text, choices.yes());
            } else {
                outbound.text(text);
            }
            encode();
            expected.add(Words.text(text));
        } else {
            assertThrows(IllegalArgumentException.class, () -> outbound.text(text));
        }
    }

    private void binary() {
        var bytes = someBytes();
        expected.add(Words.binary(ByteBuffer.wrap(bytes)));
        if (choices.yes()) {
            outbound.binary(ByteBuffer.wrap(bytes), choices.yes());
        } else {
            outbound.binary(ByteBuffer.wrap(bytes));
        }
        encode();
        assertEquals(expected.getLast(), Words.binary(ByteBuffer.wrap(bytes)), "the payload was modified");
    }

    /** Cuts surrogate pairs too. What is refused is left out, and must not be missed by the parts after it. */
    private void textInParts() {
        var message = new StringBuilder();
        var parts = choices.below(5);
        var compress = choices.yes();
        for (var i = 0; i < parts; i++) {
            var part = someText();
            var soFar = message + part;
            if (isWellFormed(endsInHalf(soFar) ? soFar + LOW : soFar)) {
                outbound.textPart(part, false, compress);
                encode();
                message.append(part);
                betweenParts();
            } else {
                assertThrows(IllegalArgumentException.class, () -> outbound.textPart(part, false, compress));
            }
        }
        var last = endsInHalf(message) ? LOW : "";
        message.append(last);
        outbound.textPart(last, true, compress);
        encode();
        expected.add(Words.text(message.toString()));
    }

    private void binaryInParts() {
        var message = new ByteArrayOutputStream();
        var parts = choices.below(5);
        var compress = choices.yes();
        for (var i = 0; i <= parts; i++) {
            var part = someBytes();
            outbound.binaryPart(ByteBuffer.wrap(part), i == parts, compress);
            encode();
            message.writeBytes(part);
            if (i < parts) {
                betweenParts();
            }
        }
        expected.add(Words.binary(ByteBuffer.wrap(message.toByteArray())));
    }

    private void betweenParts() {
        assertThrows(IllegalStateException.class, () -> outbound.text(""));
        assertThrows(IllegalStateException.class, () -> outbound.binary(ByteBuffer.allocate(1)));
        if (choices.yes()) {
            control();
        }
    }

    private void control() {
        var payload = ByteBuffer.wrap(someBytes());
        if (payload.remaining() > 125) {
            assertThrows(IllegalArgumentException.class, () -> outbound.ping(payload));
            assertThrows(IllegalArgumentException.class, () -> outbound.pong(payload));
            payload.limit(125);
        }
        if (choices.yes()) {
            expected.add(Words.ping(payload));
            outbound.ping(payload);
        } else {
            expected.add(Words.pong(payload));
            outbound.pong(payload);
        }
        encode();
    }

    private void close() {
        var code = 990 + choices.below(4100);
        var reason = new String(choices.bytes(choices.below(124)), UTF_8);
        if (code < 1000 || code > 4999 || reason.getBytes(UTF_8).length > 123) {
            assertThrows(IllegalArgumentException.class, () -> CloseStatus.of(code, reason));
            return;
        }
        var status = code == CloseStatus.NO_STATUS.code() ? CloseStatus.NO_STATUS : CloseStatus.of(code, reason);
        if (!status.isSendable() && !status.equals(CloseStatus.NO_STATUS)) {
            assertThrows(IllegalArgumentException.class, () -> outbound.close(status));
            return;
        }
        outbound.close(status);
        encode();
        expected.add(Words.closed(status));
        assertThrows(IllegalStateException.class, () -> outbound.ping(ByteBuffer.allocate(0)));
    }

    private void encode() {
        var room = 1 + choices.below(choices.yes() ? 20 : 5000);
        var target = choices.yes() ? ByteBuffer.allocate(room) : ByteBuffer.allocateDirect(room);
        for (var complete = false; !complete; ) {
            complete = outbound.encode(target.clear());
            assertTrue(complete || !target.hasRemaining(), "stopped before the buffer was full");
            var written = new byte[target.flip().remaining()];
            target.get(written);
            wire.writeBytes(written);
        }
    }

    /** From UTF-8, or UTF-16 with surrogates that may be unpaired; sometimes over and over, to make it long. */
    private String someText() {
        var bytes = choices.bytes(choices.below(40));
        var text = choices.yes()
                ? new String(bytes, UTF_8)
                : ByteBuffer.wrap(bytes).asCharBuffer().toString();
        return choices.below(8) == 0 ? text.repeat(choices.below(2000)) : text;
    }

    private byte[] someBytes() {
        var bytes = choices.bytes(choices.below(40));
        if (bytes.length == 0 || choices.below(4) != 0) {
            return bytes;
        }
        var longer = new byte[SIZES[choices.below(SIZES.length)]];
        for (var i = 0; i < longer.length; i++) {
            longer[i] = bytes[i % bytes.length];
        }
        return longer;
    }

    private static boolean endsInHalf(CharSequence text) {
        return !text.isEmpty() && Character.isHighSurrogate(text.charAt(text.length() - 1));
    }

    private static boolean isWellFormed(CharSequence text) {
        return text.codePoints().noneMatch(codePoint -> Character.getType(codePoint) == Character.SURROGATE);
    }
}
