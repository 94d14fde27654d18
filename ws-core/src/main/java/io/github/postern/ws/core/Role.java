package io.github.postern.ws.core;

/**
 * Which end of the connection this endpoint is. In framing the two differ by the mask alone (RFC 6455 §5.1): a client masks every
 * frame it sends, a server masks none, and either fails the connection when the other does not keep to that.
 */
public enum Role {
    /** This endpoint opened the connection: it masks what it sends and accepts only unmasked frames. */
    CLIENT,

    /** This endpoint accepted the connection: it sends unmasked and accepts only masked frames. */
    SERVER
}
