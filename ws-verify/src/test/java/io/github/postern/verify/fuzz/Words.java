package io.github.postern.verify.fuzz;

import io.github.postern.ws.core.CloseStatus;
import io.github.postern.ws.core.Event;
import java.nio.ByteBuffer;
import java.util.HexFormat;

/** Events in words, so that lists of them can be compared and read. */
final class Words {
    private Words() {}

    static String of(Event event) {
        return switch (event) {
            case Event.Text text -> text(text.text());
            case Event.TextPart part -> "part of " + text(part.text());
            case Event.Binary binary -> binary(binary.data());
            case Event.BinaryPart part -> "part of " + binary(part.data());
            case Event.Ping ping -> ping(ping.payload());
            case Event.Pong pong -> pong(pong.payload());
            case Event.Closed closed -> closed(closed.status());
            case Event.Failed failed -> "failed " + failed.status().code() + " " + failed.detail();
        };
    }

    static String text(String text) {
        return "text " + text;
    }

    static String binary(ByteBuffer data) {
        return "binary " + hex(data);
    }

    static String ping(ByteBuffer payload) {
        return "ping " + hex(payload);
    }

    static String pong(ByteBuffer payload) {
        return "pong " + hex(payload);
    }

    static String closed(CloseStatus status) {
        return "closed " + status.code() + " " + status.reason();
    }

    /** What is left in the buffer, which stays as it is. */
    private static String hex(ByteBuffer buffer) {
        var bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
