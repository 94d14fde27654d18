package io.github.postern.ws.core;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Says whether bytes that come piece by piece are UTF-8 (RFC 3629), wherever the pieces are cut, and says no at the first byte
 * that no continuation could make valid.
 */
final class Utf8Validator {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final long NOT_ASCII = 0x8080_8080_8080_8080L;

    /** How many bytes the character begun still lacks. */
    private byte missing;

    /** The range of the next of them: narrower than 80 to BF only for the second byte, against what RFC 3629 §4 excludes. */
    private byte lowest;

    private byte highest;

    /** Checks the next {@code length} bytes; false if the text became invalid, after which the validator is of no more use. */
    boolean accept(byte[] bytes, int from, int length) {
        var end = from + length;
        var i = from;
        while (i < end) {
            var b = bytes[i++];
            if (missing > 0) {
                if (b < lowest || b > highest) {
                    return false;
                }
                missing--;
                lowest = (byte) 0x80;
                highest = (byte) 0xBF;
            } else if (b >= 0) {
                i = skipAscii(bytes, i, end);
            } else if (!begin(b)) {
                return false;
            }
        }
        return true;
    }

    /** Whether the text may end here, and not in the middle of a character. */
    boolean isComplete() {
        return missing == 0;
    }

    private static int skipAscii(byte[] bytes, int from, int end) {
        var i = from;
        while (i <= end - Long.BYTES && ((long) LONG.get(bytes, i) & NOT_ASCII) == 0) {
            i += Long.BYTES;
        }
        return i;
    }

    /** Takes the first byte of a character of several; false if there is none that begins so. */
    private boolean begin(byte first) {
        var b = first & 0xFF;
        if (b < 0xC2 || b > 0xF4) {
            return false; // a continuation byte, an overlong form of ASCII, or beyond U+10FFFF
        }
        missing = (byte) (b < 0xE0 ? 1 : b < 0xF0 ? 2 : 3);
        lowest = (byte) (b == 0xE0 ? 0xA0 : b == 0xF0 ? 0x90 : 0x80); // no overlong forms
        highest = (byte) (b == 0xED ? 0x9F : b == 0xF4 ? 0x8F : 0xBF); // no surrogates, nothing beyond U+10FFFF
        return true;
    }
}
