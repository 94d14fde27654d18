package io.github.postern.push;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Turns the bytes of an event stream into records (WHATWG HTML §9.2.6), as they come. Two things are stricter than there: malformed
 * UTF-8 fails the stream instead of being replaced, and so does a record above a limit. One is laxer: a
 * record without {@code data} is returned too, if it has an {@code id} or an {@code event}.
 *
 * <p>For one thread. A parser that has failed consumes everything and returns nothing more.
 */
final class EventStreamParser {
    private static final int NONE = -1;

    private final int maxRecord;

    /** The beginning of a line whose end has not come yet. */
    private byte[] line = new byte[0];

    private int lineLength;

    /** The last line was ended by CR; a LF that follows belongs to it. */
    private boolean skipLineFeed;

    private boolean atStart = true;

    /** Bytes of the values of the record so far. */
    private int recordLength;

    private String event = "";
    private @Nullable String id;
    private @Nullable StringBuilder data;
    private @Nullable String failure;

    /** A parser that fails a record with a line, or with all lines together, longer than so many bytes. */
    EventStreamParser(int maxRecord) {
        this.maxRecord = maxRecord;
    }

    /** Why the stream failed, for the log; or {@code null} while it has not. */
    @Nullable
    String failure() {
        return failure;
    }

    /** Whether the bytes so far end in the middle of a record. */
    boolean inRecord() {
        return lineLength > 0 || hasFields();
    }

    /**
     * The next complete record.
     *
     * @param input bytes of the stream; consumed up to the end of the record, or all
     * @return the record, or {@code null} if it needs more bytes
     */
    @Nullable
    StreamRecord next(ByteBuffer input) {
        while (failure == null && input.hasRemaining()) {
            int end = lineEnd(input);
            if (end == NONE) {
                keep(input, input.limit());
                return null;
            }
            StreamRecord record = null;
            if (end == input.position() && lineLength == 0) {
                record = emptyLine();
            } else {
                completeLine(input, end);
            }
            skipLineFeed = input.get(end) == '\r';
            input.position(end + 1);
            if (skipLineFeed && input.hasRemaining() && input.get(input.position()) == '\n') {
                input.position(end + 2);
                skipLineFeed = false;
            }
            if (record != null) {
                return record;
            }
        }
        if (failure != null) {
            input.position(input.limit());
        }
        return null;
    }

    private int lineEnd(ByteBuffer input) {
        if (skipLineFeed) {
            skipLineFeed = false;
            if (input.get(input.position()) == '\n') {
                input.position(input.position() + 1);
            }
        }
        for (int i = input.position(); i < input.limit(); i++) {
            byte b = input.get(i);
            if (b == '\n' || b == '\r') {
                return i;
            }
        }
        return NONE;
    }

    /** Takes the bytes up to {@code end} to those of the unfinished line. */
    private void keep(ByteBuffer input, int end) {
        int more = end - input.position();
        if (lineLength + more > maxRecord) {
            fail("record longer than " + maxRecord + " bytes");
            return;
        }
        if (lineLength + more > line.length) {
            line = Arrays.copyOf(line, Math.min(maxRecord, Math.max(256, 2 * (lineLength + more))));
        }
        input.get(line, lineLength, more);
        lineLength += more;
    }

    private void completeLine(ByteBuffer input, int end) {
        if (lineLength == 0 && input.hasArray()) {
            field(input.array(), input.arrayOffset() + input.position(), input.arrayOffset() + end);
            return;
        }
        keep(input, end);
        int length = lineLength;
        lineLength = 0;
        field(line, 0, length);
        line = new byte[0]; // a stream that is idle keeps no buffer
    }

    private @Nullable StreamRecord emptyLine() {
        if (!hasFields()) {
            return null;
        }
        var record = new StreamRecord(event, id, data == null ? null : data.toString());
        event = "";
        id = null;
        data = null;
        recordLength = 0;
        return record;
    }

    private boolean hasFields() {
        return data != null || id != null || !event.isEmpty();
    }

    private void field(byte[] bytes, int start, int end) {
        int from = atStart ? afterByteOrderMark(bytes, start, end) : start;
        atStart = false;
        int colon = from;
        while (colon < end && bytes[colon] != ':') {
            colon++;
        }
        int valueStart = Math.min(end, colon + 1);
        if (valueStart < end && bytes[valueStart] == ' ') {
            valueStart++;
        }
        recordLength += end - valueStart;
        if (recordLength > maxRecord) {
            fail("record longer than " + maxRecord + " bytes");
            return;
        }
        int nameLength = colon - from;
        if (nameLength == 4 && matches(bytes, from, "data")) {
            appendData(value(bytes, valueStart, end));
        } else if (nameLength == 2 && matches(bytes, from, "id")) {
            var value = value(bytes, valueStart, end);
            id = value.indexOf('\0') < 0 ? value : id;
        } else if (nameLength == 5 && matches(bytes, from, "event")) {
            event = value(bytes, valueStart, end);
        } else {
            recordLength -= end - valueStart; // a comment or an unknown field is not kept
        }
    }

    private static int afterByteOrderMark(byte[] bytes, int start, int end) {
        boolean marked = end - start >= 3
                && bytes[start] == (byte) 0xEF
                && bytes[start + 1] == (byte) 0xBB
                && bytes[start + 2] == (byte) 0xBF;
        return marked ? start + 3 : start;
    }

    private static boolean matches(byte[] bytes, int start, String name) {
        for (int i = 0; i < name.length(); i++) {
            if (bytes[start + i] != name.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private String value(byte[] bytes, int start, int end) {
        var value = Texts.decode(bytes, start, end - start);
        if (value == null) {
            fail("malformed UTF-8");
            return "";
        }
        return value;
    }

    private void appendData(String value) {
        if (data == null) {
            data = new StringBuilder(value);
        } else {
            data.append('\n').append(value);
        }
    }

    private void fail(String why) {
        failure = why;
    }
}
