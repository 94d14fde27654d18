package io.github.postern.benchmarks;

import static java.util.Objects.requireNonNull;

import io.netty.handler.codec.http.websocketx.extensions.WebSocketExtensionData;
import io.netty.handler.codec.http.websocketx.extensions.WebSocketServerExtension;
import io.netty.handler.codec.http.websocketx.extensions.compression.PerMessageDeflateServerExtensionHandshaker;
import java.util.HashMap;
import org.jspecify.annotations.Nullable;

/** What a server of Netty's negotiates. */
final class NettyDeflate {
    private static final int LEVEL = 6;
    private static final int WINDOW_BITS = 15;
    private static final int NO_LIMIT = 0;

    private NettyDeflate() {}

    static WebSocketServerExtension negotiated(boolean contextTakeover) {
        var handshaker = new PerMessageDeflateServerExtensionHandshaker(
                LEVEL, false, WINDOW_BITS, true, !contextTakeover, NO_LIMIT);
        var parameters = new HashMap<String, @Nullable String>();
        if (!contextTakeover) {
            parameters.put("server_no_context_takeover", null);
            parameters.put("client_no_context_takeover", null);
        }
        return requireNonNull(
                handshaker.handshakeExtension(new WebSocketExtensionData("permessage-deflate", parameters)));
    }
}
