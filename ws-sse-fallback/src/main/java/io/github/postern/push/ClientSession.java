package io.github.postern.push;

import io.github.postern.ws.connection.CloseInfo;
import io.github.postern.ws.connection.CloseInfo.Initiator;
import io.github.postern.ws.connection.ConnectionClosedException;
import io.github.postern.ws.connection.Message;
import io.github.postern.ws.connection.ReadyState;
import io.github.postern.ws.connection.SlowConsumer;
import io.github.postern.ws.core.CloseStatus;
import io.github.postern.ws.core.PreparedMessage;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** A session as the application of a client sees it. Decides nothing: {@link ClientState} does, and {@link ClientLoop} acts. */
final class ClientSession implements ClientPushSession {
    /** How long a session that was given up may take to release its threads; told in PushClientOptions. */
    private static final long RELEASE_NANOS = TimeUnit.SECONDS.toNanos(3);

    private final Endpoint endpoint;
    private final PushClientOptions options;
    private final GuardedState state;
    private final ClientLoop loop;

    ClientSession(Endpoint endpoint, PushClientOptions options, GuardedState state, ClientLoop loop) {
        this.endpoint = endpoint;
        this.options = options;
        this.state = state;
        this.loop = loop;
    }

    /** Starts the session's thread and waits for the first attachment. */
    void open() throws IOException {
        loop.start(this);
        try {
            state.awaitOpen();
        } catch (InterruptedException e) {
            abort();
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while connecting");
        }
        var failed = closeInfo();
        if (failed.isPresent() && state.get(ClientState::terms) == null) {
            var cause = failed.get().cause();
            throw new IOException(
                    "no push session at " + endpoint + (cause == null ? "" : ": " + cause.getMessage()), cause);
        }
    }

    @Override
    public String id() {
        var terms = state.get(ClientState::terms);
        return terms == null ? "" : terms.id();
    }

    @Override
    public PushTransport transport() {
        return state.transport();
    }

    @Override
    public void moveTo(PushTransport transport) throws IOException, InterruptedException {
        try {
            var unused = loop.move(transport).get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof ConnectionClosedException closed) {
                throw new ConnectionClosedException(closed.closeInfo());
            }
            throw new IOException("not moved to " + transport, e.getCause());
        }
    }

    @Override
    public void networkChanged() {
        loop.tell(new ClientEvent.NetworkChanged());
    }

    @Override
    public Message receive() throws IOException, InterruptedException {
        return state.receive();
    }

    @Override
    public Optional<Message> receive(Duration timeout) throws IOException, InterruptedException {
        return Optional.ofNullable(state.receive(TimeUnit.NANOSECONDS.convert(timeout)));
    }

    @Override
    public void send(String text) throws IOException {
        send(new Message.Text(text), Texts.utf8Length(text));
    }

    @Override
    public void send(ByteBuffer binary) throws IOException {
        var copy = new byte[binary.remaining()]; // it is kept until the server has it
        binary.get(copy);
        send(new Message.Binary(ByteBuffer.wrap(copy)), copy.length);
    }

    private void send(Message message, int bytes) throws IOException {
        checkLength(bytes);
        state.send(message, bytes, options.sendTimeout().toNanos());
    }

    @Override
    public boolean trySend(PreparedMessage message, SlowConsumer policy) {
        checkLength(message.size());
        return state.trySend(new SharedMessage(message, policy.key().orElse(null)), policy);
    }

    private void checkLength(int bytes) {
        var terms = state.get(ClientState::terms);
        long longest = terms == null
                ? options.unacknowledgedBytes()
                : Math.min(options.unacknowledgedBytes(), terms.maxMessageSize());
        if (bytes > longest) {
            throw new IllegalArgumentException("message longer than " + longest + " bytes: " + bytes);
        }
    }

    @Override
    public void close(CloseStatus status) {
        SessionCodes.check(status);
        state.close(status);
        loop.tell(new ClientEvent.Closing());
        long timeout = options.closeTimeout().toNanos();
        try {
            if (!loop.awaitFinished(timeout)) {
                giveUp("no answer to the close for " + options.closeTimeout().toMillis() + " ms");
            }
        } catch (InterruptedException e) {
            giveUp("interrupted while closing");
            Thread.currentThread().interrupt();
        }
    }

    private void giveUp(String why) {
        var sent = state.get(ClientState::closing);
        state.end(new CloseInfo(CloseStatus.ABNORMAL, Initiator.LOCAL, sent, null, new SocketTimeoutException(why)));
        try {
            var unused = loop.awaitFinished(RELEASE_NANOS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void abort() {
        var sent = state.get(ClientState::closing);
        state.end(new CloseInfo(CloseStatus.ABNORMAL, Initiator.LOCAL, sent, null, null));
    }

    @Override
    public long bufferedAmount() {
        return state.get(s -> s.submission().unwrittenBytes());
    }

    @Override
    public int unconfirmed() {
        return state.get(ClientState::unconfirmed);
    }

    @Override
    public ReadyState readyState() {
        return switch (state.get(ClientState::phase)) {
            case OPENING -> ReadyState.CONNECTING;
            case OPEN -> ReadyState.OPEN;
            case CLOSING, DRAINING -> ReadyState.CLOSING;
            case OVER -> ReadyState.CLOSED;
        };
    }

    @Override
    public Optional<CloseInfo> closeInfo() {
        return Optional.ofNullable(state.get(ClientState::ending));
    }

    @Override
    public String toString() {
        return "PushSession[" + id() + ", " + endpoint + ", " + transport() + ", " + readyState() + "]";
    }
}
