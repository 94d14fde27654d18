package io.github.postern.faults;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** What comes from one side, taken apart into heads and bodies. Only as much is read ahead as one read gives. For one thread. */
final class ByteSource {
    private static final int BUFFER = 16 * 1024;
    private static final int LONGEST_HEAD = 64 * 1024;
    private static final int LONGEST_LINE = 1024;

    /** Where bytes go. */
    @FunctionalInterface
    interface Sink {
        void write(byte[] bytes, int offset, int length) throws IOException, InterruptedException;
    }

    /** Lets go what was written so far. */
    @FunctionalInterface
    interface Flush {
        void flush() throws IOException;
    }

    private final InputStream in;
    private final Flush beforeWaiting;
    private byte[] buffer = new byte[BUFFER];
    private int position;
    private int limit;

    /** A source that flushes before it waits for bytes, so that what is passed on piece by piece leaves as one. */
    ByteSource(InputStream in, Flush beforeWaiting) {
        this.in = in;
        this.beforeWaiting = beforeWaiting;
    }

    /** Waits until there is a byte; false at the end. */
    boolean fill() throws IOException {
        return position < limit || more();
    }

    private boolean more() throws IOException {
        if (position == limit) {
            position = 0;
            limit = 0;
        } else if (limit == buffer.length) {
            buffer = Arrays.copyOf(buffer, 2 * buffer.length);
        }
        beforeWaiting.flush();
        int read = in.read(buffer, limit, buffer.length - limit);
        limit += Math.max(0, read);
        return read > 0;
    }

    /**
     * The head that comes next, with its empty line; nothing is taken, and the array is empty, if what comes next cannot be one.
     *
     * @throws EOFException if it ends inside
     */
    byte[] head() throws IOException {
        if (!fill()) {
            throw new EOFException("no head");
        }
        if (!Character.isLetter(buffer[position])) {
            return new byte[0];
        }
        for (int scanned = position; ; scanned++) {
            while (scanned == limit) {
                int done = scanned - position;
                if (!more()) {
                    throw new EOFException("in the middle of a head");
                }
                scanned = position + done;
            }
            if (buffer[scanned] == '\n' && isEndOfHead(scanned)) {
                var head = Arrays.copyOfRange(buffer, position, scanned + 1);
                position = scanned + 1;
                return head;
            }
            if (scanned - position > LONGEST_HEAD) {
                return new byte[0];
            }
        }
    }

    private boolean isEndOfHead(int lineFeed) {
        int before = lineFeed - 1;
        if (before > position && buffer[before] == '\r') {
            before--;
        }
        return before >= position && buffer[before] == '\n';
    }

    /** Passes a body on, to its end. */
    void body(Framing framing, Sink sink) throws IOException, InterruptedException {
        switch (framing) {
            case Framing.Length length -> bytes(length.bytes(), sink);
            case Framing.Chunked chunked -> chunks(sink);
            case Framing.UntilEnd untilEnd -> rest(sink);
        }
    }

    /** Passes everything on that comes, to the end. */
    void rest(Sink sink) throws IOException, InterruptedException {
        while (fill()) {
            take(limit - position, sink);
        }
    }

    private void bytes(long count, Sink sink) throws IOException, InterruptedException {
        for (long left = count; left > 0; ) {
            if (!fill()) {
                throw new EOFException("in the middle of a body");
            }
            left -= take((int) Math.min(left, limit - position), sink);
        }
    }

    private int take(int length, Sink sink) throws IOException, InterruptedException {
        int from = position;
        position += length; // first, since the sink may throw
        sink.write(buffer, from, length);
        return length;
    }

    private void chunks(Sink sink) throws IOException, InterruptedException {
        while (true) {
            var line = line(sink);
            long size = Long.parseLong(line.split("[; \t]", 2)[0], 16);
            if (size == 0) {
                break;
            }
            bytes(size, sink);
            line(sink);
        }
        while (!line(sink).isEmpty()) {
            // a trailer field
        }
    }

    private String line(Sink sink) throws IOException, InterruptedException {
        var line = new StringBuilder();
        for (char c = 0; c != '\n'; ) {
            if (line.length() > LONGEST_LINE || !fill()) {
                throw new EOFException("in the middle of a chunked body");
            }
            c = (char) buffer[position++];
            line.append(c);
        }
        var bytes = line.toString().getBytes(StandardCharsets.ISO_8859_1);
        sink.write(bytes, 0, bytes.length);
        return line.toString().strip();
    }
}
