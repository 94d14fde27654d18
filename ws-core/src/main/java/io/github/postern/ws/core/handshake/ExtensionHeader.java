package io.github.postern.ws.core.handshake;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads one Sec-WebSocket-Extensions value in one pass (RFC 6455 §9.1, with the implied white space and the empty list
 * elements of RFC 2616 §2.1).
 */
final class ExtensionHeader {
    private final String text;
    private int at;

    private ExtensionHeader(String text) {
        this.text = text;
    }

    static Optional<List<Extension>> parse(List<String> values) {
        var extensions = new ArrayList<Extension>();
        for (String value : values) {
            if (!new ExtensionHeader(value).readInto(extensions)) {
                return Optional.empty();
            }
        }
        // extension-list = 1#extension: a field without any element is malformed.
        return extensions.isEmpty() && !values.isEmpty() ? Optional.empty() : Optional.of(List.copyOf(extensions));
    }

    /** The header form of several elements. */
    static String format(List<Extension> extensions) {
        return String.join(", ", extensions.stream().map(Extension::toString).toList());
    }

    private boolean readInto(List<Extension> extensions) {
        do {
            skipSpace();
            if (at < text.length() && text.charAt(at) != ',') {
                Extension extension = extension();
                if (extension == null) {
                    return false;
                }
                extensions.add(extension);
            }
        } while (take(','));
        return at == text.length();
    }

    private @Nullable Extension extension() {
        String name = token();
        if (name.isEmpty()) {
            return null;
        }
        var parameters = new ArrayList<Extension.Parameter>();
        while (take(';')) {
            Extension.Parameter parameter = parameter();
            if (parameter == null) {
                return null;
            }
            parameters.add(parameter);
        }
        return new Extension(name, parameters);
    }

    private Extension.@Nullable Parameter parameter() {
        skipSpace();
        String name = token();
        if (name.isEmpty()) {
            return null;
        }
        if (!take('=')) {
            return Extension.Parameter.of(name);
        }
        skipSpace();
        String value = at < text.length() && text.charAt(at) == '"' ? quoted() : token();
        return value.isEmpty() ? null : new Extension.Parameter(name, value);
    }

    /** The token at this place, or an empty string; skips the white space after it. */
    private String token() {
        int start = at;
        while (at < text.length() && Tokens.isTokenChar(text.charAt(at))) {
            at++;
        }
        String token = text.substring(start, at);
        skipSpace();
        return token;
    }

    /** The token inside the quoted string at this place, or an empty string if it is not one; skips the space after it. */
    private String quoted() {
        var token = new StringBuilder();
        for (at++; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '"') {
                at++;
                skipSpace();
                return token.toString();
            }
            if (c == '\\' && ++at < text.length()) {
                c = text.charAt(at);
            }
            if (!Tokens.isTokenChar(c)) {
                return "";
            }
            token.append(c);
        }
        return "";
    }

    /** Whether this character comes next; if so it is skipped. */
    private boolean take(char expected) {
        boolean found = at < text.length() && text.charAt(at) == expected;
        at += found ? 1 : 0;
        return found;
    }

    private void skipSpace() {
        while (at < text.length() && Tokens.isSpace(text.charAt(at))) {
            at++;
        }
    }
}
