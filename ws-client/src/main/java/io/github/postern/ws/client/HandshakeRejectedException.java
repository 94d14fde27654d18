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

    /** What the server answered: status and headers, without a body. */
    public HandshakeResponse response() {
        return response;
    }
}
