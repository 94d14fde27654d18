package io.github.postern.ws.core;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;
import java.util.zip.Deflater;
import org.jspecify.annotations.Nullable;

/**
 * Compresses the messages of one connection (RFC 7692 §7.2.1), each in one piece or in parts. A compressor is borrowed with
 * the first part, and given back after each message unless it is to remember it.
 *
 * <p>The JDK cannot choose zlib's window. A smaller one is kept to by making zlib forget everything, with a full flush, as
 * soon as it remembers so much: then no reference reaches farther back.
 */
final class MessageDeflater {
    private static final int ZLIB_WINDOW_BITS = 15;

    /** The empty block that a flush ends with, but for its first byte: what a message leaves out. */
    private static final int TAIL_SIZE = 4;

    /** Up to this size there is room for the worst case at once, beyond it for half. */
    private static final int SMALL_MESSAGE = 8 * 1024;

    /** More than a flush needs to be done in one go, and than incompressible data grows by. */
    private static final int ROOM = 64;

    private static final byte[] NOTHING = {};

    private final DeflatePool pool;
    private final boolean contextTakeover;
    private final int windowBits;

    /** How many bytes zlib may remember. */
    private final long window;

    private @Nullable Deflater zlib;

    /** How many bytes it remembers, or has forgotten by itself. */
    private long remembered;

    private byte[] output = NOTHING;
    private int length;

    MessageDeflater(DeflatePool pool, boolean contextTakeover, int windowBits) {
        this.pool = pool;
        this.contextTakeover = contextTakeover;
        this.windowBits = windowBits;
        this.window = windowBits == ZLIB_WINDOW_BITS ? Long.MAX_VALUE : 1L << windowBits;
    }

    /** Begins a message; false if there is no compressor to be had now. */
    boolean begin() {
        if (zlib == null) {
            zlib = pool.borrowDeflater();
            remembered = 0;
        }
        return zlib != null;
    }

    /** Whether later messages refer to what is compressed now, so that it has to be sent. */
    boolean hasContextTakeover() {
        return contextTakeover;
    }

    /** The size of the window that the peer was promised. */
    int windowBits() {
        return windowBits;
    }

    /**
     * Compresses a part of the message begun, so that the peer can decompress it at once.
     *
     * @param part consumed
     * @param last whether the part ends the message
     */
    ByteBuffer deflate(ByteBuffer part, boolean last) {
        var size = part.remaining();
        output = new byte[size <= SMALL_MESSAGE ? size + ROOM : size / 2];
        length = 0;
        var end = part.limit();
        while (end - part.position() >= window - remembered) {
            part.limit(part.position() + (int) (window - remembered));
            run(part, Deflater.FULL_FLUSH);
            remembered = 0;
        }
        part.limit(end);
        remembered += part.remaining();
        run(part, Deflater.SYNC_FLUSH);
        if (last) {
            leaveOutTail();
            endMessage();
        }
        var compressed = ByteBuffer.wrap(output, 0, length);
        output = NOTHING;
        return compressed;
    }

    private void run(ByteBuffer part, int flush) {
        var deflater = Objects.requireNonNull(zlib);
        deflater.setInput(part);
        int room;
        int step;
        do {
            if (output.length - length < ROOM) {
                output = Arrays.copyOf(output, 2 * output.length);
            }
            room = output.length - length;
            step = deflater.deflate(output, length, room, flush);
            length += step;
        } while (step == room);
        deflater.setInput(NOTHING); // it must not hold on to the caller's buffer
    }

    /** §7.2.1: without the last four bytes. If zlib has nothing to flush, what they leave of an empty block is its first byte. */
    private void leaveOutTail() {
        if (length == 0) {
            output[length++] = 0;
        } else {
            length -= TAIL_SIZE;
        }
    }

    private void endMessage() {
        if (!contextTakeover) {
            release();
        }
    }

    /** Gives back the compressor, and with it all memory of earlier messages. */
    void release() {
        if (zlib != null) {
            pool.giveBack(zlib);
            zlib = null;
        }
    }
}
