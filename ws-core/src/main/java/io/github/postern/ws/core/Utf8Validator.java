package io.github.postern.ws.core;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Says whether bytes that come piece by piece are UTF-8 (RFC 3629), wherever the pieces are cut, and says no at the
 * first byte that no continuation could make valid.
 */
final class Utf8Validator {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final long NOT_ASCII = 0x8080_8080_8080_8080L;
    private static final int STRIDE = 32;

    /** As a signed byte, every byte that is not of a continuation is greater. */
    private static final byte LAST_CONTINUATION = (byte) 0xBF;

    /** How many bytes the character begun has, and how many of them are still missing. */
    private byte size;

    private byte missing;

    /**
     * The range of the next of the missing bytes: narrower than 80 to BF only for the second byte, against what RFC 3629 §4
     * excludes.
     */
    private byte lowest;

    private byte highest;

    /**
     * Checks the next {@code length} bytes; false if the text became invalid, after which the validator is of no more
     * use.
     */
    boolean accept(byte[] bytes, int from, int length) {
        var end = from + length;
        var i = from;
        while (i < end) {
            if (missing > 0) {
                if (!proceed(bytes[i++])) {
                    return false;
                }
                continue;
            }
            var plain = bytes[i] >= 0 ? asciiRun(bytes, i, end) : sizeOfPlain(bytes, i, end);
            if (plain == 0 && !begin(bytes[i])) {
                return false;
            }
            i += Math.max(plain, 1);
        }
        return true;
    }

    /** Whether the text may end here, and not in the middle of a character. */
    boolean isComplete() {
        return missing == 0;
    }

    /** How many bytes have come of a character that is not all there; 0 if the text may end here. */
    int begun() {
        return missing == 0 ? 0 : size - missing;
    }

    /** How many bytes from here on are surely ASCII: at least this one. */
    private static int asciiRun(byte[] bytes, int from, int end) {
        var i = from + 1;
        while (i <= end - STRIDE && (fourWords(bytes, i) & NOT_ASCII) == 0) {
            i += STRIDE;
        }
        while (i < end && bytes[i] >= 0) {
            i++;
        }
        return i - from;
    }

    /** Four words in one, with a bit wherever one of them has it. */
    private static long fourWords(byte[] bytes, int i) {
        return (long) LONG.get(bytes, i)
                | (long) LONG.get(bytes, i + 8)
                | (long) LONG.get(bytes, i + 16)
                | (long) LONG.get(bytes, i + 24);
    }

    /**
     * The size of a character of two or three bytes that is all here and of which every byte has its full range; else
     * 0.
     */
    private static int sizeOfPlain(byte[] bytes, int i, int end) {
        var first = bytes[i] & 0xFF;
        if (first < 0xE0) {
            return first >= 0xC2 && i + 1 < end && continues(bytes[i + 1]) ? 2 : 0;
        }
        var narrow = first == 0xE0 || first == 0xED || first >= 0xF0;
        return !narrow && i + 2 < end && continues(bytes[i + 1]) && continues(bytes[i + 2]) ? 3 : 0;
    }

    private static boolean continues(byte b) {
        return b <= LAST_CONTINUATION;
    }

    /** Takes the first byte of a character of several; false if there is none that begins so. */
    private boolean begin(byte first) {
        var b = first & 0xFF;
        if (b < 0xC2 || b > 0xF4) {
            return false; // a continuation byte, an overlong form of ASCII, or beyond U+10FFFF
        }
        size = (byte) (b < 0xE0 ? 2 : b < 0xF0 ? 3 : 4);
        missing = (byte) (size - 1);
        lowest = (byte) (b == 0xE0 ? 0xA0 : b == 0xF0 ? 0x90 : 0x80); // no overlong forms
        highest = (byte) (b == 0xED ? 0x9F : b == 0xF4 ? 0x8F : 0xBF); // no surrogates, nothing beyond U+10FFFF
        return true;
    }

    /** Takes a further byte of the character begun; false if it cannot be one. */
    private boolean proceed(byte b) {
        if (b < lowest || b > highest) {
            return false;
        }
        missing--;
        lowest = (byte) 0x80;
        highest = LAST_CONTINUATION;
        return true;
    }
}
