package io.github.postern.ws.server;

import io.github.postern.ws.connection.ConnectionHandler;
import io.github.postern.ws.connection.WebSocket;
import io.github.postern.ws.core.handshake.ExtensionAcceptor;
import io.github.postern.ws.core.handshake.PerMessageDeflate;
import io.github.postern.ws.core.handshake.ServerHandshake;
import java.util.List;

/**
 * What happens on the paths of one template.
 *
 * @param handshake what is agreed on there if nobody decides otherwise
 * @param extensions those that it may agree on
 */
record Route(
        PathTemplate template,
        ConnectionHandler<? super WebSocket> handler,
        ServerHandshake handshake,
        List<ExtensionAcceptor> extensions) {
    static Route of(PathTemplate template, ConnectionHandler<? super WebSocket> handler, List<String> subprotocols) {
        return new Route(template, handler, new ServerHandshake(subprotocols, List.of()), List.of());
    }

    /** The same, with compression for those who offer it. */
    Route compressed(PerMessageDeflate deflate) {
        List<ExtensionAcceptor> acceptors = List.of(deflate);
        return new Route(template, handler, handshake.withExtensions(acceptors), acceptors);
    }
}
