package io.github.postern.ws.core;

import io.github.postern.ws.core.handshake.Extension;
import java.util.List;

/** What the two sides make of the extensions that the handshake agreed on (RFC 6455 §9). */
final class Extensions {
    private Extensions() {}

    /**
     * Refuses to run a connection in which the peer counts on something that is not done.
     *
     * @throws IllegalArgumentException if there is an extension among them that this package does not implement
     */
    static void requireSupported(List<Extension> extensions) {
        for (var extension : extensions) {
            throw new IllegalArgumentException("extension not supported: " + extension.name());
        }
    }
}
