import org.jspecify.annotations.NullMarked;

/** A WebSocket client: connecting over TCP or TLS, proxies, the opening handshake, reconnecting. */
@NullMarked
module io.github.postern.ws.client {
    requires transitive io.github.postern.ws.connection;
    requires static org.jspecify;

    exports io.github.postern.ws.client;
}
