package io.github.postern.push;

import io.github.postern.ws.connection.Connection;
import io.github.postern.ws.connection.SlowConsumer;
import io.github.postern.ws.core.CloseStatus;
import io.github.postern.ws.core.PreparedMessage;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;

/**
 * A {@link Connection} to a client of a push endpoint that outlives network connections: while the session lives every message is
 * delivered once and in order, whatever carries it at the moment and however often that changes.
 *
 * <p>Differences from a plain connection:
 * <ul>
 * <li>{@code send} returns when the session has taken the message. It blocks while too much is unacknowledged ({@link
 *     PushLimits#unacknowledgedMessages}), at most for {@link PushOptions#sendTimeout}; then the session is closed with 4507, and the call
 *     throws.
 * <li>An interrupt during {@code receive} or {@code send} loses nothing: the session goes on.
 * <li>{@link #bufferedAmount} counts the bytes of messages that were not yet written to any network connection.
 * <li>After {@code close} has returned, messages and close are still delivered to a client that comes back before the session
 *     expires.
 * <li>The end of a session whose client did not come back is reported with code 4408.
 * </ul>
 */
public interface PushSession extends Connection {
    /** {@return the session's public id: random, unique, fit for logs} It is not the secret that lets a client attach. */
    String id();

    /**
     * {@return how many of the messages that {@code send} took the other side has not confirmed} When the session has ended: how many of them may not have reached
     * it. Of a bare client, which confirms nothing, those that are kept for it.
     */
    int unconfirmed();

    /** {@return what carries the session, or carried it last if its client is away} */
    PushTransport transport();

    /** {@return whom the {@link PushAuthenticator} found the client to be; empty without one, and for the session of a client} */
    default Optional<String> principal() {
        return Optional.empty();
    }

    /**
     * {@return what the application keeps with the session; the {@link PushAuthenticator} may have put something there} For any thread. Empty and unmodifiable for
     * the session of a client.
     */
    default Map<String, Object> attributes() {
        return Map.of();
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException if the text holds an unpaired surrogate, or is longer than {@link
     *     PushLimits#unacknowledgedBytes} bytes of UTF-8
     * @throws InterruptedIOException if the thread is interrupted while it waits for room; the message was not taken
     */
    @Override
    void send(String text) throws IOException;

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException if the message is longer than {@link PushLimits#unacknowledgedBytes} bytes
     * @throws InterruptedIOException if the thread is interrupted while it waits for room; the message was not taken, though consumed
     */
    @Override
    void send(ByteBuffer binary) throws IOException;

    /**
     * {@inheritDoc}
     *
     * <p>Messages wait within the limits of what is kept until it is acknowledged. Only one that was never written to a network connection is dropped or
     * replaced; {@link SlowConsumer#CLOSE} closes the session with 4507.
     *
     * @throws IllegalArgumentException if the message is longer than {@link PushLimits#unacknowledgedBytes} bytes
     */
    @Override
    boolean trySend(PreparedMessage message, SlowConsumer policy);

    /**
     * {@inheritDoc}
     *
     * @param status what the client is told; not one of the protocol's own codes 4400 to 4599
     * @throws IllegalArgumentException if the code must not be sent, or is one of the protocol's own
     */
    @Override
    void close(CloseStatus status);
}
