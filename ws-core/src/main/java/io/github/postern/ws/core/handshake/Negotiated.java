package io.github.postern.ws.core.handshake;

import java.util.List;

/**
 * What both sides agreed on in the handshake.
 *
 * @param subprotocol the subprotocol; empty if none, as in the browser's {@code protocol}
 * @param extensions what holds of each extension, in the order of the server's answers; unmodifiable
 */
public record Negotiated(String subprotocol, List<Extension> extensions) {
    private static final Negotiated NOTHING = new Negotiated("", List.of());

    /**
     * Checks the subprotocol and copies the list.
     *
     * @throws IllegalArgumentException if a subprotocol that is not empty is not a token
     */
    public Negotiated {
        if (!subprotocol.isEmpty()) {
            Tokens.requireToken("subprotocol", subprotocol);
        }
        extensions = List.copyOf(extensions);
    }

    /** {@return no subprotocol and no extensions} */
    public static Negotiated nothing() {
        return NOTHING;
    }
}
