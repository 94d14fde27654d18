import org.jspecify.annotations.NullMarked;

/** A WebSocket server on virtual threads: listening, TLS, routing by path, policy, limits, graceful shutdown. */
@NullMarked
module io.github.postern.ws.server {
    requires transitive io.github.postern.ws.connection;
    requires jdk.jfr;
    requires static org.jspecify;

    exports io.github.postern.ws.server;
}
