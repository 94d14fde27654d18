package io.github.postern.ws.connection;

import io.github.postern.ws.core.CloseStatus;
import io.github.postern.ws.core.PreparedMessage;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Iterator;
import java.util.Optional;

/**
 * What every transport offers an application: receive, send, close. All calls block, and are meant for virtual
 * threads.
 *
 * <p><b>Threads.</b> Any number of threads may send; messages never interleave. Any number of threads may receive, and
 * each message goes to one of them. {@link #close() close} and {@link #abort abort} may be called by any thread at any
 * time.
 *
 * <p><b>The end</b> is reported once to each side: whoever receives gets the messages that arrived before it, then a
 * {@link ConnectionClosedException}; {@link #closeInfo} tells how it came.
 *
 * <p><b>Interrupts.</b> A virtual thread that is interrupted while it reads or writes a socket loses the socket: the JDK
 * closes it. An interrupt during {@link #receive()} or {@code send} therefore ends the connection. To stop waiting and keep the
 * connection use {@link #receive(Duration)}.
 */
public interface Connection extends AutoCloseable, Iterable<Message> {
    /**
     * Waits for the next message.
     *
     * @return the message
     * @throws IllegalStateException if this thread has received a message by {@link #receiveStream()} that has neither arrived to its end nor been closed
     * @throws ConnectionClosedException if the connection has ended and every message before its end was received
     * @throws IOException if reading fails; the connection has then ended as well
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    Message receive() throws IOException, InterruptedException;

    /**
     * Waits for the next message, at most for a time. When the time runs out nothing is lost: a message that had
     * arrived in part continues with the next call.
     *
     * @param timeout how long to wait; zero or negative takes only what is there
     * @return the message, or empty if the time ran out and the connection is still open
     * @throws IllegalStateException as {@link #receive()}
     * @throws ConnectionClosedException if the connection has ended and every message before its end was received
     * @throws IOException if reading fails; the connection has then ended as well
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    Optional<Message> receive(Duration timeout) throws IOException, InterruptedException;

    /**
     * Waits for the next message, and receives it piece by piece as it arrives. A message that was already received as a whole, while nobody
     * was receiving, can be had so as well.
     *
     * <p>By default, and over transports that deliver only whole messages, it is received as a whole first.
     *
     * @return the message, of which some has arrived; to be read to its end or closed before another one is received
     * @throws IllegalStateException if this thread has received another message that has neither arrived to its end nor been closed
     * @throws ConnectionClosedException as {@link #receive()}
     * @throws IOException as {@link #receive()}
     * @throws InterruptedException as {@link #receive()}
     */
    default IncomingMessage receiveStream() throws IOException, InterruptedException {
        return new WholeIncoming(receive());
    }

    /**
     * Waits for the next message as {@link #receiveStream()} does, at most for a time.
     *
     * @param timeout how long to wait for its beginning; zero or negative takes only what is there
     * @return the message, or empty if the time ran out and the connection is still open
     * @throws IllegalStateException as {@link #receiveStream()}
     * @throws ConnectionClosedException as {@link #receive()}
     * @throws IOException as {@link #receive()}
     * @throws InterruptedException as {@link #receive()}
     */
    default Optional<IncomingMessage> receiveStream(Duration timeout) throws IOException, InterruptedException {
        return receive(timeout).map(WholeIncoming::new);
    }

    /**
     * Sends a text message and blocks until the transport has taken it. Waiting for other senders may take the write timeout, and so may each write, of
     * which a long message needs several.
     *
     * @param text the message
     * @throws IllegalArgumentException if the text holds an unpaired surrogate, which UTF-8 cannot carry
     * @throws ConnectionClosedException if the connection is closing or has ended
     * @throws IOException if writing fails or takes longer than the write timeout: the connection has then ended. Over a WebSocket also if other senders
     *     kept this one waiting for so long, or the thread was interrupted while it waited for them: then nothing was sent, and the connection lives on
     */
    void send(String text) throws IOException;

    /**
     * Sends a binary message and blocks until the transport has taken it, as {@link #send(String)} does.
     *
     * @param binary the message from position to limit; consumed, and not modified otherwise
     * @throws ConnectionClosedException if the connection is closing or has ended
     * @throws IOException as {@link #send(String)}
     */
    void send(ByteBuffer binary) throws IOException;

