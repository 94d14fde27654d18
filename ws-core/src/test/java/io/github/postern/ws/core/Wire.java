package io.github.postern.ws.core;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;

/** Frames as bytes and as hex, made without the code under test, which takes the slow and obvious way here. */
final class Wire {
    /** The key of the examples in RFC 6455 §5.7. */
    static final int KEY = 0x37fa213d;

    private static final HexFormat HEX = HexFormat.of();

    private Wire() {}

    static byte[] bytes(String hex) {
        return HEX.parseHex(hex.replace(" ", ""));
    }

    static byte[] utf8(String text) {
        return text.getBytes(UTF_8);
    }

    static String hex(byte[] bytes) {
        return HEX.formatHex(bytes);
    }

    /** What is left in {@code buffer}, which stays as it is. */
    static String hex(ByteBuffer buffer) {
        var bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return hex(bytes);
    }

    /** Bytes that differ from their neighbours: 0 to 250, over and over. */
    static byte[] pattern(int size) {
        var bytes = new byte[size];
        for (var i = 0; i < size; i++) {
            bytes[i] = (byte) (i % 251);
        }
        return bytes;
    }

    static byte[] concat(List<byte[]> parts) {
        var all = new ByteArrayOutputStream();
        parts.forEach(all::writeBytes);
        return all.toByteArray();
    }

    /** An unmasked frame with the shortest form of the length. */
    static byte[] frame(int first, byte[] payload) {
        var frame = ByteBuffer.allocate(10 + payload.length).put((byte) first);
        if (payload.length < 126) {
            frame.put((byte) payload.length);
        } else if (payload.length < 65536) {
            frame.put((byte) 126).putShort((short) payload.length);
        } else {
            frame.put((byte) 127).putLong(payload.length);
        }
        frame.put(payload).flip();
        var bytes = new byte[frame.remaining()];
        frame.get(bytes);
        return bytes;
    }

    /** An unmasked frame as a client would send it; one that is incomplete may lack all but its first two bytes. */
    static byte[] masked(byte[] frame, int key) {
        if (frame.length < 2) {
            return frame;
        }
        var length = frame[1] & 0x7F;
        var headerSize = Math.min(frame.length, length < 126 ? 2 : length == 126 ? 4 : 10);
        var masked =
                ByteBuffer.allocate(frame.length + 4).put(frame, 0, headerSize).putInt(key);
        for (var i = 0; i < frame.length - headerSize; i++) {
            masked.put((byte) (frame[headerSize + i] ^ key >>> 8 * (3 - i % 4)));
        }
        return masked.put(1, (byte) (0x80 | frame[1])).array();
    }

    /** What an event says, in words. */
    static String words(Event event) {
        return switch (event) {
            case Event.Text text -> "text " + text.text();
            case Event.Binary binary -> "binary " + hex(binary.data());
            case Event.TextPart part -> "text part " + part.text() + (part.last() ? " (last)" : "");
            case Event.BinaryPart part -> "binary part " + hex(part.data()) + (part.last() ? " (last)" : "");
            case Event.Ping ping -> "ping " + hex(ping.payload());
            case Event.Pong pong -> "pong " + hex(pong.payload());
            case Event.Closed closed ->
                "closed " + closed.status().code() + " " + closed.status().reason();
            case Event.Failed failed -> "failed " + failed.status().code() + " " + failed.detail();
        };
    }
}
