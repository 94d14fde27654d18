package io.github.postern.ws.server;

import io.github.postern.ws.connection.Transport;
import io.github.postern.ws.core.handshake.HandshakeResponse;
import io.github.postern.ws.core.handshake.Head;
import io.github.postern.ws.core.handshake.HeadLimits;
import io.github.postern.ws.core.handshake.HttpHeadDecoder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;

/** The one request and the one response with which each connection begins. */
final class HttpExchange {
    private static final int BUFFER = 1024;

    /** How long a peer has to read a last answer before its socket is closed. */
    private static final long PARTING_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Transport transport;
    private final ByteBuffer input = ByteBuffer.allocate(BUFFER).limit(0);

    HttpExchange(Transport transport) {
        this.transport = transport;
    }

    Transport transport() {
        return transport;
    }

    /** What was read behind the request: the first frames. */
    ByteBuffer leftover() {
        return input;
    }

    /** Reads the request, for as long as somebody else allows. */
    Head read(HeadLimits limits) throws IOException {
        var decoder = HttpHeadDecoder.forRequest(limits);
        while (true) {
            int read = transport.read(input.clear(), 0);
            input.flip();
            if (read < 0) {
                throw new IOException("the peer ended the stream within its request");
            }
            var head = decoder.next(input);
            if (head != null) {
                return head;
            }
        }
    }

    void write(HandshakeResponse response) throws IOException {
        transport.write(ByteBuffer.wrap(response.encode()));
    }

    /** Answers, and lets the peer read the answer: a socket closed over unread input is reset, and the answer with it. */
    void end(HandshakeResponse response) throws IOException {
        write(response);
        transport.shutdownOutput();
        long deadline = System.nanoTime() + PARTING_NANOS;
        for (long left = PARTING_NANOS; left > 0; left = deadline - System.nanoTime()) {
            if (transport.read(input.clear(), left) <= 0) {
                return;
            }
        }
    }
}
