package io.github.postern.verify.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.postern.ws.core.Role;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Random;

/** Streams of frames as a peer might send them: mostly lawful ones, sometimes with a fault, all from one seed. */
final class Frames {
    /** Texts whose characters take one to four bytes, and bytes that are not UTF-8: overlong, surrogate, too high, cut off. */
    private static final byte[][] PIECES = {
        "a".getBytes(UTF_8),
        "é".getBytes(UTF_8),
        "€".getBytes(UTF_8),
        "𝄞".getBytes(UTF_8),
        {(byte) 0xC0, (byte) 0x80},
        {(byte) 0xED, (byte) 0xA0, (byte) 0x80},
        {(byte) 0xF4, (byte) 0x90, (byte) 0x80, (byte) 0x80},
        {(byte) 0xE2, (byte) 0x82},
    };

    private static final int WELL_FORMED = 4;
    private static final int[] LENGTHS = {0, 1, 2, 125, 126, 127, 999, 1000, 1001};
    private static final int[] CODES = {
        0, 999, 1000, 1003, 1004, 1005, 1006, 1007, 1014, 1015, 2999, 3000, 4999, 5000, 65_535
    };

    private final Random random;
    private final boolean masked;
    private final boolean faulty;
    private final ByteArrayOutputStream wire = new ByteArrayOutputStream();

    /** Whether a message has begun that is not complete. */
    private boolean inMessage;

    private Frames(Random random, boolean masked) {
        this.random = random;
        this.masked = masked;
        this.faulty = random.nextInt(4) > 0;
    }

    /** What an endpoint of this role receives. */
    static byte[] stream(Role role, Random random) {
        var frames = new Frames(random, role == Role.SERVER);
        for (var count = 1 + random.nextInt(8); count > 0; count--) {
            frames.frame();
        }
        return frames.faulty ? mutated(frames.wire.toByteArray(), random) : frames.wire.toByteArray();
    }

    /** With some bytes changed, inserted or removed, or the end cut off; or as it was. */
    private static byte[] mutated(byte[] wire, Random random) {
        var bytes = wire;
        for (var count = random.nextInt(3); count > 0 && bytes.length > 0; count--) {
            var at = random.nextInt(bytes.length);
            bytes = switch (random.nextInt(4)) {
                case 0 -> changed(bytes, at, 1 << random.nextInt(8));
                case 1 -> spliced(bytes, at, at, random.nextInt(3));
                case 2 -> spliced(bytes, at, Math.min(bytes.length, at + 1 + random.nextInt(3)), 0);
                default -> spliced(bytes, at, bytes.length, 0);
            };
        }
        return bytes;
    }

    private static byte[] changed(byte[] bytes, int at, int bits) {
        var changed = bytes.clone();
        changed[at] ^= (byte) bits;
        return changed;
    }

    /** With the bytes between the two places replaced by so many zeros. */
    private static byte[] spliced(byte[] bytes, int from, int to, int zeros) {
        return ByteBuffer.allocate(from + zeros + bytes.length - to)
                .put(bytes, 0, from)
                .position(from + zeros)
                .put(bytes, to, bytes.length - to)
                .array();
    }

    private void frame() {
        switch (random.nextInt(10)) {
            case 0, 1 -> write(0x80 | 9 + random.nextInt(2), bytes(random.nextInt(126)));
            case 2 -> close();
            default -> data();
        }
    }

    private void data() {
        var opcode = inMessage ? 0 : 1 + random.nextInt(2);
        var fin = random.nextInt(3) > 0;
        inMessage = !fin;
        write((fin ? 0x80 : 0) | opcode, opcode == 2 ? bytes(LENGTHS[random.nextInt(LENGTHS.length)]) : text());
    }

    private void close() {
        if (random.nextInt(3) == 0) {
            write(0x88, bytes(random.nextInt(2)));
            return;
        }
        var reason = text();
        var body = ByteBuffer.allocate(2 + Math.min(123, reason.length))
                .putShort((short) CODES[random.nextInt(CODES.length)])
                .put(reason, 0, Math.min(123, reason.length));
        write(0x88, body.array());
    }

    private byte[] text() {
        var text = new ByteArrayOutputStream();
        var kinds = faulty && random.nextInt(4) == 0 ? PIECES.length : WELL_FORMED;
        for (var count = random.nextInt(random.nextInt(4) == 0 ? 400 : 20); count > 0; count--) {
            text.writeBytes(PIECES[random.nextInt(kinds)]);
        }
        return text.toByteArray();
    }

    private byte[] bytes(int length) {
        var bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private void write(int first, byte[] payload) {
        var frame = ByteBuffer.allocate(14 + payload.length).put((byte) first);
        var mask = masked ? 0x80 : 0;
        if (payload.length < 126) {
            frame.put((byte) (mask | payload.length));
        } else {
            frame.put((byte) (mask | 126)).putShort((short) payload.length);
        }
        var key = masked ? bytes(4) : new byte[4];
        frame.put(key, 0, masked ? 4 : 0);
        for (var i = 0; i < payload.length; i++) {
            frame.put((byte) (payload[i] ^ key[i % 4]));
        }
        wire.write(frame.array(), 0, frame.position());
    }
}
