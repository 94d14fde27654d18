package io.github.postern.benchmarks.server;

import java.util.Locale;
import java.util.function.Supplier;

/** The servers, in the order of the tables. */
enum Peer {
    POSTERN(PosternServer::new, true),
    NETTY(NettyServer::new, true),
    VERTX(VertxServer::new, false),
    JETTY(JettyServer::new, true),
    JAVA_WEBSOCKET(JavaWebSocketServer::new, true),
    UNDERTOW(UndertowServer::new, true),
    HELIDON(HelidonServer::new, false),
    TOMCAT(TomcatServer::new, true);

    private final Supplier<TestedServer> server;
    private final boolean validating;

    Peer(Supplier<TestedServer> server, boolean validating) {
        this.server = server;
        this.validating = validating;
    }

    TestedServer server() {
        return server.get();
    }

    /** Whether it rejects a text that is not UTF-8, as RFC 6455 §8.1 demands. */
    boolean isValidating() {
        return validating;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
