package io.github.postern.verify.conformance;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.zip.Deflater;

/** Compresses the messages of one direction (RFC 7692 §7.2.1). */
final class Compressor {
    private static final int TAIL = 4;

    private final Deflater deflater;
    private final boolean keepsContext;

    /**
     * A compressor. The JDK's has a window of 32 KiB and no other: where less is agreed it does not refer back at all.
     *
     * @param windowBits the agreed size of the window
     * @param keepsContext whether messages may refer to those before
     */
    Compressor(int windowBits, boolean keepsContext) {
        int level = windowBits == 15 ? Deflater.BEST_COMPRESSION : Deflater.NO_COMPRESSION;
        this.deflater = new Deflater(level, true);
        this.keepsContext = keepsContext;
    }

    /** The payload of a compressed message, without its tail. */
    byte[] compress(byte[] message) {
        if (message.length == 0) {
            return new byte[1]; // §7.2.3.6
        }
        deflater.setInput(message);
        var output = new ByteArrayOutputStream();
        var buffer = new byte[8192];
        int length;
        do {
            length = deflater.deflate(buffer, 0, buffer.length, Deflater.SYNC_FLUSH);
            output.write(buffer, 0, length);
        } while (length == buffer.length);
        if (!keepsContext) {
            deflater.reset();
        }
        return Arrays.copyOf(output.toByteArray(), output.size() - TAIL);
    }
}
