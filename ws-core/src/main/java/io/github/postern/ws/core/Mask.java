package io.github.postern.ws.core;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Masking (RFC 6455 §5.3), which undoes itself. A key is the four bytes of the wire read as a big-endian int: its
 * highest byte belongs to the first byte of the payload. A payload that comes in pieces is masked piece by piece, with
 * the key {@linkplain #rotate rotated} by what has been masked before.
 */
final class Mask {
    /** Little-endian, for that is what processors are; the mask is turned once instead of every word. */
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final VarHandle DIRECT_LONG =
            MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private Mask() {}

    /** The key for the bytes that follow the first {@code done} ones. */
    static int rotate(int key, int done) {
        return Integer.rotateLeft(key, (done & 3) << 3);
    }

    /** Masks {@code length} bytes of {@code bytes} in place. */
    static void apply(byte[] bytes, int from, int length, int key) {
        var mask = wide(key);
        var i = from;
        for (var wordsEnd = from + (length & ~7); i < wordsEnd; i += 8) {
            LONG.set(bytes, i, (long) LONG.get(bytes, i) ^ mask);
        }
        for (var end = from + length; i < end; i++, mask >>>= 8) {
            bytes[i] ^= (byte) mask;
        }
    }

    /** Copies {@code length} bytes and masks the copy. */
    static void copy(byte[] source, int from, byte[] target, int to, int length, int key) {
        var mask = wide(key);
        var i = 0;
        for (var wordsEnd = length & ~7; i < wordsEnd; i += 8) {
            LONG.set(target, to + i, (long) LONG.get(source, from + i) ^ mask);
        }
        for (; i < length; i++, mask >>>= 8) {
            target[to + i] = (byte) (source[from + i] ^ mask);
        }
    }

    /** Masks {@code length} bytes of {@code bytes} in place, wherever its position is. */
    static void apply(ByteBuffer bytes, int from, int length, int key) {
        if (bytes.hasArray()) {
            apply(bytes.array(), bytes.arrayOffset() + from, length, key);
            return;
        }
        var mask = wide(key);
        var i = from;
        for (var wordsEnd = from + (length & ~7); i < wordsEnd; i += 8) {
            DIRECT_LONG.set(bytes, i, (long) DIRECT_LONG.get(bytes, i) ^ mask);
        }
        for (var end = from + length; i < end; i++, mask >>>= 8) {
            bytes.put(i, (byte) (bytes.get(i) ^ mask));
        }
    }

    /** The key twice, its first byte lowest. */
    private static long wide(int key) {
        var turned = Integer.reverseBytes(key) & 0xFFFF_FFFFL;
        return turned << 32 | turned;
    }
}
