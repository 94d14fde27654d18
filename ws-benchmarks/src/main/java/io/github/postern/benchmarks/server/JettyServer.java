package io.github.postern.benchmarks.server;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.time.Duration;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.server.ServerWebSocketContainer;
import org.eclipse.jetty.websocket.server.WebSocketUpgradeHandler;

/** Jetty with its own WebSocket API, its default threads, and listeners that ask for the next message by themselves. */
final class JettyServer implements TestedServer {
    @Override
    public int start(Setup setup) throws Exception {
        var server = new Server();
        var connector = setup.tls() ? new ServerConnector(server, tls()) : new ServerConnector(server);
        connector.setHost(TestedServer.address().getHostAddress());
        connector.setAcceptQueueSize(BACKLOG);
        server.addConnector(connector);
        server.setHandler(WebSocketUpgradeHandler.from(server, container -> {
            container.setMaxBinaryMessageSize(setup.largestMessage());
            container.setMaxTextMessageSize(setup.largestMessage());
            container.setMaxFrameSize(setup.largestMessage());
            container.setIdleTimeout(Duration.ofMinutes(10));
            container.addMapping("/*", (request, response, callback) -> new Echo(container));
        }));
        server.start();
        return connector.getLocalPort();
    }

    private static SslContextFactory.Server tls() throws IOException, GeneralSecurityException {
        var factory = new SslContextFactory.Server();
        factory.setSslContext(ServerCertificate.load().shown());
        return factory;
    }

    /** Public, because Jetty looks for its methods. */
    public static final class Echo extends Session.Listener.AbstractAutoDemanding {
        private final ServerWebSocketContainer container;

        Echo(ServerWebSocketContainer container) {
            this.container = container;
        }

        @Override
        public void onWebSocketText(String text) {
            getSession().sendText(text, Callback.NOOP);
        }

        @Override
        public void onWebSocketBinary(ByteBuffer message, Callback callback) {
            if (message.remaining() == 1) {
                callback.succeed();
                for (var receiver : container.getOpenSessions()) {
                    receiver.sendBinary(ByteBuffer.wrap(News.bytes()), Callback.NOOP);
                }
            } else {
                getSession().sendBinary(message, callback);
            }
        }
    }
}
