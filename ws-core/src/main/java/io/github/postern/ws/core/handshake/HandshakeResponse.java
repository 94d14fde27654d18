package io.github.postern.ws.core.handshake;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * An HTTP response: the answer to a WebSocket handshake, or to any other request on the same port.
 *
 * @param status the status code, 100 to 999
 * @param headers the header fields; those that {@link #encode} derives need not be there
 * @param body the body, sent as UTF-8; empty for statuses that have none (1xx, 204, 304)
 */
public record HandshakeResponse(int status, Headers headers, String body) {
    /**
     * Checks the status and that it may have the body.
     *
     * @throws IllegalArgumentException if the status is out of range, or the body is not empty and the status has none
     */
    public HandshakeResponse {
        if (status < 100 || status > 999) {
            throw new IllegalArgumentException("status code out of range: " + status);
        }
        if (!body.isEmpty() && isBodiless(status)) {
            throw new IllegalArgumentException("status has no body: " + status);
        }
    }

    /**
     * {@return a response with a plain text body}
     *
     * @param status the status code
     * @param plainBody the text
     * @throws IllegalArgumentException if the status is out of range, or the text is not empty and the status has no body
     */
    public static HandshakeResponse of(int status, String plainBody) {
        return new HandshakeResponse(status, Headers.of("Content-Type", "text/plain; charset=utf-8"), plainBody);
    }

    /**
     * {@return a response with the given header fields and body}
     *
     * @param status the status code
     * @param headers the header fields
     * @param body the body; empty if there is none
     * @throws IllegalArgumentException if the status is out of range, or the body is not empty and the status has none
     */
    public static HandshakeResponse of(int status, Headers headers, String body) {
        return new HandshakeResponse(status, headers, body);
    }

    /**
     * {@return this response with one more header field at the end}
     *
     * @param name the name of the field, a token
     * @param value its value
     * @throws IllegalArgumentException if the name or value is not valid (see {@link Headers.Header})
     */
    public HandshakeResponse withHeader(String name, String value) {
        return new HandshakeResponse(status, headers.with(name, value), body);
    }

    /** {@return whether another response follows this one (RFC 9110 §15.2): 1xx, but not 101} A client reads on. */
    public boolean isInterim() {
        return status < 200 && status != 101;
    }

    /** {@return the usual phrase for the status, or an empty string} */
    public String reasonPhrase() {
        return switch (status) {
            case 100 -> "Continue";
            case 101 -> "Switching Protocols";
            case 103 -> "Early Hints";
            case 200 -> "OK";
            case 204 -> "No Content";
            case 301 -> "Moved Permanently";
            case 302 -> "Found";
            case 303 -> "See Other";
            case 304 -> "Not Modified";
            case 307 -> "Temporary Redirect";
            case 308 -> "Permanent Redirect";
            case 400 -> "Bad Request";
            case 401 -> "Unauthorized";
            case 403 -> "Forbidden";
            case 404 -> "Not Found";
            case 405 -> "Method Not Allowed";
            case 407 -> "Proxy Authentication Required";
            case 408 -> "Request Timeout";
            case 409 -> "Conflict";
            case 413 -> "Content Too Large";
            case 414 -> "URI Too Long";
            case 421 -> "Misdirected Request";
            case 426 -> "Upgrade Required";
            case 429 -> "Too Many Requests";
            case 431 -> "Request Header Fields Too Large";
            case 500 -> "Internal Server Error";
            case 501 -> "Not Implemented";
            case 502 -> "Bad Gateway";
            case 503 -> "Service Unavailable";
            case 504 -> "Gateway Timeout";
            case 505 -> "HTTP Version Not Supported";
            default -> "";
        };
    }

    /**
     * {@return the response as HTTP/1.1 bytes} A final response ends its connection: {@code Connection} gets {@code close}, and
     * {@code Content-Length} is that of the body, whatever the header fields say, and left out of a 204 and a 304; there is no
     * {@code Transfer-Encoding}; a body without {@code Content-Type} is called plain text. A 1xx response is written as it is.
     */
    public byte[] encode() {
        byte[] content = body.getBytes(UTF_8);
        var head = new StringBuilder(256);
        head.append("HTTP/1.1 ")
                .append(status)
                .append(' ')
                .append(reasonPhrase())
                .append("\r\n");
        wireHeaders(content.length).appendTo(head);
        byte[] bytes = head.append("\r\n").toString().getBytes(ISO_8859_1);
        byte[] all = Arrays.copyOf(bytes, bytes.length + content.length);
        System.arraycopy(content, 0, all, bytes.length, content.length);
        return all;
    }

    private Headers wireHeaders(int contentLength) {
        if (status < 200) {
            return headers;
        }
        Headers wire = headers.without("Connection").without("Content-Length").without("Transfer-Encoding");
        if (!isBodiless(status)) {
            wire = wire.with("Content-Length", Integer.toString(contentLength));
        }
        if (contentLength > 0 && !wire.contains("Content-Type")) {
            wire = wire.with("Content-Type", "text/plain; charset=utf-8");
        }
        List<String> options = new ArrayList<>(headers.tokens("Connection"));
        options.removeIf(option -> option.equalsIgnoreCase("close") || option.equalsIgnoreCase("keep-alive"));
        options.add("close");
        return wire.with("Connection", String.join(", ", options));
    }

    private static boolean isBodiless(int status) {
        return status < 200 || status == 204 || status == 304;
    }
}
