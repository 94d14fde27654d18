package io.github.postern.push;

import io.github.postern.ws.connection.Message;

/** What limits count of a message. */
final class MessageSize {
    private MessageSize() {}

    /** How many bytes of UTF-8 or binary data a well-formed message has. */
    static int of(Message message) {
        return switch (message) {
            case Message.Text text -> Texts.utf8Length(text.text());
            case Message.Binary binary -> binary.data().remaining();
        };
    }
}
