package io.github.postern.ws.connection;

import io.github.postern.ws.connection.CloseInfo.Initiator;
import io.github.postern.ws.core.CloseStatus;
import io.github.postern.ws.core.Event;
import io.github.postern.ws.core.Inbound;
import io.github.postern.ws.core.Outbound;
import io.github.postern.ws.core.Role;
import io.github.postern.ws.core.handshake.Extension;
import io.github.postern.ws.core.handshake.HandshakeRequest;
import java.io.EOFException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.ProtocolException;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The WebSocket connection that server and client share, over any {@link Transport}. For integrators: applications
 * get it as a {@link WebSocket}.
 *
 * <p>Bytes go {@link Transport} → {@code Receiving} → {@link Inbound} → {@link Message}, and back
 * through {@code Sending} → {@link Outbound} → {@link Transport}. This class is what both sides have in common: the closing handshake and the end.
 */
public final class WebSocketConnection implements WebSocket {
    private static final System.Logger LOG = System.getLogger(WebSocketConnection.class.getName());
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0).asReadOnlyBuffer();

    private final Transport transport;
    private final Role role;
    private final ConnectionOptions options;
    private final Handshake handshake;
    private final Sending sending;
    private final Receiving receiving;
    private final KeepAlive keepAlive;
    private final AtomicReference<@Nullable CloseInfo> ended = new AtomicReference<>();
    private final AtomicBoolean refused = new AtomicBoolean();

    /** The peer's Close. Written by the thread that leads the receiving side. */
    private volatile @Nullable CloseStatus received;

    /** Whether the peer's Close came before ours. Written with {@link #received}. */
    private boolean peerBegan;

    private volatile @Nullable Consumer<ByteBuffer> pongObserver;

    private WebSocketConnection(
            Transport transport, Role role, ConnectionOptions options, Handshake handshake, ByteBuffer leftover) {
        this.transport = transport;
        this.role = role;
        this.options = options;
        this.handshake = handshake;
        var extensions = handshake.negotiated().extensions();
        var outbound = new Outbound(role, MaskingKeys.SHARED, extensions, options.deflate());
        var inbound = new Inbound(role, options.limits(), extensions, options.deflate());
        this.sending = new Sending(transport, outbound, options, this::lost);
        this.receiving = new Receiving(this, transport, sending, inbound, leftover, options);
        this.keepAlive = new KeepAlive(this, sending, receiving, options);
    }

    /**
     * Opens a connection behind a finished opening handshake.
     *
     * @param transport where the bytes come from; belongs to the connection from now on
     * @param role this side's role
     * @param options limits and timeouts
     * @param handshake what came of the handshake
     * @param leftover bytes that arrived behind the handshake: the first frames; consumed
     * @return the connection, open
     */
    public static WebSocketConnection open(
            Transport transport, Role role, ConnectionOptions options, Handshake handshake, ByteBuffer leftover) {
        var connection = new WebSocketConnection(transport, role, options, handshake, leftover);
        Watchdog.SHARED.add(connection, KeepAlive.shortestDeadline(options));
        return connection;
    }

    @Override
    public Message receive() throws IOException, InterruptedException {
        var message = receive(Deadline.NONE);
        return message != null ? message : throwEnded();
    }

    @Override
    public Optional<Message> receive(Duration timeout) throws IOException, InterruptedException {
        var message = receive(Deadline.after(timeout.toNanos()));
        if (message == null && hasEnded()) {
            throwEnded();
        }
        return Optional.ofNullable(message);
    }

    private @Nullable Message receive(long deadline) throws InterruptedException {
        var message = receiving.receive(deadline);
        if (message == null && hasEnded() && Thread.interrupted()) {
            throw new InterruptedException("interrupted while reading, which ends the connection");
        }
        return message;
    }

    private Message throwEnded() throws ConnectionClosedException {
        throw new ConnectionClosedException(closeInfoOrSoFar());
    }

    @Override
    public void send(String text) throws IOException {
        message(defer -> sending.text(text, defer));
    }

    @Override
    public void send(ByteBuffer binary) throws IOException {
        message(defer -> sending.binary(binary, defer));
    }

    @Override
    public void send(String text, boolean compress) throws IOException {
        message(defer -> sending.text(text, compress, defer));
    }

    @Override
    public void send(ByteBuffer binary, boolean compress) throws IOException {
        message(defer -> sending.binary(binary, compress, defer));
    }

    /** Sends something, told whether it may wait for the reader; false if nothing may follow a Close frame that was sent. */
    @FunctionalInterface
    private interface Send {
        boolean now(boolean defer) throws IOException;
    }

    private void message(Send send) throws IOException {
        send(send, receiving.willReturn());
    }

    private void send(Send send, boolean defer) throws IOException {
        try {
            checkSent(send.now(defer), defer);
        } catch (IOException e) {
            throw hasEnded() ? new ConnectionClosedException(closeInfoOrSoFar()) : e;
        }
    }

    @Override
    public void ping(ByteBuffer payload) throws IOException {
        send(defer -> sending.ping(payload), false);
    }

    private void checkSent(boolean sent, boolean deferred) throws ConnectionClosedException {
        if (!sent) {
            throwEnded();
        }
        if (deferred) {
            flushSoon();
        }
    }

    @Override
    public void onPong(Consumer<ByteBuffer> observer) {
        pongObserver = observer;
    }

    @Override
    public void close(CloseStatus status) {
        long timeout = options.closeTimeout().toNanos();
        long deadline = Deadline.after(timeout);
        boolean interrupted = Thread.interrupted(); // it would close the socket before the handshake is through
        try {
            if (!hasEnded()) {
                sending.close(status, timeout);
            }
            receiving.drain(deadline);
            receiving.awaitEnd(deadline);
        } catch (IOException e) {
            lost(e);
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (!hasEnded()) {
            lost(new SocketTimeoutException(
                    "no answer to the Close for " + options.closeTimeout().toMillis() + " ms"));
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void abort() {
        end(new CloseInfo(CloseStatus.ABNORMAL, Initiator.LOCAL, sending.sent(), received, null));
    }

    @Override
    public long bufferedAmount() {
        return sending.bufferedAmount();
    }

    @Override
    public ReadyState readyState() {
        if (hasEnded()) {
            return ReadyState.CLOSED;
        }
        return sending.sent() != null || received != null ? ReadyState.CLOSING : ReadyState.OPEN;
    }

    @Override
    public Optional<CloseInfo> closeInfo() {
        return Optional.ofNullable(ended.get());
    }

    @Override
    public String protocol() {
        return handshake.negotiated().subprotocol();
    }

    @Override
    public List<Extension> extensions() {
        return handshake.negotiated().extensions();
    }

    @Override
    public HandshakeRequest request() {
        return handshake.request();
    }

    @Override
    public URI url() {
        return handshake.url();
    }

    @Override
    public Optional<SocketAddress> remoteAddress() {
        return transport.remoteAddress();
    }

    @Override
    public Map<String, String> pathParameters() {
        return handshake.pathParameters();
    }

    @Override
    public Map<String, Object> attributes() {
        return handshake.attributes();
    }

    @Override
    public String toString() {
        return role + " " + handshake.request().path() + " " + transport + " " + readyState();
    }

    // What follows is called by the two sides and by the watchdog.

    boolean hasEnded() {
        return ended.get() != null;
    }

    /** Deals with what is not a message. Called by the thread that leads the receiving side. */
    void control(Event event) {
        switch (event) {
            case Event.Ping ping -> answer(ping);
            case Event.Pong pong -> observe(pong);
            case Event.Closed closed -> peerClosed(closed);
            case Event.Failed failed -> refuse(failed.reply().status(), failed.detail());
            case Event.Text message -> throw new AssertionError(message);
            case Event.Binary message -> throw new AssertionError(message);
            case Event.TextPart part -> throw new AssertionError(part);
            case Event.BinaryPart part -> throw new AssertionError(part);
        }
    }

    private void answer(Event.Ping ping) {
        try {
            sending.pong(ping.reply());
        } catch (IOException e) {
            lost(e);
        }
    }

    private void observe(Event.Pong pong) {
        var observer = pongObserver;
        if (observer != null && (pong.payload().hasRemaining() || !keepAlive.isPinged())) {
            var payload = ByteBuffer.allocate(pong.payload().remaining()).put(pong.payload());
            observer.accept(payload.flip());
        }
    }

    /** §5.5.1: echo the Close. §7.1.1: the server ends its output first; the client waits for that. */
    private void peerClosed(Event.Closed closed) {
        var status = closed.status();
        peerBegan = sending.sent() == null;
        received = status;
        IOException failure = null;
        try {
            sending.close(closed.reply().status(), options.closeTimeout().toNanos());
            if (role == Role.SERVER) {
                sending.shutdownOutput(options.lingerTimeout().toNanos());
            }
            receiving.linger(Deadline.after(options.lingerTimeout().toNanos()));
        } catch (IOException e) {
            failure = e;
        }
        var initiator = peerBegan ? Initiator.REMOTE : Initiator.LOCAL;
        end(new CloseInfo(status, initiator, sending.sent(), status, failure));
    }

    /**
     * Fails the connection (§7.1.7) over something the peer did: tells it why, reads no further, and drops what still
     * arrives, so that a reset does not destroy the Close on its way. Called by the thread that leads the receiving side.
     */
    void refuse(CloseStatus status, String detail) {
        if (refused.compareAndSet(false, true)) {
            tellAndShutDown(status, detail);
            receiving.linger(Deadline.after(options.lingerTimeout().toNanos()));
            endRefused(detail);
        }
    }

    /** As {@link #refuse}, but started by a thread that neither leads nor may block. */
    void refuseFromOutside(CloseStatus status, String detail) {
        if (refused.compareAndSet(false, true)) {
            Thread.ofVirtual().name("postern-refuse").start(() -> {
                tellAndShutDown(status, detail);
                try {
                    receiving.awaitEnd(Deadline.after(options.lingerTimeout().toNanos()));
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                endRefused(detail);
            });
        }
    }

    private void tellAndShutDown(CloseStatus status, String detail) {
        LOG.log(Level.INFO, () -> "closing " + this + " with " + status.code() + ": " + detail);
        try {
            sending.close(status, options.closeTimeout().toNanos());
            sending.shutdownOutput(options.lingerTimeout().toNanos());
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "the peer could not be told why it was failed", e);
        }
    }

    private void endRefused(String detail) {
        var cause = new ProtocolException(detail);
        end(new CloseInfo(CloseStatus.ABNORMAL, Initiator.LOCAL, sending.sent(), received, cause));
    }

    /** Ends the connection because the network, or a deadline, did. {@code null}: the peer ended the stream. */
    void lost(@Nullable IOException failure) {
        var cause = failure == null ? new EOFException("the peer ended the stream without a Close frame") : failure;
        end(soFar(cause));
    }

    private void end(CloseInfo info) {
        if (ended.compareAndSet(null, info)) {
            transport.close();
            Watchdog.SHARED.remove(this);
            sending.end();
            receiving.end();
            LOG.log(Level.DEBUG, "{0} {1}", this, info);
        }
    }

    void keepAlivePing() {
        try {
            sending.ping(NOTHING.duplicate());
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "a keep-alive ping could not be sent", e); // a broken write has ended the connection
        }
    }

    void flushSoon() {
        sending.flushSoon(Watchdog.SHARED, this);
    }

    /** Called by the watchdog when a handler has had its time to come back. */
    void flushLeftBehind() {
        if (sending.takeFlush()) {
            receiving.stayedAway();
            Thread.ofVirtual().name("postern-flush").start(() -> {
                try {
                    sending.flush();
                } catch (IOException e) {
                    LOG.log(Level.DEBUG, "a reply could not be written", e); // which has ended the connection
                }
            });
        }
    }

    void check(long now) {
        keepAlive.check(now);
    }

    private CloseInfo closeInfoOrSoFar() {
        var info = ended.get();
        return info != null ? info : soFar(null);
    }

    private CloseInfo soFar(@Nullable IOException cause) {
        var sent = sending.sent();
        var peer = received;
        var initiator =
                peer != null && peerBegan ? Initiator.REMOTE : sent != null ? Initiator.LOCAL : Initiator.NETWORK;
        return new CloseInfo(peer != null ? peer : CloseStatus.ABNORMAL, initiator, sent, peer, cause);
    }
}
