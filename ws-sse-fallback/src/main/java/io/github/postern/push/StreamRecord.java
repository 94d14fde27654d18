package io.github.postern.push;

import io.github.postern.ws.connection.Message;
import java.nio.ByteBuffer;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * One record of the format that all bodies and control frames share (PROTOCOL.md §3): a message or a control record.
 *
 * @param event the value of its {@code event} field, empty if there is none
 * @param id the value of its {@code id} field, or {@code null} if there is none
 * @param data the values of its {@code data} fields, joined by LF, or {@code null} if there is none
 */
record StreamRecord(
        String event, @Nullable String id, @Nullable String data) {
    static final String TEXT = "text";
    static final String BINARY = "binary";
    static final String ATTACH = "attach";
    static final String ATTACHED = "attached";
    static final String ACK = "ack";
    static final String CLOSE = "close";
    static final String DETACH = "detach";
    static final String TOKEN = "token";
    static final String PING = "ping";
    static final String PONG = "pong";
    static final String LOST = "lost";

    /** Whether this is a message of the application, well formed or not. */
    boolean isMessage() {
        return data != null && (event.isEmpty() || event.equals(TEXT) || event.equals(BINARY));
    }

    /** The message that this record carries, or {@code null} if it carries none or a malformed one. */
    @Nullable
    Message message() {
        if (data == null) {
            return null;
        }
        return switch (event) {
            case "" -> new Message.Text(data);
            case TEXT -> {
                var utf8 = base64(data);
                var text = utf8 == null ? null : Texts.decode(utf8, 0, utf8.length);
                yield text == null ? null : new Message.Text(text);
            }
            case BINARY -> {
                var bytes = base64(data);
                yield bytes == null ? null : new Message.Binary(ByteBuffer.wrap(bytes));
            }
            default -> null;
        };
    }

    private static byte @Nullable [] base64(String encoded) {
        try {
            return Base64.getDecoder().decode(encoded);
        } catch (IllegalArgumentException e) {
            return null; // the peer's fault is data
        }
    }

    /** The parameters of a control record, or {@code null} if they are malformed. */
    @Nullable
    Parameters parameters() {
        return Parameters.parse(data == null ? "" : data);
    }

    /** The number or position in {@code id}, or {@link Numbers#MALFORMED} if there is none. */
    long number() {
        return Numbers.parse(id);
    }

    /** Without the contents, which may be a payload or a secret. */
    @Override
    public String toString() {
        return "StreamRecord[event=" + event + ", data=" + (data == null ? "none" : data.length() + " chars") + "]";
    }
}
