package io.github.postern.push;

/** What the client of a session understands. */
enum SessionKind {
    /** The whole protocol: it acknowledges and resumes. */
    POSTERN,
    /** A bare event stream: it resumes from its last id and acknowledges nothing. */
    BARE_STREAM,
    /** A bare WebSocket: messages as they are. */
    BARE_WEBSOCKET
}
