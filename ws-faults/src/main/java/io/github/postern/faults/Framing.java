package io.github.postern.faults;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Pattern;

/** Where the body behind a head ends (RFC 9112 §6). */
sealed interface Framing {
    /** After so many bytes. */
    record Length(long bytes) implements Framing {}

    /** With the last chunk. */
    record Chunked() implements Framing {}

    /** With the connection. */
    record UntilEnd() implements Framing {}

    Pattern CHUNKED = Pattern.compile("(?im)^transfer-encoding:.*chunked[ \t]*\r?$");
    Pattern LENGTH = Pattern.compile("(?im)^content-length:[ \t]*(\\d{1,18})[ \t]*\r?$");

    /** Of a request. */
    static Framing ofRequest(byte[] head) {
        return of(head, new Length(0));
    }

    /** Of a response to a request of that method. */
    static Framing ofResponse(byte[] head, int status, String method) {
        boolean bodiless = status / 100 == 1 || status == 204 || status == 304 || method.equals("HEAD");
        return bodiless ? new Length(0) : of(head, new UntilEnd());
    }

    private static Framing of(byte[] head, Framing otherwise) {
        var text = new String(head, StandardCharsets.ISO_8859_1);
        if (CHUNKED.matcher(text).find()) {
            return new Chunked();
        }
        var length = LENGTH.matcher(text);
        return length.find() ? new Length(Long.parseLong(length.group(1))) : otherwise;
    }

    /** The status of a response's head, or -1 if it is none. */
    static int status(byte[] head) {
        var line = new String(head, 0, Math.min(head.length, 12), StandardCharsets.ISO_8859_1);
        return line.toUpperCase(Locale.ROOT).matches("HTTP/1\\.[01] \\d{3}") ? Integer.parseInt(line.substring(9)) : -1;
    }
}
