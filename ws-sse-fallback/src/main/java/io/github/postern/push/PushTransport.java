package io.github.postern.push;

import org.jspecify.annotations.Nullable;

/** What carries a session at the moment (PROTOCOL.md §6, §8). */
public enum PushTransport {
    /** One WebSocket for both directions. */
    WEBSOCKET("websocket"),

    /** Server-Sent Events: one response that does not end; messages to the server are POSTed. */
    SSE("sse"),

    /** Responses that end after the first batch of messages; messages to the server are POSTed. */
    LONG_POLLING("long-polling"),

    /** Responses that end at once; messages to the server are POSTed. */
    POLLING("polling");

    private final String token;

    PushTransport(String token) {
        this.token = token;
    }

    /** The name on the wire. */
    String token() {
        return token;
    }

    /** Whether an attachment is a series of requests. */
    boolean isSeries() {
        return this == LONG_POLLING || this == POLLING;
    }

    /** The HTTP transport of that name, or {@code null} if there is none. */
    static @Nullable PushTransport ofHttp(String token) {
        for (var transport : values()) {
            if (transport != WEBSOCKET && transport.token.equals(token)) {
                return transport;
            }
        }
        return null;
    }
}
