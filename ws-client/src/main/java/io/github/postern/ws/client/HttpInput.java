package io.github.postern.ws.client;

import io.github.postern.ws.connection.Transport;
import io.github.postern.ws.core.handshake.HandshakeResponse;
import io.github.postern.ws.core.handshake.Head;
import io.github.postern.ws.core.handshake.HeadLimits;
import io.github.postern.ws.core.handshake.HttpHeadDecoder;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** What a server or proxy answers before the connection is a WebSocket or a tunnel. For one thread. */
final class HttpInput {
    private static final int SIZE = 1024;

    private final Transport transport;
    private final String peer;
    private final ByteBuffer buffer = ByteBuffer.allocate(SIZE).limit(0);

    /** Null while the call of connect bounds the time alone. */
    private @Nullable Deadline deadline;

    /** Reads from a transport; {@code peer} is what messages call its other end. */
    HttpInput(Transport transport, String peer) {
        this.transport = transport;
        this.peer = peer;
    }

    /** Lets every read from now on fail after the deadline. */
    void bound(Deadline limit) {
        deadline = limit;
    }

    /** The head of the final response. */
    HandshakeResponse head(HeadLimits limits) throws IOException {
        var decoder = HttpHeadDecoder.forResponse(limits);
        while (true) {
            switch (decoder.next(buffer)) {
                case Head.Response response
                when response.response().isInterim() -> // 100, 103: more is to come
                    decoder = HttpHeadDecoder.forResponse(limits);
                case Head.Response response -> {
                    return response.response();
                }
                case Head.Malformed malformed ->
                    throw new IOException(peer + " does not speak HTTP: " + malformed.detail());
                case Head.Request request -> throw new AssertionError(request);
                case null -> fill();
            }
        }
    }

    /** The next byte of a body, or -1 at the end of the stream. */
    int read() throws IOException {
        if (!buffer.hasRemaining() && !tryFill()) {
            return -1;
        }
        return buffer.get() & 0xFF;
    }

    /** The bytes that came behind what was read. */
    ByteBuffer leftover() {
        return buffer;
    }

    private void fill() throws IOException {
        if (!tryFill()) {
            throw new EOFException(peer + " ended the stream within its handshake");
        }
    }

    private boolean tryFill() throws IOException {
        int read = 0;
        while (read == 0) {
            long nanos = deadline == null ? 0 : deadline.remaining();
            buffer.clear();
            try {
                read = transport.read(buffer, nanos);
            } finally {
                buffer.flip();
            }
        }
        return read > 0;
    }
}
