package io.github.postern.ws.connection;

import io.github.postern.ws.core.CloseStatus;
import java.io.IOException;
import java.io.Writer;
import java.util.Objects;

/** A text message on its way out: what {@link Connection#openText} hands to the application. */
final class OutgoingText extends Writer {
    private final WebSocketConnection connection;
    private final int fragmentSize;

    /** What was written and not sent. */
    private final StringBuilder buffer = new StringBuilder();

    private boolean begun;
    private boolean closed;

    OutgoingText(WebSocketConnection connection, int fragmentSize) {
        this.connection = connection;
        this.fragmentSize = fragmentSize;
    }

    @Override
    public void write(char[] chars, int from, int length) throws IOException {
        Objects.checkFromIndexSize(from, length, chars.length);
        requireOpen();
        int at = from;
        int left = length;
        while (left > 0) {
            int step = Math.min(left, room());
            buffer.append(chars, at, step);
            at += step;
            left -= step;
            sendIfFull();
        }
    }

    @Override
    public void write(String text, int from, int length) throws IOException {
        Objects.checkFromIndexSize(from, length, text.length());
        requireOpen();
        int at = from;
        int left = length;
        while (left > 0) {
            int step = Math.min(left, room());
            buffer.append(text, at, at + step);
            at += step;
            left -= step;
            sendIfFull();
        }
    }

    /** Ends the fragment and sends it, if there is anything in it. */
    @Override
    public void flush() throws IOException {
        requireOpen();
        if (!buffer.isEmpty()) {
            send(false);
        }
    }

    @Override
    public void close() throws IOException {
        if (!closed) {
            closed = true;
            send(true);
        }
    }

    private int room() {
        return fragmentSize - buffer.length();
    }

    private void sendIfFull() throws IOException {
        if (room() == 0) {
            send(false);
        }
    }

    private void send(boolean last) throws IOException {
        var part = buffer.toString();
        buffer.setLength(0);
        try {
            connection.sendTextPart(this, part, last);
        } catch (IllegalArgumentException e) {
            closed = true;
            if (begun) {
                connection
                        .closing()
                        .refuseFromOutside(
                                CloseStatus.INTERNAL_ERROR,
                                "a message that had begun cannot be ended: " + e.getMessage());
            }
            throw e;
        }
        begun = true;
    }

    private void requireOpen() throws IOException {
        if (closed) {
            throw new IOException("the message is closed");
        }
    }
}
