package io.github.postern.ws.core.handshake;

/** How a handshake ended, on either side. */
public sealed interface HandshakeResult {
    /** {@return the response: on the server the one to send, on the client the one that was received} */
    HandshakeResponse response();

    /**
     * The connection is a WebSocket: on the server once the response is sent, on the client from now on.
     *
     * @param negotiated what was agreed on
     * @param response the response; a server may add fields of its own to it before sending
     */
    record Accepted(Negotiated negotiated, HandshakeResponse response) implements HandshakeResult {}

    /**
     * The connection is not a WebSocket, and no byte after the heads may be taken for a frame. On the server: send the
     * response, then close. On the client: close, unless the status (401, a redirect) says how to try again.
     *
     * @param response the response
     * @param why what is wrong, for the log; printable ASCII
     */
    record Rejected(HandshakeResponse response, String why) implements HandshakeResult {}
}
