package io.github.postern.ws.core;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.jspecify.annotations.Nullable;

/** Strict UTF-8 both ways (RFC 6455 §8.1), by way of the JDK's intrinsics, which are fast but replace what is malformed. */
final class Utf8 {
    private static final char REPLACEMENT = '\uFFFD';

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
        var unpaired = unpairedSurrogate(text);
        if (unpaired >= 0) {
            throw new IllegalArgumentException("unpaired surrogate at index " + (firstIndex + unpaired));
        }
        return text.getBytes(UTF_8);
    }

    /** The index of the first surrogate without its other half; -1 if there is none. */
    private static int unpairedSurrogate(String text) {
        for (var i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                if (Character.charCount(text.codePointAt(i)) == 1) {
                    return i;
                }
                i++;
            }
        }
        return -1;
    }
}
