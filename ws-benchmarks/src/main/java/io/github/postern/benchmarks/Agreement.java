package io.github.postern.benchmarks;

import io.github.postern.ws.connection.SharedDeflatePool;
import io.github.postern.ws.core.DeflateOptions;
import io.github.postern.ws.core.handshake.Extension;
import java.util.List;

/** What our two sides agreed on for compression, and how ours does it: as a server's connections do. */
final class Agreement {
    private static final int LEVEL = 6;

    static final DeflateOptions OPTIONS =
            DeflateOptions.defaults().withThreshold(0).withPool(new SharedDeflatePool(LEVEL, 256));

    private Agreement() {}

    static List<Extension> extensions(boolean contextTakeover) {
        return List.of(
                contextTakeover
                        ? Extension.of("permessage-deflate")
                        : Extension.of(
                                "permessage-deflate",
                                Extension.Parameter.of("server_no_context_takeover"),
                                Extension.Parameter.of("client_no_context_takeover")));
    }
}
