package io.github.postern.verify.conformance;

/** A prefix code (RFC 1951 §3.2.2), read bit by bit: slow, and short. */
final class HuffmanCode {
    private static final int LONGEST = 15;

    /** How many codes there are of each length. */
    private final int[] counts = new int[LONGEST + 1];

    /** The symbols in the order of their codes. */
    private final int[] symbols;

    private HuffmanCode(int[] lengths) {
        symbols = new int[lengths.length];
        for (int length : lengths) {
            counts[length]++;
        }
        counts[0] = 0;
        var next = new int[LONGEST + 2];
        for (int length = 1; length <= LONGEST; length++) {
            next[length + 1] = next[length] + counts[length];
        }
        for (int symbol = 0; symbol < lengths.length; symbol++) {
            if (lengths[symbol] > 0) {
                symbols[next[lengths[symbol]]++] = symbol;
            }
        }
    }

    /** The code that has a code word of this length for each symbol; 0 for a symbol that does not occur. */
    static HuffmanCode of(int[] lengths) throws Finding {
        var code = new HuffmanCode(lengths);
        int free = 1;
        for (int length = 1; length <= LONGEST; length++) {
            free = 2 * free - code.counts[length];
            if (free < 0) {
                throw Finding.failed("a prefix code", "more code words than there can be");
            }
        }
        return code;
    }

    int read(BitInput bits) throws Finding {
        int code = 0;
        int first = 0;
        int index = 0;
        for (int length = 1; length <= LONGEST; length++) {
            code |= bits.read(1);
            int count = counts[length];
            if (code - first < count) {
                return symbols[index + code - first];
            }
            index += count;
            first = first + count << 1;
            code <<= 1;
        }
        throw Finding.failed("a code word", "none");
    }
}
