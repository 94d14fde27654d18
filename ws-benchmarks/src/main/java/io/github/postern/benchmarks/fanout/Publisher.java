package io.github.postern.benchmarks.fanout;

import java.net.InetAddress;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** A server that publishes texts to whoever has subscribed. */
interface Publisher {
    int BACKLOG = 4096;

    /** No subscriber is to be closed for being idle while a benchmark runs. */
    long IDLE_MILLIS = 600_000;

    /**
     * Starts it, for as long as the process lives.
     *
     * @return its port on {@link #address}
     */
    int start() throws Exception;

    /** Sends a text to all subscribers, whatever carries it to them. */
    void publish(String news) throws Exception;

    /** The way in to a Jetty, the same for all that run on one. */
    static ServerConnector connector(Server server) {
        var connector = new ServerConnector(server);
        connector.setHost(address().getHostAddress());
        connector.setAcceptQueueSize(BACKLOG);
        connector.setIdleTimeout(IDLE_MILLIS);
        server.addConnector(connector);
        return connector;
    }

    static InetAddress address() {
        return InetAddress.getLoopbackAddress();
    }
}
