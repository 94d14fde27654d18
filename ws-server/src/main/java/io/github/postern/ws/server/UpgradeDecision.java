package io.github.postern.ws.server;

import io.github.postern.ws.core.handshake.HandshakeResponse;
import io.github.postern.ws.core.handshake.Headers;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What an {@link UpgradePolicy} says about a handshake. Immutable. */
public sealed interface UpgradeDecision {
    /**
     * To open the WebSocket, as it would be without a policy; to be refined.
     *
     * @return the decision
     */
    static Accept accept() {
        return Accept.PLAIN;
    }

    /**
     * To refuse with a status and a plain text.
     *
     * @param status 300 to 599
     * @param text the body; may be empty
     * @return the decision
     * @throws IllegalArgumentException if the status is not between 300 and 599, or has no body (304) though the text is not empty
     */
    static Reject reject(int status, String text) {
        return new Reject(
                text.isEmpty()
                        ? HandshakeResponse.of(status, Headers.empty(), "")
                        : HandshakeResponse.of(status, text));
    }

    /**
     * To refuse with any response.
     *
     * @param response what is answered
     * @return the decision
     * @throws IllegalArgumentException if its status is not between 300 and 599
     */
    static Reject reject(HandshakeResponse response) {
        return new Reject(response);
    }

    /**
     * To open the WebSocket.
     *
     * @param subprotocol the one to agree on; empty for none; absent for the path's own choice
     * @param extensions whether extensions, which is to say compression, may be agreed on
     * @param headers more fields for the response
     * @param attributes what {@link io.github.postern.ws.connection.WebSocket#attributes} holds at first
     */
    record Accept(Optional<String> subprotocol, boolean extensions, Headers headers, Map<String, Object> attributes)
            implements UpgradeDecision {
        private static final Accept PLAIN = new Accept(Optional.empty(), true, Headers.empty(), Map.of());

        /** What the handshake itself says, or HTTP about the message: a policy that wrote it could break the handshake. */
        private static final Set<String> RESERVED =
                Set.of("upgrade", "connection", "content-length", "transfer-encoding", "trailer");

        /**
         * Checks the headers and copies the attributes.
         *
         * @throws IllegalArgumentException if a header is the handshake's own: {@code Upgrade}, {@code Connection}, {@code Content-Length},
         *     {@code Transfer-Encoding}, {@code Trailer}, or one that begins with {@code Sec-WebSocket-}
         */
        public Accept {
            headers.forEach((name, value) -> {
                var lower = name.toLowerCase(Locale.ROOT);
                if (RESERVED.contains(lower) || lower.startsWith("sec-websocket-")) {
                    throw new IllegalArgumentException("header belongs to the handshake: " + name);
                }
            });
            attributes = Map.copyOf(attributes);
        }

        /**
         * {@return this with a subprotocol, whether the path names it or not} It has to be one that the client offered (RFC 6455 §4.2.2), or the empty string
         * to agree on none; any other is a fault of the policy and answered 500.
         *
         * @param subprotocol one that the client offered, or the empty string
         */
        public Accept withSubprotocol(String subprotocol) {
            return new Accept(Optional.of(subprotocol), extensions, headers, attributes);
        }

        /** {@return this without extensions: messages of this connection are not compressed} */
        public Accept withoutExtensions() {
            return new Accept(subprotocol, false, headers, attributes);
        }

        /**
         * {@return this with one more field in the response, for instance {@code Set-Cookie}}
         *
         * @param name the name of the field, a token
         * @param value its value
         * @throws IllegalArgumentException if the name is not a token or belongs to the handshake, or the value contains a control character or one above
         *     U+00FF
         */
        public Accept withHeader(String name, String value) {
            return new Accept(subprotocol, extensions, headers.with(name, value), attributes);
        }

        /**
         * {@return this with something for the handler in {@link io.github.postern.ws.connection.WebSocket#attributes}}
         *
         * @param name the name in the attributes
         * @param value what is kept there
         */
        public Accept withAttribute(String name, Object value) {
            var more = new HashMap<>(attributes);
            more.put(name, value);
            return new Accept(subprotocol, extensions, headers, more);
        }
    }

    /**
     * To answer with a response and close the connection.
     *
     * @param response the response, with status 300 to 599
     */
    record Reject(HandshakeResponse response) implements UpgradeDecision {
        /**
         * Checks the status.
         *
         * @throws IllegalArgumentException if it is not between 300 and 599
         */
        public Reject {
            if (response.status() < 300 || response.status() > 599) {
                throw new IllegalArgumentException("status outside 300 to 599: " + response.status());
            }
        }

        /**
         * {@return this with one more header field, for instance {@code WWW-Authenticate}}
         *
         * @param name the name of the field, a token
         * @param value its value
         * @throws IllegalArgumentException if the name is not a token, or the value contains a control character or one above U+00FF
         */
        public Reject withHeader(String name, String value) {
            return new Reject(response.withHeader(name, value));
        }
    }
}
