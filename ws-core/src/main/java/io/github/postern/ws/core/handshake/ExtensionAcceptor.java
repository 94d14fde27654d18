package io.github.postern.ws.core.handshake;

import java.util.Optional;

/**
 * The server's side of one extension: decides on the client's offers (RFC 6455 §9.1).
 *
 * <p>It is asked for each offer in the client's order of preference until it has accepted one of that name. It is shared
 * by all handshakes and must be safe for use by several threads.
 */
@FunctionalInterface
public interface ExtensionAcceptor {
    /**
     * Decides on one offer.
     *
     * @param offer any offer of the client, also of a name that this acceptor does not know
     * @return the answer, of the same name, with the agreed parameters; empty to decline, because the name is unknown or
     *     a parameter is unknown, duplicated or has a bad value. An offer is declined, never an error.
     */
    Optional<Extension> accept(Extension offer);
}
