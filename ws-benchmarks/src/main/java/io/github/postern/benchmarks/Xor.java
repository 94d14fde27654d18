package io.github.postern.benchmarks;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** The plainest quick masking there is (RFC 6455 §5.3), for the floors. */
final class Xor {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private Xor() {}

    static void apply(byte[] bytes, int from, int length, int key) {
        var turned = Integer.reverseBytes(key) & 0xFFFF_FFFFL;
        var mask = turned << 32 | turned;
        var i = from;
        for (var wordsEnd = from + (length & ~7); i < wordsEnd; i += 8) {
            LONG.set(bytes, i, (long) LONG.get(bytes, i) ^ mask);
        }
        for (var end = from + length; i < end; i++, mask >>>= 8) {
            bytes[i] ^= (byte) mask;
        }
    }
}
