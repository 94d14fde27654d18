package io.github.postern.benchmarks.server;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * TLS 1.3 by the JDK's {@link SSLSocket}, which no server here has a part in. Each connection goes by another name, since the JDK remembers sessions by name and port:
 * none is resumed, as if each client were another one, and the server keeps for each all that comes of a whole handshake.
 */
final class ClientTls implements Layer {
    private static final String PROTOCOL = "TLSv1.3";

    private final SSLSocketFactory factory;
    private int connections;

    private ClientTls(SSLSocketFactory factory) {
        this.factory = factory;
    }

    static ClientTls trusting(ServerCertificate certificate) throws IOException {
        try {
            var context = certificate.trusted();
            context.getClientSessionContext().setSessionCacheSize(1);
            return new ClientTls(context.getSocketFactory());
        } catch (GeneralSecurityException e) {
            throw new IOException("no TLS in this JDK", e);
        }
    }

    @Override
    public Socket over(Socket plain) throws IOException {
        connections++;
        var socket = (SSLSocket) factory.createSocket(plain, "connection" + connections, plain.getPort(), false);
        socket.setEnabledProtocols(new String[] {PROTOCOL});
        socket.startHandshake();
        return socket;
    }
}
