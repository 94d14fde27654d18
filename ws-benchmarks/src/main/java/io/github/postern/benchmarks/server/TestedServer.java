package io.github.postern.benchmarks.server;

import java.net.InetAddress;

/**
 * A server to be measured, at the path {@value #PATH}. It sends each message back as it came, text as text, but for one of a single byte: this
 * has {@link News} sent to all connections, the one it came from among them.
 */
interface TestedServer {
    String PATH = "/";

    /** Beyond the largest message, also of those libraries that count the header. */
    int LARGEST_MESSAGE = 2 * 1024 * 1024;

    int BACKLOG = 4096;

    /**
     * Starts it, for as long as the process lives.
     *
     * @param deflate whether to agree on permessage-deflate, without context takeover
     * @return its port on {@link #address}
     */
    int start(boolean deflate) throws Exception;

    static InetAddress address() {
        return InetAddress.getLoopbackAddress();
    }
}
