package io.github.postern.ws.core;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Strict UTF-8 both ways (RFC 6455 §8.1), by way of the JDK's intrinsics, which are fast but replace what is malformed.
 */
final class Utf8 {
    private static final char REPLACEMENT = '\uFFFD';

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long QUESTION_MARKS = 0x3F3F_3F3F_3F3F_3F3FL;
    private static final long LOW_BITS = 0x7F7F_7F7F_7F7F_7F7FL;
    private static final long EVEN_BYTES = 0x00FF_00FF_00FF_00FFL;
    private static final long SUM_OF_PAIRS = 0x0001_0001_0001_0001L;

    private Utf8() {}

    /** The text of {@code length} bytes; null if they are not UTF-8. */
    static @Nullable String decode(byte[] bytes, int from, int length) {
        var text = new String(bytes, from, length, UTF_8);
        if (text.indexOf(REPLACEMENT) < 0) {
            return text;
        }
        // Either the sender wrote that character, or the decoder put it in place of something malformed.
        var validator = new Utf8Validator();
        return validator.accept(bytes, from, length) && validator.isComplete() ? text : null;
    }

    /** The text of a message; fails if its bytes are not UTF-8. */
    static String require(byte[] bytes, int from, int length) {
        var text = decode(bytes, from, length);
        if (text == null) {
            throw ProtocolViolation.notUtf8();
        }
        return text;
    }

    /**
     * The bytes of {@code text}.
     *
     * @throws IllegalArgumentException if it holds an unpaired surrogate, which has no encoding
     */
    static byte[] encode(String text) {
        return encode(text, 0);
    }

    /**
     * The bytes of {@code text}.
     *
     * @param firstIndex what the exception calls the index of the first character
     * @throws IllegalArgumentException if it holds an unpaired surrogate, which has no encoding
     */
    static byte[] encode(String text, int firstIndex) {
        var bytes = text.getBytes(UTF_8);
        // The JDK writes a question mark for an unpaired surrogate. To look at those is far quicker than to look at
        // every character.
        var isWhole = bytes.length == text.length()
                ? questionMarksAreItsOwn(bytes, text)
                : hasAsManyQuestionMarks(text, questionMarks(bytes));
        if (!isWhole) {
            throw new IllegalArgumentException("unpaired surrogate at index " + (firstIndex + unpairedSurrogate(text)));
        }
        return bytes;
    }

    /** Whether there is one in the text wherever there is one in the bytes, of which there is one for each character. */
    private static boolean questionMarksAreItsOwn(byte[] bytes, String text) {
        var i = 0;
        for (var wordsEnd = bytes.length & ~7; i < wordsEnd; i += Long.BYTES) {
            for (var marks = questionMarks((long) LONG.get(bytes, i)); marks != 0; marks &= marks - 1) {
                if (text.charAt(i + (Long.numberOfTrailingZeros(marks) >> 3)) != '?') {
                    return false;
                }
            }
        }
        for (; i < bytes.length; i++) {
            if (bytes[i] == '?' && text.charAt(i) != '?') {
                return false;
            }
        }
        return true;
    }

    /** The highest bit of each byte of a word that is a question mark, and no other bit. */
    private static long questionMarks(long word) {
        var differences = word ^ QUESTION_MARKS;
        return ~((differences & LOW_BITS) + LOW_BITS | differences | LOW_BITS);
    }

    private static int questionMarks(byte[] bytes) {
        var count = 0;
        var i = 0;
        for (var wordsEnd = bytes.length & ~7; i < wordsEnd; ) {
            // Eight counters of eight bits, which are added up before one of them can overflow.
            var counters = 0L;
            for (var end = Math.min(wordsEnd, i + 255 * Long.BYTES); i < end; i += Long.BYTES) {
                counters += questionMarks((long) LONG.get(bytes, i)) >>> 7;
            }
            count += sum(counters);
        }
        for (; i < bytes.length; i++) {
            count += bytes[i] == '?' ? 1 : 0;
        }
        return count;
    }

    /** The sum of the eight bytes of a word. */
    private static int sum(long bytes) {
        var pairs = (bytes & EVEN_BYTES) + (bytes >>> 8 & EVEN_BYTES);
        return (int) (pairs * SUM_OF_PAIRS >>> 48);
    }

    private static boolean hasAsManyQuestionMarks(String text, int wanted) {
        var count = 0;
        for (var i = -1; count < wanted && (i = text.indexOf('?', i + 1)) >= 0; ) {
            count++;
        }
        return count == wanted;
    }

    /** The index of the first surrogate without its other half, of which there is one. */
    private static int unpairedSurrogate(String text) {
        var i = 0;
        var codePoint = text.codePointAt(0);
        while (codePoint < Character.MIN_SURROGATE || codePoint > Character.MAX_SURROGATE) {
            i += Character.charCount(codePoint);
            codePoint = text.codePointAt(i);
        }
        return i;
    }
}
