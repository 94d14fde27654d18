package io.github.postern.ws.client;

import io.github.postern.ws.connection.SocketTransport;
import io.github.postern.ws.connection.Transport;
import java.io.IOException;
import java.net.Socket;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * How TLS is spoken with a server.
 *
 * @param context trust and keys, or null for the JDK's default ones
 * @param verifyHostName whether the certificate must be for the host of the URI
 */
record Tls(@Nullable SSLContext context, boolean verifyHostName) {
    /** TLS on a plain socket that is kept, so that closing never waits for TLS. */
    Transport over(Socket raw, Target target) throws IOException {
        var host = HostName.canonical(target.host());
        var tls = (SSLSocket) contextOrDefault().getSocketFactory().createSocket(raw, host, target.port(), false);
        var parameters = tls.getSSLParameters();
        if (verifyHostName) {
            parameters.setEndpointIdentificationAlgorithm("HTTPS"); // the JDK does not verify it unless told
        }
        if (!HostName.isAddress(host)) {
            parameters.setServerNames(
                    List.of(new SNIHostName(host))); // left to itself, the JDK omits a name without a dot
        }
        tls.setSSLParameters(parameters);
        tls.startHandshake();
        return SocketTransport.of(raw, tls);
    }

    private SSLContext contextOrDefault() throws IOException {
        try {
            return context != null ? context : SSLContext.getDefault();
        } catch (NoSuchAlgorithmException e) {
            throw new IOException("no default TLS context", e);
        }
    }
}
