package io.github.postern.verify.conformance;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.OptionalInt;

/** A frame as it stands on the wire (§5.2): legal or not when it is to be sent, legal in its length when it was read. */
final class Frame implements Incoming {
    static final int CONTINUATION = 0;
    static final int TEXT = 1;
    static final int BINARY = 2;
    static final int CLOSE = 8;
    static final int PING = 9;
    static final int PONG = 10;

    static final int RSV1 = 4;
    static final int RSV2 = 2;
    static final int RSV3 = 1;

    private static final int LONGEST = 1 << 28;
    private static final int SHOWN = 24;

    private final boolean fin;
    private final int rsv;
    private final int opcode;
    private final byte[] payload;
    private final OptionalInt mask;

    private Frame(boolean fin, int rsv, int opcode, byte[] payload, OptionalInt mask) {
        this.fin = fin;
        this.rsv = rsv;
        this.opcode = opcode;
        this.payload = payload;
        this.mask = mask;
    }

    static Frame of(int opcode, byte[] payload) {
        return new Frame(true, 0, opcode, payload, OptionalInt.empty());
    }

    static Frame text(String text) {
        return of(TEXT, utf8(text));
    }

    static Frame text(byte[] bytes) {
        return of(TEXT, bytes);
    }

    static Frame binary(byte[] bytes) {
        return of(BINARY, bytes);
    }

    static Frame continuation(byte[] bytes) {
        return of(CONTINUATION, bytes);
    }

    static Frame continuation(String text) {
        return of(CONTINUATION, utf8(text));
    }

    static Frame ping(String text) {
        return of(PING, utf8(text));
    }

    static Frame pong(String text) {
        return of(PONG, utf8(text));
    }

    /** A Close without a status. */
    static Frame close() {
        return of(CLOSE, new byte[0]);
    }

    static Frame close(int code, String reason) {
        return close(code, utf8(reason));
    }

    static Frame close(int code, byte[] reason) {
        return of(
                CLOSE,
                ByteBuffer.allocate(2 + reason.length)
                        .putShort((short) code)
                        .put(reason)
                        .array());
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    Frame unfinished() {
        return new Frame(false, rsv, opcode, payload, mask);
    }

    Frame withRsv(int bits) {
        return new Frame(fin, bits, opcode, payload, mask);
    }

    boolean fin() {
        return fin;
    }

    int rsv() {
        return rsv;
    }

    int opcode() {
        return opcode;
    }

    byte[] payload() {
        return payload;
    }

    /** The mask it was read with. */
    OptionalInt mask() {
        return mask;
    }

    boolean isControl() {
        return opcode >= CLOSE;
    }

    /** The code of a Close, if it has one. */
    OptionalInt closeCode() {
        return payload.length < 2 ? OptionalInt.empty() : OptionalInt.of((payload[0] & 0xff) << 8 | payload[1] & 0xff);
    }

    /** The bytes with the shortest length, unmasked. */
    byte[] encode() {
        return encode(header().length(payload.length));
    }

    /** The bytes with the shortest length, masked. */
    byte[] encode(int key) {
        return encode(header().length(payload.length).mask(key));
    }

    /** The bytes behind a header of one's own, whatever that says about them. */
    byte[] encode(FrameHeader header) {
        var head = header.encode();
        var bytes = Arrays.copyOf(head, head.length + payload.length);
        for (int i = 0; i < payload.length; i++) {
            bytes[head.length + i] = (byte) (payload[i] ^ header.maskByte(i));
        }
        return bytes;
    }

    /** A header for this frame that says nothing about its length yet. */
    FrameHeader header() {
        return new FrameHeader((fin ? 0x80 : 0) | rsv << 4 | opcode);
    }

    /** Reads a frame and insists on the rules for its length. The first byte was read by the caller. */
    static Frame read(int first, Wire wire) throws IOException, Finding {
        int second = readByte(wire);
        long length = readLength(second & 0x7f, wire);
        if (length < 0 || length > LONGEST) {
            throw Finding.failed("a frame of reasonable length", "length " + Long.toUnsignedString(length));
        }
        var mask = OptionalInt.empty();
        if ((second & 0x80) != 0) {
            mask = OptionalInt.of(ByteBuffer.wrap(wire.read(4)).getInt());
        }
        var payload = wire.read((int) length);
        if (mask.isPresent()) {
            FrameHeader.mask(payload, mask.getAsInt());
        }
        return new Frame((first & 0x80) != 0, first >> 4 & 7, first & 15, payload, mask);
    }

    private static long readLength(int length, Wire wire) throws IOException, Finding {
        if (length < 126) {
            return length;
        }
        var bytes = ByteBuffer.wrap(wire.read(length == 126 ? 2 : 8));
        long extended = length == 126 ? bytes.getShort() & 0xffff : bytes.getLong();
        if (extended >= 0 && extended < (length == 126 ? 126 : 65_536)) {
            throw Finding.failed(
                    "the minimal number of bytes for the length (§5.2)", extended + " encoded with " + length);
        }
        return extended;
    }

    private static int readByte(Wire wire) throws IOException {
        int value = wire.read();
        if (value < 0) {
            throw new EOFException("the stream ends within a frame");
        }
        return value;
    }

    @Override
    public String toString() {
        var name = switch (opcode) {
            case CONTINUATION -> "continuation";
            case TEXT -> "text";
            case BINARY -> "binary";
            case CLOSE -> "Close" + (closeCode().isPresent() ? " " + closeCode().getAsInt() : "");
            case PING -> "Ping";
            case PONG -> "Pong";
            default -> "opcode " + opcode;
        };
        return name + (fin ? "" : " without FIN") + (rsv == 0 ? "" : " with RSV " + rsv) + " of " + payload.length
                + " bytes: " + show(payload);
    }

    /** The first bytes: as text if they can be read, else in hexadecimal. */
    static String show(byte[] bytes) {
        var head = Arrays.copyOf(bytes, Math.min(bytes.length, SHOWN));
        var text = new String(head, StandardCharsets.US_ASCII);
        boolean readable = text.chars().allMatch(c -> c >= ' ' && c < 127);
        return (readable ? '"' + text + '"' : Hex.of(head)) + (bytes.length > SHOWN ? "…" : "");
    }
}
