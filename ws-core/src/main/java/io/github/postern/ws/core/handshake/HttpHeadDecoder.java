package io.github.postern.ws.core.handshake;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Decodes one HTTP/1.1 head from bytes that arrive in any portions (RFC 9112 §2 to §5).
 *
 * <p>Each byte is looked at once, when it arrives, and refused at once if it has no place there: a bare CR or LF, a folded
 * line, white space before a colon, a control character, a byte beyond a limit. Requests must also have one valid Host and
 * an unambiguous path (see {@link HandshakeRequest#path}). A version of HTTP/1.1 or a later 1.x is accepted; a response,
 * except 101, may also be HTTP/1.0, because proxies answer CONNECT so, and may end after its status code.
 *
 * <p>One decoder decodes one head, for one thread at a time.
 */
public final class HttpHeadDecoder {
    /** What the next byte belongs to. */
    private enum State {
        METHOD,
        TARGET,
        VERSION,
        STATUS,
        REASON,
        LINE_START,
        NAME,
        VALUE,
        END_OF_START_LINE,
        END_OF_HEADER,
        END_OF_HEAD
    }

    private static final String VERSION_PATTERN = "HTTP/#.#";

    private final HeadLimits limits;
    private final boolean request;
    private final Headers.Builder headers = Headers.builder();
    private State state;
    private boolean done;
    private int size;
    private int headerCount;

    /** The line so far, without CR and LF. */
    private byte[] line = new byte[128];

    private int length;

    /** Where the part of the line that is being read begins. */
    private int start;

    private String method = "";
    private String target = "";
    private String name = "";
    private int version;
    private int status;

    private HttpHeadDecoder(boolean request, HeadLimits limits) {
        this.request = request;
        this.limits = limits;
        this.state = request ? State.METHOD : State.VERSION;
    }

    /**
     * {@return a decoder for the head of a request}
     *
     * @param limits how long the head may be
     */
    public static HttpHeadDecoder forRequest(HeadLimits limits) {
        return new HttpHeadDecoder(true, limits);
    }

    /**
     * {@return a decoder for the head of a response; interim responses (1xx) are heads of their own}
     *
     * @param limits how long the head may be
     */
    public static HttpHeadDecoder forResponse(HeadLimits limits) {
        return new HttpHeadDecoder(false, limits);
    }

    /**
     * Decodes further.
     *
     * @param input the next bytes, consumed up to the end of the head; the bytes after it stay, because they are the first
     *     frames
     * @return the head, or null if it is not yet complete and all of the input was consumed
     * @throws IllegalStateException if a head was returned before
     */
    public @Nullable Head next(ByteBuffer input) {
        if (done) {
            throw new IllegalStateException("head already decoded");
        }
        while (input.hasRemaining()) {
            Head head = step(input.get() & 0xFF);
            if (head != null) {
                done = true;
                return head;
            }
        }
        return null;
    }

    private @Nullable Head step(int b) {
        if (++size > limits.maxSize()) {
            return tooLarge("head longer than " + limits.maxSize() + " bytes");
        }
        return switch (state) {
            case METHOD -> method(b);
            case TARGET -> target(b);
            case VERSION -> version(b);
            case STATUS -> status(b);
            case REASON -> reason(b);
            case LINE_START -> lineStart(b);
            case NAME -> name(b);
            case VALUE -> value(b);
            case END_OF_START_LINE, END_OF_HEADER, END_OF_HEAD -> lineFeed(b);
        };
    }

    private @Nullable Head method(int b) {
        if (b == ' ' && length > 0) {
            method = UsualStrings.method(part());
            return next(State.TARGET, b);
        }
        return Tokens.isTokenChar(b) ? append(b) : unexpected(b, "method");
    }

    private @Nullable Head target(int b) {
        if (b == ' ' && length > start) {
            target = UsualStrings.target(part());
            return next(State.VERSION, b);
        }
        return RequestTarget.isTargetChar(b) ? append(b) : unexpected(b, "request target");
    }

    private @Nullable Head version(int b) {
        int index = length - start;
        if (index == VERSION_PATTERN.length()) {
            version = 10 * (line[start + 5] - '0') + line[start + 7] - '0';
            Head unsupported = unsupportedVersion();
            if (unsupported != null) {
                return unsupported;
            }
            if (request) {
                return b == '\r' ? lineEnd(State.END_OF_START_LINE) : unexpected(b, "version");
            }
            return b == ' ' ? next(State.STATUS, b) : unexpected(b, "version");
        }
        char expected = VERSION_PATTERN.charAt(index);
        return expected == '#' && Tokens.isDigit(b) || b == expected && b != '#' ? append(b) : unexpected(b, "version");
    }

    private @Nullable Head unsupportedVersion() {
        boolean supported = version / 10 == 1 && (version > 10 || !request);
        return supported ? null : malformed(505, "version is not HTTP/1.1: " + version / 10 + '.' + version % 10);
    }

    private @Nullable Head status(int b) {
        if (length - start < 3) {
            status = 10 * status + b - '0';
            return Tokens.isDigit(b) ? append(b) : unexpected(b, "status code");
        }
        if (status < 100) {
            return malformed(400, "status code less than 100: " + status);
        }
        if (status == 101 && version == 10) {
            return malformed(505, "status 101 in HTTP/1.0");
        }
        if (b == '\r') {
            return lineEnd(State.END_OF_START_LINE);
        }
        return b == ' ' ? next(State.REASON, b) : unexpected(b, "status code");
    }

    private @Nullable Head reason(int b) {
        if (b == '\r') {
            return lineEnd(State.END_OF_START_LINE);
        }
        return Tokens.isFieldChar(b) ? append(b) : unexpected(b, "reason phrase");
    }

    private @Nullable Head lineStart(int b) {
        if (b == '\r') {
            return lineEnd(State.END_OF_HEAD);
        }
        if (Tokens.isTokenChar(b) && headerCount++ == limits.maxHeaders()) {
            return tooLarge("more than " + limits.maxHeaders() + " header fields");
        }
        state = State.NAME;
        return name(b);
    }

    private @Nullable Head name(int b) {
        if (b == ':' && length > 0) {
            name = part();
            return next(State.VALUE, b);
        }
        return Tokens.isTokenChar(b) ? append(b) : unexpected(b, "header name");
    }

    private @Nullable Head value(int b) {
        if (b == '\r') {
            headers.add(name, part());
            return lineEnd(State.END_OF_HEADER);
        }
        return Tokens.isFieldChar(b) ? append(b) : unexpected(b, "header value");
    }

    private @Nullable Head lineFeed(int b) {
        if (b != '\n') {
            return malformed(400, "CR without LF");
        }
        if (state == State.END_OF_HEAD) {
            return head();
        }
        state = State.LINE_START;
        return null;
    }

    private Head head() {
        Headers fields = headers.build();
        if (!request) {
            return new Head.Response(HandshakeResponse.of(status, fields, ""));
        }
        if (RequestTarget.parse(method, target) == null) {
            return malformed(400, "request target has no valid form");
        }
        var head = new HandshakeRequest(method, target, fields);
        String fault = head.fault();
        return fault == null ? new Head.Request(head) : malformed(400, fault);
    }

    /** Ends the line; its line feed is still to come. */
    private @Nullable Head lineEnd(State next) {
        state = next;
        length = 0;
        start = 0;
        return null;
    }

    /** Goes on behind a separator. */
    private @Nullable Head next(State next, int separator) {
        state = next;
        Head head = append(separator);
        start = length;
        return head;
    }

    private @Nullable Head append(int b) {
        if (length == limits.maxLine()) {
            return tooLarge((isStartLine() ? "start line" : "header line") + " longer than " + length + " bytes");
        }
        if (length == line.length) {
            line = Arrays.copyOf(line, Math.min(2 * length, limits.maxLine()));
        }
        line[length++] = (byte) b;
        return null;
    }

    private String part() {
        return new String(line, start, length - start, ISO_8859_1);
    }

    private Head unexpected(int b, String where) {
        return malformed(400, "unexpected byte in %s: 0x%02x".formatted(where, b));
    }

    private Head tooLarge(String detail) {
        return malformed(isStartLine() ? 414 : 431, detail);
    }

    private static Head malformed(int status, String detail) {
        return new Head.Malformed(status, detail);
    }

    private boolean isStartLine() {
        return state.compareTo(State.LINE_START) < 0 || state == State.END_OF_START_LINE;
    }
}
