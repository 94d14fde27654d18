package io.github.postern.ws.client;

import io.github.postern.ws.connection.TlsTransport;
import io.github.postern.ws.connection.Transport;
import java.io.IOException;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * How TLS is spoken with a server.
 *
 * @param context trust and keys, or null for the JDK's default ones
 * @param verifyHostName whether the certificate must be for the host of the URI
 */
record Tls(@Nullable SSLContext context, boolean verifyHostName) {
    /**
     * Performs the TLS handshake over a plain transport.
     *
     * @throws IOException if it fails
     */
    Transport over(Transport plain, Target target) throws IOException {
        var host = HostName.canonical(target.host());
        var engine = contextOrDefault().createSSLEngine(host, target.port());
        engine.setUseClientMode(true);
        var parameters = engine.getSSLParameters();
        if (verifyHostName) {
            parameters.setEndpointIdentificationAlgorithm("HTTPS"); // the JDK does not verify it unless told
        }
        if (!HostName.isAddress(host)) {
            parameters.setServerNames(
                    List.of(new SNIHostName(host))); // left to itself, the JDK omits a name without a dot
        }
        engine.setSSLParameters(parameters);
        return TlsTransport.handshake(plain, engine);
    }

    private SSLContext contextOrDefault() throws IOException {
        try {
            return context != null ? context : SSLContext.getDefault();
        } catch (NoSuchAlgorithmException e) {
            throw new IOException("no default TLS context", e);
        }
    }
}
