package io.github.postern.ws.server;

import io.github.postern.ws.connection.ConnectionHandler;
import io.github.postern.ws.connection.WebSocket;
import io.github.postern.ws.core.handshake.PerMessageDeflate;
import io.github.postern.ws.core.handshake.ServerHandshake;
import java.util.List;

/** What happens on one path. */
record Route(ConnectionHandler<? super WebSocket> handler, ServerHandshake handshake) {
    static Route of(ConnectionHandler<? super WebSocket> handler, List<String> subprotocols) {
        return new Route(handler, new ServerHandshake(subprotocols, List.of()));
    }

    /** The same, with compression for those who offer it. */
    Route compressed(PerMessageDeflate deflate) {
        return new Route(handler, handshake.withExtensions(List.of(deflate)));
    }
}
