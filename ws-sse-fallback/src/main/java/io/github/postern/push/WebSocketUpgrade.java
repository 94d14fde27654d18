package io.github.postern.push;

import io.github.postern.ws.connection.Transport;
import io.github.postern.ws.core.handshake.HandshakeResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.ByteBuffer;

/** How the bytes of a connection are got from a servlet container, behind a handshake that was accepted. */
interface WebSocketUpgrade {
    /** What is done with the connection, on a thread that may block as long as it likes. */
    @FunctionalInterface
    interface Server {
        /**
         * Serves the connection and closes it.
         *
         * @param transport its bytes
         * @param leftover bytes that arrived behind the handshake
         */
        void serve(Transport transport, ByteBuffer leftover);
    }

    /**
     * Sends the answer and takes the connection over. Nothing may be done with {@code response} afterwards.
     *
     * @param answer the answer of HTTP/1.1, with status 101; over HTTP/2 what it says of the protocol is what counts
     * @param server what serves the connection once the answer has left
     * @throws UpgradeUnsupportedException if the container does not offer that; the request is still to be answered
     * @throws IOException if the client is gone
     */
    void upgrade(HttpServletRequest request, HttpServletResponse response, HandshakeResponse answer, Server server)
            throws IOException;

    /** Whether the request is an extended CONNECT that asks for a WebSocket, over HTTP/2 (RFC 8441). */
    static boolean isExtendedConnect(HttpServletRequest request) {
        return JETTY_PRESENT && JettyUpgrade.suits(request) && JettyUpgrade.isExtendedConnect(request);
    }

    /** The way that suits the container of a request. */
    static WebSocketUpgrade of(HttpServletRequest request) {
        return JETTY_PRESENT && JettyUpgrade.suits(request) ? new JettyUpgrade() : new ServletUpgrade();
    }

    /** Whether Jetty's classes can be loaded; where they cannot, no class that refers to them is touched. */
    boolean JETTY_PRESENT = isPresent("org.eclipse.jetty.ee11.servlet.ServletContextRequest");

    private static boolean isPresent(String className) {
        try {
            Class.forName(className, false, WebSocketUpgrade.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }
}
