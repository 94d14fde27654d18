package io.github.postern.ws.connection;

import java.nio.ByteBuffer;

/** A whole message as the application sends and receives it: text or binary (RFC 6455 §5.6). */
public sealed interface Message {
    /**
     * A text message.
     *
     * @param text the text, any length including none
     */
    record Text(String text) implements Message {}

    /**
     * A binary message.
     *
     * @param data the bytes from position to limit. The buffer of a received message belongs to whoever received it.
     */
    record Binary(ByteBuffer data) implements Message {}
}
