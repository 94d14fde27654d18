package io.github.postern.benchmarks;

import java.nio.ByteBuffer;

/** Frames made by the letter of RFC 6455 §5.2, so that no implementation under test has made its own input. */
public final class Frames {
    public static final int TEXT = 0x81;
    public static final int BINARY = 0x82;
    static final int PING = 0x89;
    static final int RSV1 = 0x40;
    static final int MASKING_KEY = 0x08f6efb1;

    private static final int MASKED = 0x80;
    private static final int LONGEST_HEADER = 14;

    private Frames() {}

    /** A client's frame. */
    public static byte[] masked(int first, byte[] payload) {
        var frame = ByteBuffer.allocate(LONGEST_HEADER + payload.length);
        frame.put((byte) first);
        if (payload.length < 126) {
            frame.put((byte) (MASKED | payload.length));
        } else if (payload.length < 1 << 16) {
            frame.put((byte) (MASKED | 126)).putShort((short) payload.length);
        } else {
            frame.put((byte) (MASKED | 127)).putLong(payload.length);
        }
        frame.putInt(MASKING_KEY);
        for (int i = 0; i < payload.length; i++) {
            frame.put((byte) (payload[i] ^ MASKING_KEY >>> 24 - 8 * (i & 3)));
        }
        var bytes = new byte[frame.flip().remaining()];
        frame.get(bytes);
        return bytes;
    }
}
