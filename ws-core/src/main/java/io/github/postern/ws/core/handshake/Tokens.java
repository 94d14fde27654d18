package io.github.postern.ws.core.handshake;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/** The character rules of RFC 9110 §5.5 and §5.6, in one place for reading and for writing. */
final class Tokens {
    private static final String SYMBOLS = "!#$%&'*+-.^_`|~";
    private static final boolean[] TOKEN = new boolean[128];

    static {
        for (int c = 0; c < TOKEN.length; c++) {
            TOKEN[c] = isDigit(c) || isLetter(c) || SYMBOLS.indexOf(c) >= 0;
        }
    }

    private Tokens() {}

    /** tchar of §5.6.2. */
    static boolean isTokenChar(int c) {
        return c < TOKEN.length && TOKEN[c];
    }

    /** What a field value may contain (§5.5): visible ASCII, obs-text as ISO-8859-1, space and tab. */
    static boolean isFieldChar(int c) {
        return c >= ' ' && c <= 0xFF && c != 0x7F || c == '\t';
    }

    static boolean isSpace(int c) {
        return c == ' ' || c == '\t';
    }

    static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }

    static boolean isLetter(int c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
    }

    static boolean isToken(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!isTokenChar(text.charAt(i))) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    /**
     * Returns the argument.
     *
     * @throws IllegalArgumentException if it is not a token
     */
    static String requireToken(String what, String text) {
        if (!isToken(text)) {
            throw new IllegalArgumentException(what + " is not a token: " + printable(text));
        }
        return text;
    }

    /**
     * Returns the field value without the white space around it.
     *
     * @throws IllegalArgumentException if it contains a character that no field value may contain
     */
    static String requireFieldValue(String what, String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!isFieldChar(text.charAt(i))) {
                // The value itself may be a secret, so only the place and the character are named.
                throw new IllegalArgumentException(
                        "%s contains a forbidden character at %d: U+%04X".formatted(what, i, (int) text.charAt(i)));
            }
        }
        return trim(text);
    }

    /** The text without spaces and tabs around it. */
    private static String trim(String text) {
        int from = 0;
        int to = text.length();
        while (from < to && isSpace(text.charAt(from))) {
            from++;
        }
        while (to > from && isSpace(text.charAt(to - 1))) {
            to--;
        }
        return text.substring(from, to);
    }

    /** The elements of comma-separated lists (§5.6.1.2: empty elements are ignored, several fields are one list). */
    static List<String> elements(List<String> values) {
        var elements = new ArrayList<String>();
        for (String value : values) {
            for (String part : value.split(",", -1)) {
                String element = trim(part);
                if (!element.isEmpty()) {
                    elements.add(element);
                }
            }
        }
        return elements;
    }

    /**
     * Returns a copy of the values.
     *
     * @throws IllegalArgumentException if one is not a token or occurs twice
     */
    static List<String> requireUnique(String what, List<String> values) {
        var seen = new HashSet<String>();
        for (String value : values) {
            if (!seen.add(requireToken(what, value))) {
                throw new IllegalArgumentException(what + " occurs twice: " + value);
            }
        }
        return List.copyOf(values);
    }

    /** The text in a form that is safe and short enough for a log. */
    static String printable(String text) {
        var printable = new StringBuilder();
        for (int i = 0; i < text.length() && i < 64; i++) {
            char c = text.charAt(i);
            printable.append(c >= ' ' && c < 0x7F ? c : '?');
        }
        return text.length() > 64 ? printable.append("...").toString() : printable.toString();
    }
}
