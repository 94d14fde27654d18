package io.github.postern.push;

import org.jspecify.annotations.Nullable;

/** The numbers of the protocol: message numbers, positions and epochs (PROTOCOL.md §1). */
final class Numbers {
    /** The largest number: what a JavaScript number holds exactly. */
    static final long MAX = (1L << 53) - 1;

    /** What {@link #parse} returns for anything that is not a number of the protocol. */
    static final long MALFORMED = -1;

    private static final int MAX_DIGITS = 16;

    private Numbers() {}

    /** Reads decimal digits without sign or leading zeros, at most {@link #MAX}; otherwise {@link #MALFORMED}. */
    static long parse(@Nullable String digits) {
        if (digits == null || digits.isEmpty() || digits.length() > MAX_DIGITS) {
            return MALFORMED;
        }
        if (digits.charAt(0) == '0' && digits.length() > 1) {
            return MALFORMED;
        }
        long value = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = digits.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return MALFORMED;
            }
            value = value * 10 + digit;
        }
        return value <= MAX ? value : MALFORMED;
    }
}
