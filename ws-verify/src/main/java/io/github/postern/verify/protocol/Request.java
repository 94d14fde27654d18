package io.github.postern.verify.protocol;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** An HTTP/1.1 request being put together; what it holds is sent as it is, lawful or not. */
final class Request {
    private final String method;
    private final List<Map.Entry<String, String>> headers = new ArrayList<>();
    private byte[] body = new byte[0];

    private Request(String method) {
        this.method = method;
    }

    static Request of(String method) {
        return new Request(method);
    }

    static Request get() {
        return of("GET");
    }

    /** A POST of records. */
    static Request post(String body) {
        return of("POST").with("Content-Type", "text/event-stream").body(body);
    }

    Request with(String name, String value) {
        headers.add(Map.entry(name, value));
        return this;
    }

    Request with(String name, long value) {
        return with(name, Long.toString(value));
    }

    Request without(String name) {
        headers.removeIf(header -> header.getKey().equals(name));
        return this;
    }

    /** Sets the body, and its length in the header unless it was said already. */
    Request body(String value) {
        body = value.getBytes(StandardCharsets.UTF_8);
        return headers.stream().anyMatch(header -> header.getKey().equals("Content-Length"))
                ? this
                : with("Content-Length", body.length);
    }

    byte[] encode(URI uri) {
        var head = new StringBuilder()
                .append(method)
                .append(' ')
                .append(uri.getRawPath())
                .append(" HTTP/1.1\r\n");
        if (headers.stream().noneMatch(header -> header.getKey().equals("Host"))) {
            head.append("Host: ").append(uri.getRawAuthority()).append("\r\n");
        }
        headers.forEach(header -> head.append(header.getKey())
                .append(": ")
                .append(header.getValue())
                .append("\r\n"));
        var bytes = new ByteArrayOutputStream();
        bytes.writeBytes(head.append("\r\n").toString().getBytes(StandardCharsets.UTF_8));
        bytes.writeBytes(body);
        return bytes.toByteArray();
    }
}
