package io.github.postern.push;

import io.github.postern.ws.connection.Message;
import org.jspecify.annotations.Nullable;

/** A message on its way, as the {@link ReplayLog} keeps it. */
sealed interface Outgoing permits SingleMessage, SharedMessage {
    /** What was sent. */
    Message message();

    /** Its size in UTF-8 or binary data. */
    int bytes();

    /** What it is the value of, so that a later one may take its place while it waits; {@code null} if it is none. */
    @Nullable
    Object key();
}
