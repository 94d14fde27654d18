package io.github.postern.ws.connection;

import java.io.InputStream;
import java.io.Reader;
import java.time.Duration;

/**
 * A message that is received as it arrives: it is read from the network as the application reads it, with about {@link
 * ConnectionOptions#unreceivedBytes} in between at most, so that a message of any length takes little memory, and a peer that sends faster than the
 * application reads is slowed down.
 *
 * {@snippet class="io.github.postern.verify.examples.ConnectionExamplesTest" region="stream" :
 * try (var message = connection.receiveStream()) {
 *     message.inputStream().transferTo(file);
 * }
 * }
 *
 * <p>Until it has arrived to its end or is closed, no other message is received. The {@linkplain ConnectionOptions#limits limits} on sizes hold for it as
 * well; the {@linkplain ConnectionOptions#messageTimeout message timeout} does not, since its time is the application's.
 *
 * <p>For one thread at a time.
 */
public interface IncomingMessage extends AutoCloseable {
    /** {@return whether it is a text message: then it has a {@link #reader}, otherwise an {@link #inputStream}} */
    boolean isText();

    /**
     * {@return the characters of a text message, always the same object} A read blocks until there is at least one, and fails with
     * {@link ConnectionClosedException} if the connection ends before the message does, and with
     * {@link java.net.SocketTimeoutException} if the {@linkplain #readTimeout read timeout} passes, which loses nothing. Closing it closes this.
     *
     * @throws IllegalStateException if it is a binary message
     */
    Reader reader();

    /**
     * {@return the bytes of a binary message, always the same object} Reading and closing is as with a {@link #reader}.
     *
     * @throws IllegalStateException if it is a text message
     */
    InputStream inputStream();

    /**
     * Bounds how long each read waits for the peer; without this it waits as long as the connection lives.
     *
     * @param timeout how long one read may wait; above zero
     * @throws IllegalArgumentException if the time is zero or negative
     */
    void readTimeout(Duration timeout);

    /** Skips what is left of the message as it arrives; does not wait for that. Who reads it afterwards gets an {@link java.io.IOException}. */
    @Override
    void close();
}
