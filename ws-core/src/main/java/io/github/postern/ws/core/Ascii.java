package io.github.postern.ws.core;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;

/** Text of ASCII characters only: its UTF-8 is its characters (RFC 3629 §3), which go into the frame without an array in between. */
final class Ascii {
    /** Up to here a look at each character costs less than an array for the bytes. */
    private static final int SHORT = 32;

    /** From here on the JDK's encoder, which looks at many characters at a time, needs less memory than an array for the bytes. */
    private static final int LONG = 4096;

    private static final int PIECE = 1024;
    private static final int FIRST_BEYOND = 0x80;

    private Ascii() {}

    /** Whether the text is known to be ASCII. It is not found out of every text: of medium ones that costs more than it saves. */
    static boolean isKnown(String text) {
        var length = text.length();
        return length <= SHORT ? isAscii(text) : length >= LONG && isAsciiByPieces(text);
    }

    private static boolean isAscii(String text) {
        var bits = 0;
        for (var i = 0; i < text.length(); i++) {
            bits |= text.charAt(i);
        }
        return bits < FIRST_BEYOND;
    }

    private static boolean isAsciiByPieces(String text) {
        var encoder = US_ASCII.newEncoder();
        var characters = CharBuffer.allocate(PIECE);
        var bytes = ByteBuffer.allocate(PIECE);
        for (int from = 0, to; from < text.length(); from = to) {
            to = Math.min(from + PIECE, text.length());
            text.getChars(from, to, characters.array(), 0);
            encoder.encode(characters.clear().limit(to - from), bytes.clear(), false);
            if (characters.hasRemaining()) {
                return false;
            }
        }
        return true;
    }

    /** Copies characters that are known to be ASCII. */
    static void copy(String text, int from, int length, ByteBuffer target, int to) {
        if (target.hasArray()) {
            copy(text, from, length, target.array(), target.arrayOffset() + to);
        } else {
            for (var i = 0; i < length; i++) {
                target.put(to + i, (byte) text.charAt(from + i));
            }
        }
    }

    /** Copies characters that are known to be ASCII. */
    @SuppressWarnings("deprecation") // because it drops the high byte of a character, which is 0 here
    static void copy(String text, int from, int length, byte[] target, int to) {
        text.getBytes(from, from + length, target, to);
    }
}
