package io.github.postern.ws.core;

import io.github.postern.ws.core.handshake.Extension;
import io.github.postern.ws.core.handshake.PerMessageDeflate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the two sides make of the extensions that the handshake agreed on (RFC 6455 §9). */
final class Extensions {
    private Extensions() {}

    /**
     * The agreement on compression; null if there is none.
     *
     * @throws IllegalArgumentException if the peer counts on something that this package does not do: another extension, or
     *     the same one twice
     */
    static @Nullable PerMessageDeflate deflate(List<Extension> extensions) {
        PerMessageDeflate agreed = null;
        for (var extension : extensions) {
            if (agreed != null || !extension.name().equals(PerMessageDeflate.NAME)) {
                throw new IllegalArgumentException("extension not supported: " + extension.name());
            }
            agreed = PerMessageDeflate.agreed(extension);
        }
        return agreed;
    }

    /** What compresses the messages of an endpoint of this role; null if nothing does. */
    static @Nullable MessageDeflater deflater(Role role, List<Extension> extensions, DeflatePool pool) {
        var agreed = deflate(extensions);
        if (agreed == null) {
            return null;
        }
        return role == Role.SERVER
                ? new MessageDeflater(pool, !agreed.serverNoContextTakeover(), agreed.serverMaxWindowBits())
                : new MessageDeflater(pool, !agreed.clientNoContextTakeover(), agreed.clientMaxWindowBits());
    }

    /** What decompresses the messages of the peer of an endpoint of this role; null if nothing does. */
    static @Nullable MessageInflater inflater(Role role, List<Extension> extensions, DeflatePool pool, Limits limits) {
        var agreed = deflate(extensions);
        if (agreed == null) {
            return null;
        }
        var forgetful = role == Role.SERVER ? agreed.clientNoContextTakeover() : agreed.serverNoContextTakeover();
        return new MessageInflater(pool, !forgetful, limits);
    }
}
