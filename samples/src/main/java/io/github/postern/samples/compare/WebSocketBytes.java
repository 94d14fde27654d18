package io.github.postern.samples.compare;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.github.postern.samples.compare.Tally.Purpose;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Says what the bytes of a WebSocket's frames are for, in one direction (RFC 6455 §5.2). A text is a message. The first byte of a binary message tells
 * (PROTOCOL.md §8) whether the rest is a message, or a record of the protocol, of which {@code ack} is an acknowledgement.
 */
final class WebSocketBytes {
    private static final int LONGEST_HEADER = 14;
    private static final int CONTINUATION = 0;
    private static final int TEXT = 1;
    private static final int BINARY = 2;
    private static final byte MESSAGE = 1;
    private static final byte[] ACK = "\0event:ack".getBytes(US_ASCII);

    private final Tally tally;
    private final byte[] header = new byte[LONGEST_HEADER];
    private int headerLength;
    private int opcode;
    private long payloadLength;
    private long payloadSeen;
    private final byte[] beginning = new byte[ACK.length];

    WebSocketBytes(Tally tally) {
        this.tally = tally;
    }

    /** Follows more of the frames, and consumes it. */
    void feed(ByteBuffer input) {
        while (input.hasRemaining()) {
            if (!isHeaderComplete()) {
                header[headerLength++] = input.get();
                tally.add(Purpose.FRAMING, 1);
                if (isHeaderComplete()) {
                    beginPayload();
                }
            } else {
                payload(input);
            }
        }
    }

    private boolean isHeaderComplete() {
        return headerLength >= 2 && headerLength == 2 + lengthBytes() + maskBytes();
    }

    private int lengthBytes() {
        return switch (header[1] & 0x7f) {
            case 126 -> 2;
            case 127 -> 8;
            default -> 0;
        };
    }

    private int maskBytes() {
        return header[1] < 0 ? 4 : 0; // its first bit is set
    }

    private void beginPayload() {
        payloadLength = header[1] & 0x7f;
        int extended = lengthBytes();
        if (extended > 0) {
            payloadLength = 0;
            for (int i = 0; i < extended; i++) {
                payloadLength = payloadLength << 8 | header[2 + i] & 0xff;
            }
        }
        opcode = header[0] & 0x0f;
        if (opcode == CONTINUATION) {
            opcode = TEXT; // more of a message: a record of the protocol is never so long
        }
        payloadSeen = 0;
        if (payloadLength == 0) {
            endFrame();
        }
    }

    private void payload(ByteBuffer input) {
        int step = (int) Math.min(payloadLength - payloadSeen, input.remaining());
        for (int i = 0; i < step && payloadSeen + i < beginning.length; i++) {
            beginning[(int) payloadSeen + i] = unmasked(input.get(input.position() + i), payloadSeen + i);
        }
        tally.add(opcode == TEXT ? Purpose.PAYLOAD : Purpose.FRAMING, step);
        input.position(input.position() + step);
        payloadSeen += step;
        if (payloadSeen == payloadLength) {
            endFrame();
        }
    }

    private byte unmasked(byte b, long index) {
        return maskBytes() == 0 ? b : (byte) (b ^ header[headerLength - 4 + (int) (index % 4)]);
    }

    private void endFrame() {
        if (opcode == BINARY && payloadLength > 0) {
            if (beginning[0] == MESSAGE) {
                tally.move(Purpose.FRAMING, Purpose.PAYLOAD, payloadLength - 1);
            } else if (payloadLength >= ACK.length && Arrays.equals(beginning, ACK)) {
                tally.move(Purpose.FRAMING, Purpose.ACKNOWLEDGEMENTS, headerLength + payloadLength);
            }
        }
        headerLength = 0;
    }
}
