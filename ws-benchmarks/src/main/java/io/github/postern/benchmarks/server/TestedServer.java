package io.github.postern.benchmarks.server;

import java.net.InetAddress;

/**
 * A server to be measured, at the path {@value #PATH}. It sends each message back as it came, text as text, but for one of a single byte: this
 * has {@link News} sent to all connections, the one it came from among them.
 */
interface TestedServer {
    String PATH = "/";

    int BACKLOG = 4096;

    /**
     * Starts it, for as long as the process lives.
     *
     * @return its port on {@link #address}
     */
    int start(Setup setup) throws Exception;

    static InetAddress address() {
        return InetAddress.getLoopbackAddress();
    }
}
