package io.github.postern.ws.client;

import io.github.postern.ws.connection.SocketTransport;
import io.github.postern.ws.core.handshake.HandshakeRequest;
import io.github.postern.ws.core.handshake.HandshakeResponse;
import io.github.postern.ws.core.handshake.HeadLimits;
import io.github.postern.ws.core.handshake.Headers;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;

/** A tunnel through an HTTP proxy (RFC 9110 §9.3.6). */
final class HttpTunnel {
    private static final HeadLimits LIMITS = HeadLimits.defaults().withMaxSize(16 * 1024);

    private final ProxyServer proxy;
    private final String authority;
    private final Duration timeout;

    HttpTunnel(ProxyServer proxy, Target target, Duration timeout) {
        this.proxy = proxy;
        this.authority = target.authority();
        this.timeout = timeout;
    }

    /** Closes the first connection to the proxy and makes another. */
    @FunctionalInterface
    interface Redial {
        Socket dial() throws IOException, InterruptedException;
    }

    /**
     * Opens the tunnel. A proxy that asks for credentials gets them on a second connection, since it may close the
     * first one; it is asked no third time.
     *
     * @param first connected to the proxy
     * @return the socket at whose other end the target is: the first one, or the second
     * @throws ProxyException if the proxy refuses
     */
    Socket open(Socket first, Redial again) throws IOException, InterruptedException {
        var response = ask(first, Headers.empty());
        if (isSuccess(response)) {
            return first;
        }
        var authorization = response.status() == 407 ? authorization(response) : Optional.<String>empty();
        if (authorization.isEmpty()) {
            throw refused(response);
        }
        var second = again.dial();
        response = ask(second, Headers.of("Proxy-Authorization", authorization.get()));
        if (!isSuccess(response)) {
            throw refused(response);
        }
        return second;
    }

    private Optional<String> authorization(HandshakeResponse response) {
        var credentials = proxy.credentials();
        return credentials == null
                ? Optional.empty()
                : new ProxyAuthorization(credentials, Nonce::text)
                        .answer(response.headers().all("Proxy-Authenticate"), authority);
    }

    private HandshakeResponse ask(Socket socket, Headers authorization) throws IOException {
        var headers =
                Headers.builder().add("Host", authority).addAll(authorization).build();
        var transport = SocketTransport.of(socket);
        transport.write(ByteBuffer.wrap(new HandshakeRequest("CONNECT", authority, headers).encode()));
        var input = new HttpInput(transport, "the " + proxy);
        input.bound(Deadline.in(timeout, "no answer of the " + proxy));
        var response = input.head(LIMITS);
        if (isSuccess(response) && input.leftover().hasRemaining()) {
            throw new ProxyException("the " + proxy + " sent more than its answer before the tunnel was used", false);
        }
        socket.setSoTimeout(0);
        return response;
    }

    private static boolean isSuccess(HandshakeResponse response) {
        return response.status() >= 200 && response.status() < 300;
    }

    private ProxyException refused(HandshakeResponse response) {
        var status = response.status() + " " + response.reasonPhrase();
        return new ProxyException(
                "the " + proxy + " does not connect to " + authority + ": " + status.strip(), response);
    }
}
