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
    private static final long LOW_BITS = 0x7F7F_7F7F_7F7F_7F7FL;

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
        var questionMarks = questionMarks(bytes);
        if (questionMarks != 0 && questionMarks != questionMarks(text)) {
            throw new IllegalArgumentException("unpaired surrogate at index " + (firstIndex + unpairedSurrogate(text)));
        }
        return bytes;
    }

    private static int questionMarks(byte[] bytes) {
        var count = 0;
        var i = 0;
        for (var wordsEnd = bytes.length & ~7; i < wordsEnd; i += 8) {
            var differences = (long) LONG.get(bytes, i) ^ QUESTION_MARKS;
            // The highest bit of each byte that does not differ, and no other bit.
            count += Long.bitCount(~((differences & LOW_BITS) + LOW_BITS | differences | LOW_BITS));
        }
        for (; i < bytes.length; i++) {
            count += bytes[i] == '?' ? 1 : 0;
        }
        return count;
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
