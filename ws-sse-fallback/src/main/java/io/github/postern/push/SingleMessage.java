package io.github.postern.push;

import io.github.postern.ws.connection.Message;
import org.jspecify.annotations.Nullable;

/**
 * A message for one session.
 *
 * @param message what was sent
 * @param bytes its size in UTF-8 or binary data
 */
record SingleMessage(Message message, int bytes) implements Outgoing {
    @Override
    public @Nullable Object key() {
        return null;
    }
}
