package io.github.postern.benchmarks;

import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/** What RFC 7692 §7.2 asks of zlib, and no more: into an array used again and again, both ways. */
final class Deflation implements AutoCloseable {
    private static final int LEVEL = 6;
    private static final byte[] TAIL = {0, 0, (byte) 0xFF, (byte) 0xFF};

    private final Deflater deflater = new Deflater(LEVEL, true);
    private final Inflater inflater = new Inflater(true);
    private final boolean contextTakeover;
    private final byte[] output = new byte[4 * DeflatedFrames.TEXT_SIZE];

    Deflation(boolean contextTakeover) {
        this.contextTakeover = contextTakeover;
    }

    /** Where the results are. */
    byte[] output() {
        return output;
    }

    /** The length of the compressed message, without its tail. */
    int compress(byte[] message) {
        deflater.setInput(message);
        var length = deflater.deflate(output, 0, output.length, Deflater.SYNC_FLUSH) - TAIL.length;
        if (!contextTakeover) {
            deflater.reset();
        }
        return length;
    }

    /** The length of the message. */
    int decompress(byte[] input, int from, int length) {
        try {
            inflater.setInput(input, from, length);
            var size = inflater.inflate(output);
            inflater.setInput(TAIL);
            size += inflater.inflate(output, size, output.length - size);
            if (!contextTakeover) {
                inflater.reset();
            }
            return size;
        } catch (DataFormatException e) {
            throw new IllegalStateException("not compressed", e);
        }
    }

    @Override
    public void close() {
        deflater.end();
        inflater.end();
    }
}
