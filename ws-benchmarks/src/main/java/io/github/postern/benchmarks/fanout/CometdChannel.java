package io.github.postern.benchmarks.fanout;

import org.cometd.bayeux.Promise;
import org.cometd.server.BayeuxServerImpl;
import org.cometd.server.websocket.jetty.JettyWebSocketTransport;
import org.eclipse.jetty.server.Context;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.handler.ContextHandler;
import org.eclipse.jetty.websocket.server.ServerWebSocketContainer;
import org.eclipse.jetty.websocket.server.WebSocketUpgradeHandler;

/** CometD over WebSocket in Jetty: a channel that the server publishes to. It has no Server-Sent Events. */
final class CometdChannel implements Publisher {
    static final String PATH = "/cometd";
    static final String CHANNEL = "/news";

    private final BayeuxServerImpl bayeux = new BayeuxServerImpl();

    @Override
    public int start() throws Exception {
        var server = new Server();
        var connector = Publisher.connector(server);
        var context = new ContextHandler("/");
        ServerWebSocketContainer.ensure(server, context);
        context.setHandler(WebSocketUpgradeHandler.from(server, context));
        server.setHandler(context);
        bayeux.setOption(Context.class.getName(), context.getContext());
        bayeux.setOption("ws.cometdURLMapping", PATH);
        bayeux.setOption("timeout", IDLE_MILLIS);
        bayeux.addTransport(new JettyWebSocketTransport(bayeux));
        bayeux.setAllowedTransports("websocket");
        server.start();
        bayeux.start();
        bayeux.createChannelIfAbsent(CHANNEL, channel -> channel.setPersistent(true));
        return connector.getLocalPort();
    }

    @Override
    public void publish(String news) {
        bayeux.getChannel(CHANNEL).publish(null, news, Promise.noop());
    }
}
