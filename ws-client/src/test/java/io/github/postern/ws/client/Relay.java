package io.github.postern.ws.client;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;

/** What a proxy does once the tunnel is open. */
final class Relay {
    private Relay() {}

    /** Carries bytes both ways between the visitor and another server, until one of them ends. */
    static void run(Peer.Visit visit, Peer origin) throws IOException {
        try (var there = new Socket(InetAddress.getLoopbackAddress(), origin.port())) {
            Thread.ofVirtual().start(() -> copy(there, visit.socket));
            copy(visit.socket, there);
        }
    }

    private static void copy(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
            to.shutdownOutput();
        } catch (IOException e) {
            // one of them has gone
        }
    }
}
