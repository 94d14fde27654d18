package io.github.postern.push;

import io.github.postern.ws.connection.CloseInfo;

/**
 * Hears what becomes of the sessions of an endpoint. Calls come one at a time, in the order of what happened, on a virtual thread of the endpoint; they hold
 * up nobody but later calls. While as many calls as {@link PushLimits#waitingListenerCalls} wait for listeners that do not keep up, further ones are left out, and the log says so. What a listener throws is
 * logged. Of polls it hears the first of each series, not every one.
 */
public interface PushListener {
    /**
     * A session has been opened.
     *
     * @param session the session
     */
    default void opened(PushSession session) {}

    /**
     * A transport carries the session from now on.
     *
     * @param session the session
     * @param transport what carries it now
     */
    default void attached(PushSession session, PushTransport transport) {}

    /**
     * The client of the session has come back, or moved; called after {@link #attached}.
     *
     * @param session the session
     * @param transport what carries it now
     * @param replayed how many messages are written to it again
     */
    default void resumed(PushSession session, PushTransport transport, int replayed) {}

    /**
     * The session has moved to another transport; called after {@link #resumed}.
     *
     * @param session the session
     * @param from what carried it before
     * @param to what carries it now
     */
    default void transportChanged(PushSession session, PushTransport from, PushTransport to) {}

    /**
     * What carried the session does so no more: it was superseded, has broken or was closed.
     *
     * @param session the session
     * @param transport what carried it
     */
    default void detached(PushSession session, PushTransport transport) {}

    /**
     * The session is over for both sides.
     *
     * @param session the session
     * @param info how it ended
     */
    default void ended(PushSession session, CloseInfo info) {}
}
