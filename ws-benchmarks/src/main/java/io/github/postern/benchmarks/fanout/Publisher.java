package io.github.postern.benchmarks.fanout;

import java.net.InetAddress;

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

    static InetAddress address() {
        return InetAddress.getLoopbackAddress();
    }
}
