package io.github.postern.benchmarks.fanout;

import java.io.IOException;

/** How one client subscribes, in the bytes of its server's protocol. */
interface Subscription {
    /** Messages after which a client is given the chance to acknowledge. */
    int ACKNOWLEDGED_TOGETHER = 100;

    /** Says what has to be said, and returns when the server has taken the subscription. */
    void open(Wire wire, int port) throws IOException;

    /**
     * What the client says when it has got so many messages, or nothing.
     *
     * @param received all of them; a multiple of {@link #ACKNOWLEDGED_TOGETHER}
     */
    default byte[] acknowledgement(long received) {
        return new byte[0];
    }
}
