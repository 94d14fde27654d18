package io.github.postern.samples.compare;

import io.github.postern.samples.compare.Tally.Purpose;
import java.nio.ByteBuffer;

/**
 * Says which bytes of a {@code text/event-stream} are payload: the values of the {@code data} lines of messages. Everything else, records of the protocol
 * included, is framing. A value in Base64 counts as the bytes that it stands for.
 */
final class EventStreamBytes {
    /** Enough of a line to know its field, and the name of an event. */
    private static final int BEGINNING = 16;

    private static final String DATA = "data:";
    private static final String EVENT = "event:";

    private final Tally tally;
    private final StringBuilder beginning = new StringBuilder();
    private long lineLength;
    private String event = "";
    private long data;
    private boolean hasData;

    EventStreamBytes(Tally tally) {
        this.tally = tally;
    }

    /** Follows more of the stream, and consumes it. */
    void feed(ByteBuffer input) {
        tally.add(Purpose.FRAMING, input.remaining());
        while (input.hasRemaining()) {
            char c = (char) (input.get() & 0xff);
            if (c == '\n') {
                endLine();
            } else if (c != '\r') {
                lineLength++;
                if (beginning.length() < BEGINNING) {
                    beginning.append(c);
                }
            }
        }
    }

    private void endLine() {
        var line = beginning.toString();
        if (lineLength == 0) {
            endRecord();
        } else if (line.startsWith(DATA)) {
            int space = line.startsWith(" ", DATA.length()) ? 1 : 0;
            data += lineLength - DATA.length() - space + (hasData ? 1 : 0); // a line break inside a message
            hasData = true;
        } else if (line.startsWith(EVENT)) {
            event = line.substring(EVENT.length()).strip();
        }
        beginning.setLength(0);
        lineLength = 0;
    }

    private void endRecord() {
        long payload = switch (event) {
            case "" -> data;
            case "text", "binary" -> data * 3 / 4;
            default -> 0; // of the protocol
        };
        tally.move(Purpose.FRAMING, Purpose.PAYLOAD, payload);
        event = "";
        data = 0;
        hasData = false;
    }
}
