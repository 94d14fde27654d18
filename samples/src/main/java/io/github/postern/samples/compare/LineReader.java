package io.github.postern.samples.compare;

import java.nio.ByteBuffer;

/** Collects a line that may arrive in pieces. */
final class LineReader {
    private final StringBuilder line = new StringBuilder();

    /** Reads up to the end of the line, and tells whether that has come. */
    boolean read(ByteBuffer input) {
        while (input.hasRemaining()) {
            char c = (char) (input.get() & 0xff);
            if (c == '\n') {
                return true;
            }
            if (c != '\r') {
                line.append(c);
            }
        }
        return false;
    }

    /** The line without its end; the next one begins empty. */
    String take() {
        var text = line.toString();
        line.setLength(0);
        return text;
    }
}
