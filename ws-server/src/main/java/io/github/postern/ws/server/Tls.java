package io.github.postern.ws.server;

import java.io.IOException;
import java.net.Socket;
import java.security.Principal;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** How a server speaks TLS. */
record Tls(SSLContext context, SSLParameters parameters) {
    /**
     * Performs the TLS handshake over an accepted socket. Closing the result does not close that socket, nor the other way round.
     *
     * @throws IOException if the handshake fails
     */
    SSLSocket handshake(Socket socket) throws IOException {
        var tls = (SSLSocket) context.getSocketFactory().createSocket(socket, null, false);
        tls.setUseClientMode(false);
        tls.setSSLParameters(parameters);
        tls.startHandshake();
        return tls;
    }

    /** Who the client's certificate says it is; null without one. */
    static @Nullable Principal principal(SSLSocket socket) {
        try {
            return socket.getSession().getPeerPrincipal();
        } catch (SSLPeerUnverifiedException e) {
            return null; // the JDK's way to say that there is none
        }
    }
}
