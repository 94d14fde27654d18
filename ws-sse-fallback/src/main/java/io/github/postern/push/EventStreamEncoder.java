package io.github.postern.push;

import io.github.postern.ws.connection.Message;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Writes records in the format of PROTOCOL.md §3 into a growing buffer: the bodies of responses and of POSTs. For one
 * thread.
 */
final class EventStreamEncoder {
    private static final byte[] ID = ascii("id:");
    private static final byte[] EVENT = ascii("event:");
    private static final byte[] DATA = ascii("data:");
    private static final int MAX_DIGITS = 19;

    private final String idPrefix;
    private final boolean bare;
    private byte[] bytes = new byte[256];
    private int length;

    /** An encoder for Postern's own clients and servers. */
    EventStreamEncoder() {
        this("", false);
    }

    /** An encoder for a bare client (§13), whose ids begin with its secret and a dot. */
    static EventStreamEncoder bare(String secret) {
        return new EventStreamEncoder(secret + ".", true);
    }

    private EventStreamEncoder(String idPrefix, boolean bare) {
        this.idPrefix = idPrefix;
        this.bare = bare;
    }

    boolean isEmpty() {
        return length == 0;
    }

    int length() {
        return length;
    }

    /** What was written so far; valid until the next call of any method. */
    ByteBuffer contents() {
        return ByteBuffer.wrap(bytes, 0, length);
    }

    /** Starts anew, keeping the buffer. */
    void clear() {
        length = 0;
    }

    /** A message with its number, whose form for all sessions may have been made already. */
    void message(ReplayLog.Entry entry) {
        id(entry.number());
        next(entry);
    }

    /** The message behind the last one in the same response, whose number is told by that (§3). */
    void next(ReplayLog.Entry entry) {
        switch (entry.item()) {
            case SingleMessage single -> message(single.message());
            case SharedMessage shared -> {
                var encoded = shared.streamRecord(bare);
                put(encoded, 0, encoded.length);
            }
        }
    }

    /** A message without a number, as POSTs have it. */
    void message(Message message) {
        switch (message) {
            case Message.Text text -> payload(true, text.text().getBytes(StandardCharsets.UTF_8));
            case Message.Binary binary -> payload(false, bytes(binary.data()));
        }
    }

    /** A message without a number, given by its bytes: of a text in UTF-8. */
    void payload(boolean text, byte[] payload) {
        if (text) {
            text(payload);
        } else {
            encoded(StreamRecord.BINARY, Base64.getEncoder().encode(payload));
        }
        put('\n');
    }

    private void text(byte[] utf8) {
        if (!bare && isBetterEncoded(utf8)) {
            encoded(StreamRecord.TEXT, Base64.getEncoder().encode(utf8));
            return;
        }
        int start = 0;
        for (int i = 0; i < utf8.length; i++) {
            if (utf8[i] == '\n' || utf8[i] == '\r') {
                line(utf8, start, i);
                i += utf8[i] == '\r' && i + 1 < utf8.length && utf8[i + 1] == '\n' ? 1 : 0;
                start = i + 1;
            }
        }
        line(utf8, start, utf8.length);
    }

    private void line(byte[] utf8, int start, int end) {
        put(DATA, 0, DATA.length);
        if (start < end && utf8[start] == ' ') {
            put(' '); // the receiver strips one
        }
        put(utf8, start, end);
        put('\n');
    }

    private void encoded(String event, byte[] base64) {
        field(EVENT, event);
        put(DATA, 0, DATA.length);
        put(base64, 0, base64.length);
        put('\n');
    }

    private static byte[] bytes(ByteBuffer data) {
        var bytes = new byte[data.remaining()];
        data.duplicate().get(bytes);
        return bytes;
    }

    /** A control record without {@code id}. */
    void control(String event, @Nullable Parameters parameters) {
        field(EVENT, event);
        if (parameters != null) {
            field(DATA, parameters.encode());
        }
        put('\n');
    }

    /** A control record with {@code id}: a number or a position. */
    void control(String event, long id, @Nullable Parameters parameters) {
        field(EVENT, event);
        id(id);
        if (parameters != null) {
            field(DATA, parameters.encode());
        }
        put('\n');
    }

    /** A record that only sets the position, which an {@code EventSource} does not dispatch. */
    void position(long position) {
        id(position);
        put('\n');
    }

    /** The least that keeps a silent stream alive (§10). */
    void heartbeat() {
        put(':');
        put('\n');
    }

    /** A comment of so many bytes, its line end included. */
    void padding(int size) {
        if (size >= 2) {
            put(':');
            for (int i = 2; i < size; i++) {
                put(' ');
            }
            put('\n');
        }
    }

    private void id(long number) {
        put(ID, 0, ID.length);
        put(idPrefix);
        digits(number);
        put('\n');
    }

    private void digits(long number) {
        ensure(MAX_DIGITS);
        int start = length;
        long rest = number;
        do {
            bytes[length++] = (byte) ('0' + rest % 10);
            rest /= 10;
        } while (rest != 0);
        for (int i = start, j = length - 1; i < j; i++, j--) {
            byte b = bytes[i];
            bytes[i] = bytes[j];
            bytes[j] = b;
        }
    }

    private void field(byte[] name, String asciiValue) {
        put(name, 0, name.length);
        put(asciiValue);
        put('\n');
    }

    private void put(String ascii) {
        ensure(ascii.length());
        for (int i = 0; i < ascii.length(); i++) {
            bytes[length++] = (byte) ascii.charAt(i);
        }
    }

    private static byte[] ascii(String value) {
        return value.getBytes(StandardCharsets.US_ASCII);
    }

    /** Whether lines cannot carry a text unchanged, or would take more room, as they do when there is little on each. */
    private static boolean isBetterEncoded(byte[] utf8) {
        int lineFeeds = 0;
        for (byte b : utf8) {
            if (b == '\r') {
                return true;
            }
            lineFeeds += b == '\n' ? 1 : 0;
        }
        long moreAsBase64 = (utf8.length + 2L) / 3 * 4 - utf8.length + EVENT.length + StreamRecord.TEXT.length() + 1;
        return lineFeeds * (long) DATA.length > moreAsBase64;
    }

    private void put(char c) {
        ensure(1);
        bytes[length++] = (byte) c;
    }

    private void put(byte[] source, int start, int end) {
        ensure(end - start);
        System.arraycopy(source, start, bytes, length, end - start);
        length += end - start;
    }

    private void ensure(int more) {
        if (bytes.length - length < more) {
            int doubled = (int) Math.min(2L * bytes.length, Integer.MAX_VALUE - 8);
            bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(length, more), doubled));
        }
    }
}
