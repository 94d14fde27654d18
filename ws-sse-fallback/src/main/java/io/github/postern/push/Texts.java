package io.github.postern.push;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Text as UTF-8, strictly both ways. */
final class Texts {
    private Texts() {}

    /**
     * How many bytes a text has in UTF-8.
     *
     * @throws IllegalArgumentException if it holds an unpaired surrogate, which UTF-8 cannot carry
     */
    static int utf8Length(String text) {
        int length = text.length();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                length = Math.addExact(length, c < 0x800 ? 1 : 2);
                if (Character.isSurrogate(c)) {
                    if (!Character.isHighSurrogate(c)
                            || i + 1 == text.length()
                            || !Character.isLowSurrogate(text.charAt(i + 1))) {
                        throw new IllegalArgumentException("unpaired surrogate at index " + i);
                    }
                    i++; // the pair has two chars and four bytes: two more than counted as chars
                }
            }
        }
        return length;
    }

    /** Decodes UTF-8, or returns {@code null} if it is malformed. */
    static @Nullable String decode(byte[] utf8, int offset, int length) {
        var text = new String(utf8, offset, length, StandardCharsets.UTF_8);
        if (text.indexOf('\uFFFD') < 0) {
            return text; // the JDK replaces what is malformed by U+FFFD, so there was nothing of the kind
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(utf8, offset, length))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }
}
