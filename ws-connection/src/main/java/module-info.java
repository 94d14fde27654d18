import org.jspecify.annotations.NullMarked;

/** The one blocking WebSocket connection that server and client share, and the port through which bytes reach it. */
@NullMarked
module io.github.postern.ws.connection {
    requires transitive io.github.postern.ws.core;
    requires jdk.jfr;
    requires static org.jspecify;

    exports io.github.postern.ws.connection;
    exports io.github.postern.ws.connection.testkit;
}
