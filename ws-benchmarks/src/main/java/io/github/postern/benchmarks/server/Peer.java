package io.github.postern.benchmarks.server;

import java.util.Locale;

/** The servers, in the order of the tables. */
enum Peer {
    POSTERN,
    NETTY,
    VERTX,
    JETTY,
    JAVA_WEBSOCKET,
    UNDERTOW,
    HELIDON,
    TOMCAT,
    /** The floor beneath all of them. */
    BARE;

    TestedServer server() {
        return switch (this) {
            case POSTERN -> new PosternServer();
            case NETTY -> new NettyServer();
            case VERTX -> new VertxServer();
            case JETTY -> new JettyServer();
            case JAVA_WEBSOCKET -> new JavaWebSocketServer();
            case UNDERTOW -> new UndertowServer();
            case HELIDON -> new HelidonServer();
            case TOMCAT -> new TomcatServer();
            case BARE -> new BareServer();
        };
    }

    /** Whether it rejects a text that is not UTF-8, as RFC 6455 §8.1 demands. */
    boolean isValidating() {
        return this != VERTX && this != HELIDON && this != BARE;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
