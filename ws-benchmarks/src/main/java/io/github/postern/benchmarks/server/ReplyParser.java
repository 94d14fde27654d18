package io.github.postern.benchmarks.server;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Counts the messages that a server sends, and looks at no more of them than their headers and first byte. */
final class ReplyParser {
    private static final int FIN = 0x80;
    private static final int OPCODE = 0x0F;
    private static final int CLOSE = 8;
    private static final int PING = 9;
    private static final int LENGTH_16 = 126;
    private static final int LENGTH_64 = 127;

    private final long expectedLength;
    private final byte firstByte;

    private int headerBytes;
    private int headerLength;
    private int first;
    private long payloadLeft;
    private long messageLength;
    private boolean pinged;

    /** @param expectedLength of each message; negative if only their number matters */
    ReplyParser(long expectedLength, byte firstByte) {
        this.expectedLength = expectedLength;
        this.firstByte = firstByte;
    }

    /** How many messages end in these bytes, all of which are consumed. */
    int messages(ByteBuffer in) throws IOException {
        int ended = 0;
        while (in.hasRemaining()) {
            if (headerBytes < 2 || headerBytes < headerLength) {
                header(in.get() & 0xFF);
            } else {
                payload(in);
            }
            if (headerBytes >= 2 && headerBytes == headerLength && payloadLeft == 0) {
                headerBytes = 0;
                ended += endFrame();
            }
        }
        return ended;
    }

    /** Whether a Ping has come since the last call. */
    boolean takePing() {
        boolean result = pinged;
        pinged = false;
        return result;
    }

    private void header(int value) {
        switch (headerBytes++) {
            case 0 -> first = value;
            case 1 -> {
                headerLength = value == LENGTH_16 ? 4 : value == LENGTH_64 ? 10 : 2;
                payloadLeft = headerLength == 2 ? value : 0;
            }
            default -> payloadLeft = payloadLeft << 8 | value;
        }
    }

    private void payload(ByteBuffer in) throws IOException {
        int length = (int) Math.min(in.remaining(), payloadLeft);
        if ((first & OPCODE) < CLOSE) {
            if (expectedLength >= 0 && messageLength == 0 && in.get(in.position()) != firstByte) {
                throw new IOException("reply begins with " + in.get(in.position()) + " instead of " + firstByte);
            }
            messageLength += length;
        }
        in.position(in.position() + length);
        payloadLeft -= length;
    }

    private int endFrame() throws IOException {
        int opcode = first & OPCODE;
        if (opcode >= CLOSE) {
            if (opcode == CLOSE) {
                throw new IOException("the server closes the connection");
            }
            pinged |= opcode == PING;
            return 0;
        }
        if ((first & FIN) == 0) {
            return 0;
        }
        if (expectedLength >= 0 && messageLength != expectedLength) {
            throw new IOException("reply of " + messageLength + " bytes instead of " + expectedLength);
        }
        messageLength = 0;
        return 1;
    }
}