    /**
     * Sends a message of either kind. The buffer of a binary message is not consumed, so that the same message can be sent to many
     * connections.
     *
     * @param message the message
     * @throws IllegalArgumentException as {@link #send(String)}
     * @throws ConnectionClosedException if the connection is closing or has ended
     * @throws IOException as {@link #send(String)}
     */
    default void send(Message message) throws IOException {
        switch (message) {
            case Message.Text text -> send(text.text());
            case Message.Binary binary -> send(binary.data().duplicate());
        }
    }

    /**
     * Sends a message that was encoded once for many connections. Blocks as {@link #send(String)} does.
     *
     * @param message the message
     * @throws ConnectionClosedException if the connection is closing or has ended
     * @throws IOException as {@link #send(String)}
     */
    default void send(PreparedMessage message) throws IOException {
        if (message.isText()) {
            send(StandardCharsets.UTF_8.decode(message.payload()).toString());
        } else {
            send(message.payload());
        }
    }

    /**
     * Sends a message without waiting, whatever the peer and other senders do: for whoever serves many connections. A message that cannot be sent at once
     * waits, within the limits of the connection; a {@code send} that follows comes after it. Never blocks and never throws for what the peer does.
     *
     * @param message the message
     * @param policy what happens if there is no room
     * @return whether the message was taken; false if it was dropped, or the connection is closing or has ended, or now is by
     *     {@link SlowConsumer#CLOSE}
     * @throws IllegalArgumentException if the message is longer than the connection can ever take; none is for a WebSocket
     */
    boolean trySend(PreparedMessage message, SlowConsumer policy);

    /**
     * Begins a text message that is sent piece by piece. What is written is sent in fragments (RFC 6455 §5.4) of
     * {@link ConnectionOptions#fragmentSize} characters, or when it is flushed; closing the writer ends the message. From the first fragment to the
     * end, other messages wait, each for at most the write timeout; this one waits for those before it with its first.
     *
     * <p>A write blocks while a fragment is sent, as {@link #send(String)} does, and throws what that throws. There is no way to take back a message
     * that has begun: who cannot end it ends the connection. An unpaired surrogate fails the write, flush or close that would have sent it with an
     * {@link IllegalArgumentException}; if fragments of the message were sent before, it also fails the connection, with 1011.
     *
     * <p>By default, and over transports that send only whole messages, everything is kept and sent when the writer is closed.
     *
     * @return where to write the message; for one thread at a time
     */
    default Writer openText() {
        return new WholeText(this);
    }

    /**
     * Begins a binary message that is sent piece by piece, as {@link #openText} does a text.
     *
     * @return where to write the message; for one thread at a time
     */
    default OutputStream openBinary() {
        return new WholeBinary(this);
    }

    /**
     * Closes with a status: sends it, which may block as {@link #send(String)} does, waits for the peer's answer for at most the close timeout, and releases
     * everything. Messages that arrive meanwhile stay receivable. Does nothing on a connection that has ended or is already closing,
     * except wait for that end.
     *
     * @param status what the peer is told
     * @throws IllegalArgumentException if the status must not be sent (RFC 6455 §7.4)
     */
    void close(CloseStatus status);

    /** Closes with {@link CloseStatus#NORMAL}, as {@link #close(CloseStatus)}. */
    @Override
    default void close() {
        close(CloseStatus.NORMAL);
    }

    /** Ends the connection at once without telling the peer. Never blocks; blocked senders and receivers are freed. */
    void abort();

    /**
     * {@return how many bytes of messages were given to {@code send} and {@code trySend} and have not been taken by the transport yet} For a text that was
     * not prepared its characters may be counted instead.
     */
    long bufferedAmount();

    /** {@return how far this connection is in its life} */
    ReadyState readyState();

    /** {@return how the connection ended, or empty while it has not} */
    Optional<CloseInfo> closeInfo();

    /**
     * Receives message after message, until the connection ends, however it ends: {@link #closeInfo} then tells how. An
     * interrupt ends the iteration with the thread's interrupt status set.
     *
     * @return an iterator for one thread; several of them share the messages
     */
    @Override
    default Iterator<Message> iterator() {
        return new ReceivingIterator(this);
    }
}
