package io.github.postern.ws.server;

import io.github.postern.ws.connection.TlsTransport;
import io.github.postern.ws.connection.Transport;
import java.io.IOException;
import java.security.Principal;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/** How a server speaks TLS. */
record Tls(SSLContext context, SSLParameters parameters) {
    /**
     * Performs the TLS handshake over a plain transport.
     *
     * @throws IOException if it fails
     */
    TlsTransport over(Transport plain) throws IOException {
        var engine = context.createSSLEngine();
        engine.setUseClientMode(false);
        engine.setSSLParameters(parameters);
        return TlsTransport.handshake(plain, engine);
    }

    /** Who the client's certificate says it is; null without one. */
    static @Nullable Principal principal(TlsTransport transport) {
        try {
            return transport.session().getPeerPrincipal();
        } catch (SSLPeerUnverifiedException e) {
            return null; // the JDK's way to say that there is none
        }
    }
}
