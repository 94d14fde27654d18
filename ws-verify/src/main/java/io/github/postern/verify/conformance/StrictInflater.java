package io.github.postern.verify.conformance;

import java.util.Arrays;

/**
 * Decompresses the messages of one direction (RFC 1951, RFC 7692 §7.2.2) and lets nothing pass: no reference farther back than the
 * agreed window, none beyond the beginning of the context, and nothing missing or left at the end of a message.
 */
final class StrictInflater {
    private static final byte[] TAIL = {0, 0, (byte) 0xff, (byte) 0xff};
    private static final int LARGEST_WINDOW = 1 << 15;
    private static final int[] LENGTH_BASE = {
        3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227,
        258
    };
    private static final int[] DISTANCE_BASE = {
        1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097,
        6145, 8193, 12_289, 16_385, 24_577
    };
    private static final int[] CODE_LENGTH_ORDER = {16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15};

    private final int window;
    private final boolean keepsContext;

    /** The context, then the message so far. */
    private byte[] output = new byte[1024];

    private int size;
    private int longestDistance;

    /**
     * A decompressor of one direction.
     *
     * @param windowBits the agreed size of the window
     * @param keepsContext whether messages may refer to those before
     */
    StrictInflater(int windowBits, boolean keepsContext) {
        this.window = 1 << windowBits;
        this.keepsContext = keepsContext;
    }

    /** The longest distance that was met. */
    int longestDistance() {
        return longestDistance;
    }

    /**
     * Decompresses a message.
     *
     * @param compressed all its payload, without the tail that the sender removes
     */
    byte[] inflate(byte[] compressed) throws Finding {
        int context = keepsContext ? Math.min(size, LARGEST_WINDOW) : 0;
        System.arraycopy(output, size - context, output, 0, context);
        size = context;
        var bytes = Arrays.copyOf(compressed, compressed.length + TAIL.length);
        System.arraycopy(TAIL, 0, bytes, compressed.length, TAIL.length);
        var bits = new BitInput(bytes);
        boolean stored = false;
        while (!bits.isAtEnd()) {
            boolean last = bits.read(1) == 1;
            stored = block(bits);
            if (last) {
                bits.align();
            }
        }
        if (!stored) {
            throw Finding.failed(
                    "the empty stored block at the end, without its last 4 bytes (§7.2.1)", "another block");
        }
        return Arrays.copyOfRange(output, context, size);
    }

    /** Returns whether it is a stored one. */
    private boolean block(BitInput bits) throws Finding {
        switch (bits.read(2)) {
            case 0 -> {
                stored(bits);
                return true;
            }
            case 1 -> compressed(bits, HuffmanCode.of(fixedLiteralLengths()), HuffmanCode.of(filled(30, 5)));
            case 2 -> dynamic(bits);
            default -> throw Finding.failed("a DEFLATE block", "the reserved block type 3");
        }
        return false;
    }

    private void stored(BitInput bits) throws Finding {
        bits.align();
        int length = bits.read(16);
        if (length != (~bits.read(16) & 0xffff)) {
            throw Finding.failed("a stored block with its length and complement", "length " + length);
        }
        for (int i = 0; i < length; i++) {
            put((byte) bits.read(8));
        }
    }

    private void dynamic(BitInput bits) throws Finding {
        int literals = bits.read(5) + 257;
        int distances = bits.read(5) + 1;
        int codeLengths = bits.read(4) + 4;
        var lengths = new int[CODE_LENGTH_ORDER.length];
        for (int i = 0; i < codeLengths; i++) {
            lengths[CODE_LENGTH_ORDER[i]] = bits.read(3);
        }
        var both = lengths(bits, HuffmanCode.of(lengths), literals + distances);
        compressed(
                bits,
                HuffmanCode.of(Arrays.copyOf(both, literals)),
                HuffmanCode.of(Arrays.copyOfRange(both, literals, literals + distances)));
    }

    private static int[] lengths(BitInput bits, HuffmanCode code, int count) throws Finding {
        var lengths = new int[count];
        int at = 0;
        while (at < count) {
            int symbol = code.read(bits);
            int repeat = switch (symbol) {
                case 16 -> 3 + bits.read(2);
                case 17 -> 3 + bits.read(3);
                case 18 -> 11 + bits.read(7);
                default -> 1;
            };
            if (at + repeat > count || symbol == 16 && at == 0) {
                throw Finding.failed("code lengths for all symbols", "a repetition that does not fit");
            }
            int value = symbol < 16 ? symbol : symbol == 16 ? lengths[at - 1] : 0;
            Arrays.fill(lengths, at, at + repeat, value);
            at += repeat;
        }
        return lengths;
    }

    private void compressed(BitInput bits, HuffmanCode literals, HuffmanCode distances) throws Finding {
        for (int symbol = literals.read(bits); symbol != 256; symbol = literals.read(bits)) {
            if (symbol < 256) {
                put((byte) symbol);
            } else {
                int length = length(symbol - 257, bits);
                copy(length, distance(distances.read(bits), bits));
            }
        }
    }

    private static int length(int index, BitInput bits) throws Finding {
        if (index >= LENGTH_BASE.length) {
            throw Finding.failed("a length", "symbol " + (index + 257));
        }
        int extra = index < 8 || index == 28 ? 0 : index / 4 - 1;
        return LENGTH_BASE[index] + bits.read(extra);
    }

    private static int distance(int index, BitInput bits) throws Finding {
        if (index >= DISTANCE_BASE.length) {
            throw Finding.failed("a distance", "symbol " + index);
        }
        return DISTANCE_BASE[index] + bits.read(index < 4 ? 0 : index / 2 - 1);
    }

    private void copy(int length, int distance) throws Finding {
        if (distance > window) {
            throw Finding.failed("references of at most " + window + " bytes, the agreed window", "one of " + distance);
        }
        if (distance > size) {
            throw Finding.failed(
                    "references into the context of the message only", "one of " + distance + " after " + size);
        }
        longestDistance = Math.max(longestDistance, distance);
        for (int i = 0; i < length; i++) {
            put(output[size - distance]);
        }
    }

    private void put(byte value) {
        if (size == output.length) {
            output = Arrays.copyOf(output, 2 * size);
        }
        output[size++] = value;
    }

    private static int[] fixedLiteralLengths() {
        var lengths = filled(288, 8);
        Arrays.fill(lengths, 144, 256, 9);
        Arrays.fill(lengths, 256, 280, 7);
        return lengths;
    }

    private static int[] filled(int count, int value) {
        var array = new int[count];
        Arrays.fill(array, value);
        return array;
    }
}
