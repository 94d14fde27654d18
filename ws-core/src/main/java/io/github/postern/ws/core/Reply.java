package io.github.postern.ws.core;

import java.nio.ByteBuffer;

/**
 * A control frame that RFC 6455 obliges this endpoint to send because of what it received; for {@link Outbound#reply}.
 */
public sealed interface Reply {
    /**
     * The answer to a Ping (§5.5.2, §5.5.3). Of several Pings that were not answered yet only the newest needs it, and
     * none after a Close frame was sent.
     *
     * @param payload what the Ping carried, at most 125 bytes. In the reply of an event it is valid only until the next
     *     call of {@link Inbound#next} or {@link Inbound#nextPart}.
     */
    record Pong(ByteBuffer payload) implements Reply {}

    /**
     * The answer to a Close frame, or the end after a failure (§5.5.1, §7.1.7). To be sent unless a Close frame was
     * sent before.
     *
     * @param status what to send; {@link CloseStatus#NO_STATUS} for an empty frame
     */
    record Close(CloseStatus status) implements Reply {}
}
