package io.github.postern.ws.core.handshake;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A request target taken apart (RFC 9112 §3.2).
 *
 * @param authority host and port of the absolute and authority form, otherwise empty
 * @param rawPath the path as written; empty for the authority and asterisk form
 * @param rawQuery the query with its question mark as written, or empty
 */
record RequestTarget(String authority, String rawPath, String rawQuery) {
    private static final String[] SCHEMES = {"http://", "https://", "ws://", "wss://"};

    /** Null if the target has none of the four forms, or not one that the method may have. */
    static @Nullable RequestTarget parse(String method, String target) {
        for (int i = 0; i < target.length(); i++) {
            if (!isTargetChar(target.charAt(i))) {
                return null;
            }
        }
        if (target.startsWith("/")) {
            return pathAndQuery("", target);
        }
        if (method.equals("CONNECT")) {
            return isAuthority(target) ? new RequestTarget(target, "", "") : null;
        }
        if (target.equals("*")) {
            return method.equals("OPTIONS") ? new RequestTarget("", "", "") : null;
        }
        return absolute(target);
    }

    /**
     * Visible ASCII but no fragment. More than RFC 3986 allows, because browsers send characters such as braces in a query
     * as they are.
     */
    static boolean isTargetChar(int c) {
        return c > ' ' && c < 0x7F && c != '#';
    }

    private static @Nullable RequestTarget absolute(String target) {
        for (String scheme : SCHEMES) {
            if (target.regionMatches(true, 0, scheme, 0, scheme.length())) {
                int end = scheme.length();
                while (end < target.length() && target.charAt(end) != '/' && target.charAt(end) != '?') {
                    end++;
                }
                String authority = target.substring(scheme.length(), end);
                return isAuthority(authority) ? pathAndQuery(authority, target.substring(end)) : null;
            }
        }
        return null;
    }

    private static RequestTarget pathAndQuery(String authority, String text) {
        int mark = text.indexOf('?');
        String path = mark < 0 ? text : text.substring(0, mark);
        return new RequestTarget(authority, path.isEmpty() ? "/" : path, mark < 0 ? "" : text.substring(mark));
    }

    Optional<String> query() {
        return rawQuery.isEmpty() ? Optional.empty() : Optional.of(rawQuery.substring(1));
    }

    /**
     * The path with its escapes decoded, or null if two readers of it could disagree: dot segments, backslashes, escaped
     * slashes or control characters, escapes that are broken or not UTF-8.
     */
    @Nullable
    String path() {
        byte[] bytes = new byte[rawPath.length()];
        int length = 0;
        for (int i = 0; i < rawPath.length(); i++) {
            int c = rawPath.charAt(i);
            if (c == '%') {
                c = escaped(i);
                i += 2;
                if (c < ' ' || c == 0x7F || c == '/') {
                    return null;
                }
            }
            if (c == '\\') {
                return null;
            }
            bytes[length++] = (byte) c;
        }
        var chars = CharBuffer.allocate(length);
        var bad = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, 0, length), chars, true);
        String path = chars.flip().toString();
        return bad.isError() || hasDotSegment(path) ? null : path;
    }

    /** The byte whose escape begins at the index, or -1. */
    private int escaped(int index) {
        boolean whole = index + 2 < rawPath.length()
                && HexFormat.isHexDigit(rawPath.charAt(index + 1))
                && HexFormat.isHexDigit(rawPath.charAt(index + 2));
        return whole ? HexFormat.fromHexDigits(rawPath, index + 1, index + 3) : -1;
    }

    private static boolean hasDotSegment(String path) {
        List<String> segments = List.of(path.split("/", -1));
        return segments.contains(".") || segments.contains("..");
    }

    /** Whether the text is {@code uri-host [":" port]} (RFC 9110 §7.2), not empty and without user information. */
    static boolean isAuthority(String text) {
        int host = text.startsWith("[") ? bracketed(text) : name(text);
        if (host == 0 || host == text.length()) {
            return host > 0;
        }
        if (text.charAt(host) != ':' || text.length() - host > 6) {
            return false;
        }
        for (int i = host + 1; i < text.length(); i++) {
            if (!Tokens.isDigit(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    /** The length of an IP literal at the start of the text, or 0. */
    private static int bracketed(String text) {
        int i = 1;
        while (i < text.length() && (HexFormat.isHexDigit(text.charAt(i)) || ":.".indexOf(text.charAt(i)) >= 0)) {
            i++;
        }
        return i > 2 && i < text.length() && text.charAt(i) == ']' ? i + 1 : 0;
    }

    /** The length of a reg-name or IPv4 address at the start of the text, or 0. */
    private static int name(String text) {
        int i = 0;
        while (i < text.length() && isNameChar(text.charAt(i))) {
            i++;
        }
        return i;
    }

    /** Unreserved, sub-delims and escapes (RFC 3986 §3.2.2). A comma is left out: it would be a list of hosts. */
    private static boolean isNameChar(char c) {
        return Tokens.isLetter(c) || Tokens.isDigit(c) || "-._~!$&'()*+;=%".indexOf(c) >= 0;
    }
}
