package io.github.postern.samples;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;

/**
 * A WebSocket frame as it passed (RFC 6455 §5.2), to be looked at.
 *
 * @param header its first 2 to 14 bytes: flags and opcode, length, masking key
 * @param start the first bytes of its payload, unmasked
 */
record Frame(ByteBuffer header, ByteBuffer start) {
    private static final HexFormat HEX = HexFormat.ofDelimiter(" ");

    /** Holds emoji together. */
    private static final int JOINER = 0x200D;

    /** Whether it ends its message. */
    boolean fin() {
        return (header.get(0) & 0x80) != 0;
    }

    /** Whether RSV1 is set, which says that the message is compressed (RFC 7692 §6). */
    boolean rsv1() {
        return (header.get(0) & 0x40) != 0;
    }

    int opcode() {
        return header.get(0) & 0x0F;
    }

    boolean masked() {
        return (header.get(1) & 0x80) != 0;
    }

    /** The length of the payload. */
    long length() {
        int length = header.get(1) & 0x7F;
        return switch (length) {
            case 126 -> header.getShort(2) & 0xFFFF;
            case 127 -> header.getLong(2);
            default -> length;
        };
    }

    /** How long a header is whose first two bytes are known. */
    static int headerSize(byte second) {
        int length = switch (second & 0x7F) {
            case 126 -> 2;
            case 127 -> 8;
            default -> 0;
        };
        return 2 + length + (second < 0 ? 4 : 0);
    }

    /** The byte of the masking key for this byte of the payload (§5.3). */
    byte key(long index) {
        return masked() ? header.get(header.limit() - 4 + (int) (index & 3)) : 0;
    }

    String name() {
        return switch (opcode()) {
            case 0x0 -> "CONTINUATION";
            case 0x1 -> "TEXT";
            case 0x2 -> "BINARY";
            case 0x8 -> "CLOSE";
            case 0x9 -> "PING";
            case 0xA -> "PONG";
            default -> "opcode " + opcode();
        };
    }

    /** One line: the header in hexadecimal, what it says, and the beginning of the payload. */
    @Override
    public String toString() {
        return "%s  %s%s%s%s, %,d bytes%s%s"
                .formatted(
                        hex(header),
                        name(),
                        fin() ? ", fin" : "",
                        rsv1() ? ", rsv1" : "",
                        masked() ? ", masked" : "",
                        length(),
                        length() == 0 ? "" : "  " + payload(),
                        length() > start.remaining() ? "…" : "");
    }

    /** The payload, as readable as it can be shown. */
    private String payload() {
        if (opcode() == 0x8 && start.remaining() >= 2) {
            var reason = start.slice(2, start.remaining() - 2);
            return Integer.toString(start.getShort(0) & 0xFFFF) + (reason.hasRemaining() ? " " + text(reason) : "");
        }
        return rsv1() || opcode() == 0x2 ? hex(start) : text(start);
    }

    /** In quotation marks if it is UTF-8, otherwise in hexadecimal. */
    private String text(ByteBuffer bytes) {
        try {
            // a character may be cut in two where the rest is not shown, or in the next frame: then it is not UTF-8
            var text = StandardCharsets.UTF_8.newDecoder().decode(bytes.duplicate());
            return '"' + printable(text.toString()) + '"';
        } catch (CharacterCodingException e) {
            return hex(bytes);
        }
    }

    /** Without control characters and those that turn the direction of writing, which would play with the terminal: they are shown as Java writes them. */
    static String printable(String text) {
        var result = new StringBuilder();
        text.codePoints().forEach(c -> {
            boolean invisible = Character.isISOControl(c) || Character.getType(c) == Character.FORMAT;
            if (invisible && c != JOINER) {
                result.append(String.format(Locale.ROOT, "\\u%04x", c));
            } else {
                result.appendCodePoint(c);
            }
        });
        return result.toString();
    }

    static String hex(ByteBuffer bytes) {
        var copy = new byte[bytes.remaining()];
        bytes.duplicate().get(copy);
        return HEX.formatHex(copy);
    }
}
