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

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final long QUESTION_MARKS = 0x3F3F_3F3F_3F3F_3F3FL;
    private static final long LOWEST_BITS = 0x0101_0101_0101_0101L;
    private static final long HIGHEST_BITS = 0x8080_8080_8080_8080L;
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
        // The JDK writes a question mark for an unpaired surrogate. To look for those is far quicker than to look at
        // every character.
        if (hasQuestionMark(bytes) && questionMarks(bytes) != questionMarks(text)) {
            throw new IllegalArgumentException("unpaired surrogate at index " + (firstIndex + unpairedSurrogate(text)));
        }
        return bytes;
    }

    private static boolean hasQuestionMark(byte[] bytes) {
        var lastWord = bytes.length - Long.BYTES;
        if (lastWord < 0) {
            return questionMarks(bytes) > 0;
        }
        // Without a way out of the loop, so that the compiler can make vectors of it.
        var found = questionMarksAt(bytes, 0) | questionMarksAt(bytes, lastWord);
        for (var i = Long.BYTES; i < lastWord; i += Long.BYTES) {
            found |= questionMarksAt(bytes, i);
        }
        return (found & HIGHEST_BITS) != 0;
    }

    /** Of the eight bytes from there, some have their highest bit here if and only if some are question marks. */
    private static long questionMarksAt(byte[] bytes, int from) {
        var differences = (long) LONG.get(bytes, from) ^ QUESTION_MARKS;
        return (differences - LOWEST_BITS) & ~differences;
    }

    private static int questionMarks(byte[] bytes) {
        var count = 0;
        var i = 0;
        for (var wordsEnd = bytes.length & ~7; i < wordsEnd; ) {
            // Eight counters of eight bits, which are added up before one of them can overflow.
            var counters = 0L;
            for (var end = Math.min(wordsEnd, i + 255 * Long.BYTES); i < end; i += Long.BYTES) {
                var differences = (long) LONG.get(bytes, i) ^ QUESTION_MARKS;
                // The highest bit of each byte that does not differ, and no other bit, moved down to its lowest.
                counters += ~((differences & LOW_BITS) + LOW_BITS | differences | LOW_BITS) >>> 7;
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

    private static int questionMarks(String text) {
        var count = 0;
        for (var i = text.indexOf('?'); i >= 0; i = text.indexOf('?', i + 1)) {
            count++;
        }
        return count;
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
