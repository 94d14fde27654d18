package io.github.postern.ws.client;

import io.github.postern.ws.core.handshake.HandshakeResponse;
import java.io.IOException;

/** The server answered the opening handshake, but not with a WebSocket (RFC 6455 §4.1): there is no connection. */
public final class HandshakeRejectedException extends IOException {
    private static final long serialVersionUID = 1L;

    /** Not serialized: a response is not serializable. */
    private final transient HandshakeResponse response;

    /**
     * Reports a handshake that failed.
     *
     * @param why what is wrong with the response
     * @param response the response
     */
    public HandshakeRejectedException(String why, HandshakeResponse response) {
        super(why);
        this.response = response;
    }

    /**
     * {@return what the server answered: status, header fields, and the first 64 KiB of the body, read as UTF-8 whatever it
     * says it is} Reading the body takes at most half of what is left of the connect timeout; of one that does not
     * come in time there is the part that came. There is none if the status is 101, or if a redirect was not followed
     * for the reason that the message tells.
     */
    public HandshakeResponse response() {
        return response;
    }
}
