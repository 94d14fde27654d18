package io.github.postern.benchmarks.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.postern.benchmarks.DeflatedFrames;
import io.github.postern.benchmarks.Frames;
import io.github.postern.benchmarks.Payloads;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** The message that a client sends again and again. Nobody modifies its bytes. */
final class ClientMessage {
    private static final byte[] TAIL = {0, 0, (byte) 0xFF, (byte) 0xFF};

    private final byte[] payload;
    private final byte[] frame;
    private final boolean deflated;

    private ClientMessage(byte[] payload, byte[] frame, boolean deflated) {
        this.payload = payload;
        this.frame = frame;
        this.deflated = deflated;
    }

    static ClientMessage of(Row row) {
        return switch (row.content()) {
            case BINARY -> binary(Payloads.binary(row.size()));
            case TEXT -> text(Payloads.text(row.size(), "beyond"));
            case DEFLATED -> deflated(DeflatedFrames.texts().getFirst());
        };
    }

    /** What has the server send a message to everybody. */
    static ClientMessage publishing() {
        return binary(new byte[1]);
    }

    private static ClientMessage binary(byte[] payload) {
        return new ClientMessage(payload, Frames.masked(Frames.BINARY, payload), false);
    }

    private static ClientMessage text(byte[] payload) {
        return new ClientMessage(payload, Frames.masked(Frames.TEXT, payload), false);
    }

    private static ClientMessage deflated(String text) {
        return new ClientMessage(
                text.getBytes(UTF_8),
                DeflatedFrames.frames(List.of(text), false).getFirst(),
                true);
    }

    /** Its only frame, masked. */
    byte[] frame() {
        return frame;
    }

    /** What can be told of each reply at a glance. */
    ReplyParser replies() {
        return new ReplyParser(deflated ? -1 : payload.length, payload[0]);
    }

    /** Looks at a reply as closely as one can. */
    void check(byte[] reply, boolean compressed) throws IOException {
        if (compressed != deflated) {
            throw new IOException("reply is " + (compressed ? "" : "not ") + "compressed");
        }
        if (!Arrays.equals(payload, compressed ? inflate(reply) : reply)) {
            throw new IOException("reply of " + reply.length + " bytes is not what was sent");
        }
    }

    private static byte[] inflate(byte[] message) throws IOException {
        var inflater = new Inflater(true);
        try {
            inflater.setInput(message);
            var result = new ByteArrayOutputStream();
            var part = new byte[4096];
            for (int length = inflater.inflate(part); length > 0; length = inflater.inflate(part)) {
                result.write(part, 0, length);
            }
            inflater.setInput(TAIL);
            for (int length = inflater.inflate(part); length > 0; length = inflater.inflate(part)) {
                result.write(part, 0, length);
            }
            return result.toByteArray();
        } catch (DataFormatException e) {
            throw new IOException("reply is not compressed well", e);
        } finally {
            inflater.end();
        }
    }
}
