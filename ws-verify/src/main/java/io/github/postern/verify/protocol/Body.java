package io.github.postern.verify.protocol;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** The body of a response, without its chunks. */
final class Body extends InputStream {
    private static final long TO_THE_END = -1;

    private final Wire wire;
    private final boolean chunked;

    /** Of the chunk, or of the whole body; {@link #TO_THE_END} if the end of the connection ends it. */
    private long left;

    private boolean ended;

    /** Whether there was a chunk before. */
    private boolean inside;

    private Body(Wire wire, boolean chunked, long left) {
        this.wire = wire;
        this.chunked = chunked;
        this.left = left;
        this.ended = !chunked && left == 0;
    }

    static Body chunked(Wire wire) {
        return new Body(wire, true, 0);
    }

    static Body ofLength(Wire wire, long length) {
        return new Body(wire, false, length);
    }

    static Body toTheEnd(Wire wire) {
        return new Body(wire, false, TO_THE_END);
    }

    @Override
    public int read() throws IOException {
        if (ended || (chunked && left == 0 && !nextChunk())) {
            return -1;
        }
        int b = wire.read();
        if (left == TO_THE_END) {
            return b;
        }
        if (b < 0) {
            throw new EOFException("the connection has ended in a body");
        }
        left--;
        ended = left == 0 && !chunked;
        return b;
    }

    /** One byte at a time: nothing is in a hurry here, and no byte is waited for that is not asked for. */
    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
        int b = length == 0 ? -1 : read();
        if (b < 0) {
            return length == 0 ? 0 : -1;
        }
        bytes[from] = (byte) b;
        return 1;
    }

    /** The line end behind a chunk is read with the next one, since servers may write it only then. */
    private boolean nextChunk() throws IOException {
        if (inside) {
            var unused = wire.line();
        }
        inside = true;
        left = Long.parseLong(wire.line().split(";", 2)[0].strip(), 16);
        if (left == 0) {
            ended = true;
            for (var line = wire.line(); !line.isEmpty(); line = wire.line()) {
                // trailers say nothing here
            }
        }
        return left > 0;
    }
}
