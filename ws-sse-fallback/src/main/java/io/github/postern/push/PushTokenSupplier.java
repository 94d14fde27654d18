package io.github.postern.push;

import java.io.IOException;

/** Gets the tokens with which a client proves who it is, for instance from an authorization server. */
@FunctionalInterface
public interface PushTokenSupplier {
    /**
     * Gets a new token. Called by threads of the client, never by two at once for one session, and may block.
     *
     * @return the token
     * @throws IOException if there is none for now: the client tries again later, as after an error of the network
     * @throws InterruptedException if the thread is interrupted, because the token is no longer needed
     */
    PushToken get() throws IOException, InterruptedException;
}
