package io.github.postern.ws.client;

import io.github.postern.ws.core.handshake.HandshakeResponse;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A proxy was reached, and did not open the way to the server. The message tells why. A proxy that cannot be reached
 * is a {@link java.net.ConnectException} or {@link java.net.UnknownHostException} instead.
 */
public final class ProxyException extends IOException {
    private static final long serialVersionUID = 1L;

    /** Not serialized: a response is not serializable. */
    private final transient @Nullable HandshakeResponse response;

    /** Whether the proxy wants other credentials. */
    private final boolean credentialsRefused;

    ProxyException(String why, HandshakeResponse response) {
        super(why);
        this.response = response;
        this.credentialsRefused = response.status() == 407;
    }

    ProxyException(String why, boolean credentialsRefused) {
        super(why);
        this.response = null;
        this.credentialsRefused = credentialsRefused;
    }

    /** {@return what an HTTP proxy answered to CONNECT, without a body; empty for SOCKS, and for a proxy that sent more than its answer} */
    public Optional<HandshakeResponse> response() {
        return Optional.ofNullable(response);
    }

    /** {@return whether the proxy wants other credentials than it got, or wants some and got none} */
    public boolean credentialsRefused() {
        return credentialsRefused;
    }
}
