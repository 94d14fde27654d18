package io.github.postern.push;

import io.github.postern.ws.connection.ReadyState;
import java.io.IOException;
import java.time.Duration;

/**
 * Is told what happens to a client's session. All calls for one session come from one virtual thread of their own, in the order in which things happened,
 * and never with a lock held: a slow listener delays later calls and nothing else. What it throws is logged. If more than 1,000 calls wait for it, further ones are
 * left out, which is logged too, but never the last, {@code CLOSED}.
 */
public interface PushClientListener {
    /**
     * The session is in another state: {@code OPEN} once it is attached for the first time, {@code CLOSING} when this side has begun to close or the server
     * stops, {@code CLOSED} when it is over, as {@link ClientPushSession#closeInfo} tells. A session that cannot be opened is told as {@code CLOSED} alone.
     *
     * @param session the session
     * @param state the state it is in now
     */
    default void onStateChange(ClientPushSession session, ReadyState state) {}

    /**
     * The session is carried by something else than before.
     *
     * @param session the session
     * @param from what carried it before
     * @param to what carries it now
     */
    default void onTransportChange(ClientPushSession session, PushTransport from, PushTransport to) {}

    /**
     * Nothing carries the session any more, which is attached again as soon as that is possible.
     *
     * @param session the session
     * @param cause why nothing carries it
     */
    default void onInterrupted(ClientPushSession session, IOException cause) {}

    /**
     * The session, which was {@linkplain #onInterrupted interrupted}, goes on where it was; nothing was lost.
     *
     * @param session the session
     * @param interruption how long nothing carried it
     */
    default void onResumed(ClientPushSession session, Duration interruption) {}
}
