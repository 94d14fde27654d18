import org.jspecify.annotations.NullMarked;

/** Push sessions with one guarantee over four transports: WebSocket, Server-Sent Events, long polling and polling. */
@NullMarked
module io.github.postern.push {
    requires transitive io.github.postern.ws.connection;
    requires io.github.postern.ws.client;
    requires java.net.http;
    requires jdk.jfr;
    requires transitive jakarta.servlet;
    requires org.eclipse.jetty.server;
    requires org.eclipse.jetty.ee11.servlet;
    requires org.eclipse.jetty.http2.server;
    requires org.eclipse.jetty.alpn.server;
    requires static org.jspecify;

    exports io.github.postern.push;
}
