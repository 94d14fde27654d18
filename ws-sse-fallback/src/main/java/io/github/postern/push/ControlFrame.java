package io.github.postern.push;

import io.github.postern.ws.connection.Message;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What the frames of a {@code postern.v1} WebSocket mean (PROTOCOL.md §8): text is a message as it is; the first byte of
 * a binary frame tells what it carries.
 */
sealed interface ControlFrame {
    /** The type byte of a control record. */
    byte CONTROL = 0;

    /** The type byte of a binary message. */
    byte BINARY = 1;

    /** A message of the application. */
    record Payload(Message message) implements ControlFrame {}

    /** A control record. */
    record Control(StreamRecord content) implements ControlFrame {}

    /** A sign of life. */
    record Heartbeat() implements ControlFrame {}

    /** Something that the protocol does not know. */
    record Malformed(String why) implements ControlFrame {}

    /** Reads what arrived. Consumes the type byte of a binary message, and all of a control record. */
    static ControlFrame read(Message frame) {
        return switch (frame) {
            case Message.Text text -> new Payload(text);
            case Message.Binary binary -> {
                var data = binary.data();
                if (!data.hasRemaining()) {
                    yield new Malformed("binary frame without a type byte");
                }
                byte type = data.get();
                yield switch (type) {
                    case BINARY -> new Payload(new Message.Binary(data.slice()));
                    case CONTROL -> data.hasRemaining() ? control(data) : new Heartbeat();
                    default -> new Malformed("unknown type byte: " + type);
                };
            }
        };
    }

    private static ControlFrame control(ByteBuffer data) {
        var parser = new EventStreamParser(data.remaining() + 1);
        var content = parser.next(data);
        if (content == null && parser.failure() == null) {
            content = parser.next(ByteBuffer.wrap(new byte[] {'\n', '\n'})); // its final empty line may be missing
        }
        if (content == null) {
            return new Malformed("control frame without a record");
        }
        if (data.hasRemaining()) {
            return new Malformed("control frame with more than one record");
        }
        return new Control(content);
    }

    /** The frame of a control record. */
    static ByteBuffer control(String event, @Nullable Parameters parameters) {
        var encoder = new EventStreamEncoder();
        encoder.control(event, parameters);
        return typed(CONTROL, encoder.contents());
    }

    /** The frame of a control record with a number or position. */
    static ByteBuffer control(String event, long id, @Nullable Parameters parameters) {
        var encoder = new EventStreamEncoder();
        encoder.control(event, id, parameters);
        return typed(CONTROL, encoder.contents());
    }

    /** The frame that answers a ping with its data, line for line. */
    static ByteBuffer pong(String data) {
        var record = new StringBuilder("event:pong\n");
        for (var line : data.split("\n", -1)) {
            record.append(line.startsWith(" ") ? "data: " : "data:")
                    .append(line)
                    .append('\n'); // a receiver strips one space
        }
        return typed(CONTROL, StandardCharsets.UTF_8.encode(record.append('\n').toString()));
    }

    /** The frame of a binary message, whose buffer is not consumed. */
    static ByteBuffer binary(ByteBuffer message) {
        return typed(BINARY, message.duplicate());
    }

    /** The frame that says no more than that the sender is there. */
    static ByteBuffer heartbeat() {
        return ByteBuffer.wrap(new byte[] {CONTROL});
    }

    private static ByteBuffer typed(byte type, ByteBuffer rest) {
        return ByteBuffer.allocate(1 + rest.remaining()).put(type).put(rest).flip();
    }
}
