import org.jspecify.annotations.NullMarked;

/** A WebSocket client: connecting over TCP or TLS, and the opening handshake. */
@NullMarked
module io.github.postern.ws.client {
    requires transitive io.github.postern.ws.connection;
    requires static transitive org.jspecify;

    exports io.github.postern.ws.client;
}
