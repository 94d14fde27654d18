package io.github.postern.ws.connection;

/** How far a connection is in its life, with the names of the browser's {@code WebSocket.readyState}. */
public enum ReadyState {
    /** The opening handshake, or a session's first attachment, is under way. */
    CONNECTING,

    /** Messages can be sent and received. */
    OPEN,

    /** A closing handshake is under way: nothing more can be sent, messages may still arrive. */
    CLOSING,

    /** The connection has ended. */
    CLOSED
}
