package io.github.postern.push;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The request headers of PROTOCOL.md §4, read and checked.
 *
 * @param session the secret, or {@code null} if there is none
 * @param epoch the epoch, or {@link #ABSENT}, which makes it a bare client's
 * @param transport the HTTP transport that is asked for
 * @param position the client's position, or {@link #ABSENT}
 * @param sequence the number of the first record, or {@link #ABSENT}
 * @param padding how many bytes of comment the response begins with
 */
record PushHeaders(
        @Nullable String session, long epoch, PushTransport transport, long position, long sequence, int padding) {

    static final String SESSION = "Postern-Session";
    static final String ID = "Postern-Id";
    static final String EPOCH = "Postern-Epoch";
    static final String TRANSPORT = "Postern-Transport";
    static final String SEQUENCE = "Postern-Sequence";
    static final String PADDING = "Postern-Padding";
    static final String VERSION = "Postern-Version";
    static final String RECEIVED = "Postern-Received";
    static final String EXPECTED = "Postern-Expected";
    static final String ERROR = "Postern-Error";
    static final String LAST_EVENT_ID = "Last-Event-ID";

    static final long ABSENT = -1;

    private static final int MAX_TOKEN = 128;
    private static final int MAX_PADDING = 4096;

    /** Where a bare client stands: the last id that it saw (§13). */
    record BareId(String secret, long position) {
        /** Reads {@code SECRET.N}, or returns {@code null} if it is something else. */
        static @Nullable BareId parse(@Nullable String id) {
            int dot = id == null ? -1 : id.lastIndexOf('.');
            if (id == null || dot < 0 || !isToken(id.substring(0, dot))) {
                return null;
            }
            long position = Numbers.parse(id.substring(dot + 1));
            return position == Numbers.MALFORMED ? null : new BareId(id.substring(0, dot), position);
        }

        /** Without the secret. */
        @Override
        public String toString() {
            return "BareId[position=" + position + "]";
        }
    }

    /**
     * Reads the headers of a request that is not a bare client's GET.
     *
     * @param header the value of a header by name, {@code null} if there is none
     * @return the headers, or {@code null} if one is malformed
     */
    static @Nullable PushHeaders read(Function<String, @Nullable String> header) {
        var session = header.apply(SESSION);
        var transportName = header.apply(TRANSPORT);
        var transport = transportName == null ? PushTransport.SSE : PushTransport.ofHttp(transportName);
        var epoch = header.apply(EPOCH);
        var position = header.apply(LAST_EVENT_ID);
        var sequence = header.apply(SEQUENCE);
        var padding = header.apply(PADDING);
        boolean wellFormed = (session == null || isToken(session))
                && transport != null
                && isNumber(epoch, 1, Numbers.MAX)
                && isNumber(position, 0, Numbers.MAX)
                && isNumber(sequence, 1, Numbers.MAX)
                && isNumber(padding, 0, MAX_PADDING);
        if (!wellFormed || transport == null) {
            return null;
        }
        return new PushHeaders(session, number(epoch), transport, number(position), number(sequence), (int)
                Math.max(0, number(padding)));
    }

    private static boolean isNumber(@Nullable String value, long least, long most) {
        if (value == null) {
            return true;
        }
        long number = Numbers.parse(value);
        return number >= least && number <= most;
    }

    private static long number(@Nullable String value) {
        return value == null ? ABSENT : Numbers.parse(value);
    }

    /** Whether it can be a secret: what else it is, is not even looked up. */
    static boolean isToken(String value) {
        if (value.isEmpty() || value.length() > MAX_TOKEN) {
            return false;
        }
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            boolean allowed =
                    (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
            if (!allowed) {
                return false;
            }
        }
        return true;
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "PushHeaders[epoch=" + epoch + ", transport=" + transport + ", position=" + position + "]";
    }
}
