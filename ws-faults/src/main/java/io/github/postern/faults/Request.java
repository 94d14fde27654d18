package io.github.postern.faults;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * The head of a request, as the proxy sees it. The static methods give conditions for {@link FaultProxy#next} and its like, to be joined with {@code
 * and}, {@code or} and {@code negate}; any lambda will do as well.
 *
 * <p>What a client says that is no HTTP/1.1 counts as one request without method, target and fields for the whole connection.
 */
public final class Request {
    /** What is not understood. */
    static final Request OPAQUE = new Request("", "", List.of());

    private static final Pattern LINE = Pattern.compile("\r?\n");
    private static final Pattern REQUEST_LINE = Pattern.compile("([!-~]+) ([!-~]+) HTTP/1\\.[01]");

    private final String method;
    private final String target;
    private final List<Field> fields;

    private record Field(String name, String value) {}

    private Request(String method, String target, List<Field> fields) {
        this.method = method;
        this.target = target;
        this.fields = fields;
    }

    /** Reads a head with its empty line; {@link #OPAQUE} if it is none of HTTP/1.1. */
    static Request parse(byte[] head) {
        var lines = LINE.split(new String(head, StandardCharsets.ISO_8859_1), -1);
        var requestLine = REQUEST_LINE.matcher(lines[0]);
        if (!requestLine.matches()) {
            return OPAQUE;
        }
        return new Request(requestLine.group(1), requestLine.group(2), fields(lines));
    }

    private static List<Field> fields(String[] lines) {
        var fields = new ArrayList<Field>();
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            if (colon > 0) {
                fields.add(new Field(
                        lines[i].substring(0, colon),
                        lines[i].substring(colon + 1).strip()));
            }
        }
        return fields;
    }

    /** {@return for instance {@code GET}} */
    public String method() {
        return method;
    }

    /** {@return path and query, as they stand in the request} */
    public String target() {
        return target;
    }

    /** {@return the target without its query} */
    public String path() {
        int query = target.indexOf('?');
        return query < 0 ? target : target.substring(0, query);
    }

    /**
     * {@return the first value of a header field, whatever the case of its name}
     *
     * @param name the name of the field, in any case
     */
    public Optional<String> field(String name) {
        return fields.stream()
                .filter(f -> f.name().equalsIgnoreCase(name))
                .map(Field::value)
                .findFirst();
    }

    /** {@return whether the client asks for a WebSocket} */
    public boolean isUpgrade() {
        return field("Upgrade").orElse("").toLowerCase(Locale.ROOT).contains("websocket");
    }

    boolean isHttp() {
        return !method.isEmpty();
    }

    /** {@return every request} */
    public static Predicate<Request> any() {
        return request -> true;
    }

    /**
     * {@return requests of this method}
     *
     * @param method the method, for instance {@code GET}
     */
    public static Predicate<Request> method(String method) {
        return request -> request.method().equals(method);
    }

    /** {@return every POST} */
    public static Predicate<Request> post() {
        return method("POST");
    }

    /** {@return every GET that asks for no WebSocket} */
    public static Predicate<Request> get() {
        return method("GET").and(upgrade().negate());
    }

    /** {@return every request for a WebSocket} */
    public static Predicate<Request> upgrade() {
        return Request::isUpgrade;
    }

    /**
     * {@return requests to this path, whatever their query}
     *
     * @param path the path, without a query
     */
    public static Predicate<Request> path(String path) {
        return request -> request.path().equals(path);
    }

    /**
     * {@return requests that have this header field with this value; the name in any case, the value as it is}
     *
     * @param name the name of the field, in any case
     * @param value the value to the letter
     */
    public static Predicate<Request> field(String name, String value) {
        return request -> request.fields.stream()
                .anyMatch(f -> f.name().equalsIgnoreCase(name) && f.value().equals(value));
    }

    /** Method and target, and nothing that could be secret. */
    @Override
    public String toString() {
        return isHttp() ? method + " " + path() : "no HTTP/1.1";
    }
}
