package io.github.postern.verify.fuzz;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** A way in which bytes arrive: how they are cut, and in what memory the pieces lie. */
record Delivery(String name, int longestPiece, long seed) {
    private static final int WHOLE = Integer.MAX_VALUE;
    private static final int NEAR = 1000;

    /** In one piece, byte by byte except in the middle of what is long, and cut at random in two ways, which the seed decides. */
    static List<Delivery> all(int seed) {
        return List.of(
                new Delivery("whole", WHOLE, 0),
                new Delivery("byte by byte", 1, 0),
                new Delivery("short pieces, seed " + seed, 12, seed),
                new Delivery("long pieces, seed " + seed, 300, seed));
    }

    static Delivery whole() {
        return all(0).getFirst();
    }

    /** The pieces, in memory of their own, since a receiver may overwrite them. */
    List<ByteBuffer> pieces(byte[] bytes) {
        if (longestPiece == WHOLE) {
            return List.of(ByteBuffer.wrap(bytes.clone()));
        }
        var random = new Random(seed);
        var pieces = new ArrayList<ByteBuffer>();
        for (var from = 0; from < bytes.length; ) {
            var length = longestPiece > 1 ? random.nextInt(longestPiece + 1) : isNearEnd(from, bytes) ? 1 : 97;
            var to = Math.min(bytes.length, from + length);
            pieces.add(Memory.values()[random.nextInt(Memory.values().length)].copy(bytes, from, to));
            from = to;
        }
        return pieces;
    }

    /** What is long consists of one long payload mostly. */
    private static boolean isNearEnd(int at, byte[] bytes) {
        return at < NEAR || at > bytes.length - NEAR;
    }

    @Override
    public String toString() {
        return name;
    }

    /** Where a piece lies. */
    enum Memory {
        HEAP,
        SLICE,
        DIRECT,
        LITTLE_ENDIAN;

        ByteBuffer copy(byte[] bytes, int from, int to) {
            var length = to - from;
            return switch (this) {
                case HEAP -> ByteBuffer.wrap(Arrays.copyOfRange(bytes, from, to));
                case SLICE ->
                    ByteBuffer.allocate(length + 9)
                            .slice(3, length + 5)
                            .position(2)
                            .put(bytes, from, length)
                            .flip()
                            .position(2);
                case DIRECT ->
                    ByteBuffer.allocateDirect(length).put(bytes, from, length).flip();
                case LITTLE_ENDIAN ->
                    ByteBuffer.wrap(Arrays.copyOfRange(bytes, from, to)).order(ByteOrder.LITTLE_ENDIAN);
            };
        }
    }
}
