package io.github.postern.samples;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Finds the frames in the bytes of one direction of a connection, behind the head of the handshake. It takes whatever comes: to judge is the
 * business of the connection itself. For one thread.
 */
final class FrameTrace {
    /** How much of a payload is kept. */
    private static final int SHOWN = 64;

    private static final int LONGEST_HEADER = 14;
    private static final String END_OF_HEAD = "\r\n\r\n";

    private final Consumer<String> onHead;
    private final Consumer<Frame> onFrame;
    private final ByteArrayOutputStream head = new ByteArrayOutputStream();
    private boolean inHead = true;
    private ByteBuffer header = ByteBuffer.allocate(LONGEST_HEADER);

    /** The frame whose payload is coming; {@code null} while a header is. */
    private @Nullable Frame frame;

    private long payloadRead;

    /**
     * A trace from the first byte of a connection on.
     *
     * @param onHead is told the head of the request or response
     * @param onFrame is told each frame when its last byte has passed
     */
    FrameTrace(Consumer<String> onHead, Consumer<Frame> onFrame) {
        this.onHead = onHead;
        this.onFrame = onFrame;
    }

    /** Looks at the next bytes, cut anywhere; does not consume them. */
    void pass(ByteBuffer bytes) {
        for (int i = bytes.position(); i < bytes.limit(); i++) {
            byte next = bytes.get(i);
            if (inHead) {
                headByte(next);
            } else if (frame == null) {
                headerByte(next);
            } else {
                payloadByte(frame, next);
            }
        }
    }

    private void headByte(byte next) {
        head.write(next);
        if (next == '\n') {
            var text = head.toString(StandardCharsets.ISO_8859_1);
            if (text.endsWith(END_OF_HEAD)) {
                inHead = text.startsWith("HTTP/1.1 1") && !text.startsWith("101", 9); // an interim response
                head.reset();
                onHead.accept(text.strip());
            }
        }
    }

    private void headerByte(byte next) {
        header.put(next);
        if (header.position() >= 2 && header.position() == Frame.headerSize(header.get(1))) {
            var complete = new Frame(header.flip(), ByteBuffer.allocate(SHOWN));
            header = ByteBuffer.allocate(LONGEST_HEADER);
            payloadRead = 0;
            frame = complete;
            endIfRead(complete);
        }
    }

    private void payloadByte(Frame current, byte next) {
        if (current.start().hasRemaining()) {
            current.start().put((byte) (next ^ current.key(payloadRead)));
        }
        payloadRead++;
        endIfRead(current);
    }

    private void endIfRead(Frame current) {
        if (payloadRead == current.length()) {
            frame = null;
            current.start().flip();
            onFrame.accept(current);
        }
    }
}
