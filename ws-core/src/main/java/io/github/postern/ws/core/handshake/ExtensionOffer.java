package io.github.postern.ws.core.handshake;

import java.util.List;
import java.util.Optional;

/**
 * The client's side of one extension: what it offers, and its check of the server's answer (RFC 6455 §9.1).
 *
 * <p>It may be shared by several handshakes and must then be safe for use by several threads.
 */
public interface ExtensionOffer {
    /** {@return the elements to offer, most wanted first, at least one, all of one name which no other offer has} */
    List<Extension> alternatives();

    /**
     * Checks the answer; not called if the server declined.
     *
     * @param answer the server's only answer of that name
     * @return empty if the answer is one that the offer permits, otherwise what is wrong with it, for the log; the
     *     handshake then fails
     */
    Optional<String> objection(Extension answer);

    /**
     * {@return what holds between the two sides after an answer that was not objected to: the answer, and what the offer promised whether or
     * not the server repeats it}
     *
     * @param answer the server's only answer of that name
     */
    default Extension agreement(Extension answer) {
        return answer;
    }
}
