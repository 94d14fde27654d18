package io.github.postern.ws.core.handshake;

/** What {@link HttpHeadDecoder} made of the bytes of one head. */
public sealed interface Head {
    /**
     * A well-formed request head.
     *
     * @param request the request; its Host and path have been checked
     */
    record Request(HandshakeRequest request) implements Head {}

    /**
     * A well-formed response head.
     *
     * @param response the response, with an empty body: what follows the head has not been read
     */
    record Response(HandshakeResponse response) implements Head {}

    /**
     * Bytes that are not an acceptable head. No further byte of the connection may be interpreted.
     *
     * @param status the status that says what is wrong: 400 (syntax), 414 (start line too long), 431 (header fields too
     *     long or too many), 505 (version)
     * @param detail what is wrong, for the log; contains no text of the peer
     */
    record Malformed(int status, String detail) implements Head {
        /** {@return what a server answers before it closes the connection} */
        public HandshakeResponse response() {
            return HandshakeResponse.of(status, detail);
        }
    }
}
