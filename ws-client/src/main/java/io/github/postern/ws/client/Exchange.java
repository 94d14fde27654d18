package io.github.postern.ws.client;

import io.github.postern.ws.connection.Handshake;
import io.github.postern.ws.connection.SocketTransport;
import io.github.postern.ws.connection.Transport;
import io.github.postern.ws.connection.WebSocket;
import io.github.postern.ws.connection.WebSocketConnection;
import io.github.postern.ws.core.Role;
import io.github.postern.ws.core.handshake.ClientHandshake;
import io.github.postern.ws.core.handshake.HandshakeResponse;
import io.github.postern.ws.core.handshake.HandshakeResult;
import io.github.postern.ws.core.handshake.HeadLimits;
import io.github.postern.ws.core.handshake.Headers;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import javax.net.ssl.SSLException;

/** One opening handshake with one server (RFC 6455 §4.1): TLS, request, response. For one thread. */
final class Exchange {
    private final Settings settings;
    private final Target target;
    private final Socket raw;
    private final Transport transport;
    private final HttpInput input;
    private final ClientHandshake handshake;

    /** Speaks TLS on the socket if the target is {@code wss}. */
    Exchange(Settings settings, Target target, Headers headers, Socket raw) throws IOException {
        this.settings = settings;
        this.target = target;
        this.raw = raw;
        var plain = SocketTransport.of(raw);
        this.transport =
                settings.transport().apply(target.secure() ? settings.tls().over(plain, target) : plain);
        this.input = new HttpInput(transport, "the server");
        this.handshake = new ClientHandshake(
                target.hostField(),
                target.resource(),
                Nonce.bytes(),
                settings.subprotocols(),
                settings.extensions(),
                headers);
    }

    /** Finds now what would be wrong with every handshake. */
    static void check(Settings settings) {
        var unused = new ClientHandshake(
                "localhost", "/", Nonce.bytes(), settings.subprotocols(), settings.extensions(), settings.headers());
    }

    Socket socket() {
        return raw;
    }

    /** Sends the request and judges the response. */
    HandshakeResult run() throws IOException {
        var request = ByteBuffer.wrap(handshake.request().encode());
        try {
            transport.write(request);
        } catch (IOException e) {
            return handshake.check(answerToNothing(e));
        }
        return handshake.check(input.head(HeadLimits.defaults()));
    }

    /**
     * A server may refuse before it reads, by a response or by an alert of TLS (RFC 8446 §4.4.2.4), which says more
     * than that writing failed.
     */
    private HandshakeResponse answerToNothing(IOException writing) throws IOException {
        try {
            return input.head(HeadLimits.defaults());
        } catch (IOException reading) {
            var clearest = reading instanceof SSLException ? reading : writing;
            clearest.addSuppressed(clearest == reading ? writing : reading);
            throw clearest;
        }
    }

    /** The connection behind a response that was accepted; frames that came with it are not lost. */
    WebSocket open(HandshakeResult.Accepted accepted) {
        return WebSocketConnection.open(
                transport,
                Role.CLIENT,
                settings.options(),
                Handshake.of(target.uri(), handshake.request(), accepted.negotiated()),
                input.leftover());
    }

    /** The refusal with its body, as far as that comes in time. */
    HandshakeRejectedException refusal(HandshakeResult.Rejected rejected, Duration time) {
        input.bound(Deadline.in(time, "no end of the refusal's body"));
        var head = rejected.response();
        var body = ResponseBody.read(input, head);
        return new HandshakeRejectedException(
                rejected.why(), HandshakeResponse.of(head.status(), head.headers(), body));
    }
}
