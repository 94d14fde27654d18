package io.github.postern.verify.conformance;

/** The text of a header field, read from left to right. Space between elements is passed over. */
final class HeaderText {
    private final String text;
    private int position;

    HeaderText(String text) {
        this.text = text;
        skipSpace();
    }

    static boolean isToken(String text) {
        return !text.isEmpty() && text.chars().allMatch(HeaderText::isTokenCharacter);
    }

    private static boolean isTokenCharacter(int c) {
        return c > ' ' && c < 127 && "()<>@,;:\\\"/[]?={}".indexOf(c) < 0;
    }

    boolean isAtEnd() {
        return position == text.length();
    }

    /** Passes over a separator, if it comes next. */
    boolean skip(char separator) {
        if (isAtEnd() || text.charAt(position) != separator) {
            return false;
        }
        position++;
        skipSpace();
        return true;
    }

    String token() throws Finding {
        int from = position;
        while (!isAtEnd() && isTokenCharacter(text.charAt(position))) {
            position++;
        }
        if (from == position) {
            throw malformed();
        }
        var token = text.substring(from, position);
        skipSpace();
        return token;
    }

    String tokenOrQuoted() throws Finding {
        if (isAtEnd() || text.charAt(position) != '"') {
            return token();
        }
        int end = text.indexOf('"', position + 1);
        if (end < 0 || !isToken(text.substring(position + 1, end))) {
            throw malformed();
        }
        var value = text.substring(position + 1, end);
        position = end + 1;
        skipSpace();
        return value;
    }

    Finding malformed() {
        return Finding.failed("a well-formed Sec-WebSocket-Extensions (§9.1)", text);
    }

    private void skipSpace() {
        while (!isAtEnd() && " \t".indexOf(text.charAt(position)) >= 0) {
            position++;
        }
    }
}
