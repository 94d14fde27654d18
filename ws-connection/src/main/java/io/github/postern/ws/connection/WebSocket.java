package io.github.postern.ws.connection;

import io.github.postern.ws.core.PreparedMessage;
import io.github.postern.ws.core.handshake.Extension;
import io.github.postern.ws.core.handshake.HandshakeRequest;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** A {@link Connection} over WebSocket, with what only WebSocket has. */
public interface WebSocket extends Connection {
    /**
     * Sends a text message as {@link #send(String)} does, and decides whether it is compressed.
     *
     * @param text the text
     * @param compress whether to compress it, whatever its size; without meaning if permessage-deflate was not agreed on
     * @throws IllegalArgumentException as {@link #send(String)}
     * @throws ConnectionClosedException as {@link #send(String)}
     * @throws IOException as {@link #send(String)}
     */
    void send(String text, boolean compress) throws IOException;

    /**
     * Sends a binary message as {@link #send(ByteBuffer)} does, and decides whether it is compressed.
     *
     * @param binary the message from position to limit; consumed
     * @param compress whether to compress it, whatever its size; without meaning if permessage-deflate was not agreed on
     * @throws ConnectionClosedException as {@link #send(ByteBuffer)}
     * @throws IOException as {@link #send(ByteBuffer)}
     */
    void send(ByteBuffer binary, boolean compress) throws IOException;

    /**
     * {@inheritDoc}
     *
     * <p>Over a WebSocket messages wait up to {@link ConnectionOptions#unsentBytes} and {@link ConnectionOptions#unsentMessages}; one that is alone may be
     * longer.
     */
    @Override
    boolean trySend(PreparedMessage message, SlowConsumer policy);

    /**
     * Sends a Ping (RFC 6455 §5.5.2). The peer answers with a Pong that carries the same payload, which
     * {@link #onPong} observes. Keep-alive pings need no call: see {@link ConnectionOptions#pingInterval}.
     *
     * @param payload at most 125 bytes, from position to limit; consumed
     * @throws IllegalArgumentException if the payload is longer than 125 bytes
     * @throws ConnectionClosedException if the connection is closing or has ended
     * @throws IOException if writing fails or takes longer than the write timeout
     */
    void ping(ByteBuffer payload) throws IOException;

    /**
     * Observes the Pongs that arrive, solicited or not, but for the answers to keep-alive pings. Pongs are noticed while some thread receives, and
     * otherwise with a delay of about a second.
     *
     * @param observer called on the thread that reads, with a payload of its own; must not block. What it throws is logged, and changes nothing. Replaces an earlier observer.
     */
    void onPong(Consumer<ByteBuffer> observer);

    /** {@return the agreed subprotocol, or the empty string if none was agreed, as the browser's {@code WebSocket.protocol}} */
    String protocol();

    /** {@return the agreed extensions, in the order of the handshake (RFC 6455 §9.1)} */
    List<Extension> extensions();

    /** {@return the address of the connection as the client knows it: {@code ws} or {@code wss}, host, port, path, query} */
    URI url();

    /** {@return the opening handshake's request: path, query, headers, cookies} On a server without Sec-WebSocket-Key, which is of no use any more and would be kept for each connection. */
    HandshakeRequest request();

    /** {@return the other end of the socket, which may be a proxy; empty if the transport has no addresses} */
    Optional<SocketAddress> remoteAddress();

    /**
     * What the parameters of the server's path template matched: {@code {room=lobby}} for {@code /chat/lobby} and the
     * template {@code /chat/{room}}. Percent-encoding is decoded.
     *
     * @return by name, unmodifiable; empty on a client
     */
    Map<String, String> pathParameters();

    /** {@return what the application keeps with the connection; a server's upgrade hook may have put something there} For any thread. */
    Map<String, Object> attributes();
}
