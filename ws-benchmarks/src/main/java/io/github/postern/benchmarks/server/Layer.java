package io.github.postern.benchmarks.server;

import java.io.IOException;
import java.net.Socket;

/** What a client speaks over its socket. */
@FunctionalInterface
interface Layer {
    Layer NONE = plain -> plain;

    static Layer of(Row row) throws IOException {
        return row.isTls() ? ClientTls.trusting(ServerCertificate.load()) : NONE;
    }

    /**
     * The socket to read from and write to.
     *
     * @param plain connected; closing it is left to the caller
     */
    Socket over(Socket plain) throws IOException;
}
