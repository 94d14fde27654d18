package io.github.postern.ws.connection;

import io.github.postern.ws.core.CloseStatus;
import io.github.postern.ws.core.Event;
import io.github.postern.ws.core.Inbound;
import io.github.postern.ws.core.Outbound;
import io.github.postern.ws.core.PreparedMessage;
import io.github.postern.ws.core.Role;
import io.github.postern.ws.core.handshake.Extension;
import io.github.postern.ws.core.handshake.HandshakeRequest;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Writer;
import java.lang.System.Logger.Level;
import java.net.SocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The WebSocket connection that server and client share, over any {@link Transport}. For integrators: applications
 * get it as a {@link WebSocket}.
 *
 * <p>Bytes go {@link Transport} → {@code Reading} → {@link Inbound} → {@code Receiving} → {@link Message}, and back {@code Sending} →
 * {@link Outbound} → {@code Output} → {@link Transport}. This class is what both ways have in common; how it ends is in {@code Closing}.
 */
public final class WebSocketConnection implements WebSocket {
    private static final System.Logger LOG = System.getLogger(WebSocketConnection.class.getName());
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0).asReadOnlyBuffer();

    private static final AtomicLong LAST_ID = new AtomicLong();

    private final long id = LAST_ID.incrementAndGet();
    private final TimeSource time;
    private final Transport transport;
    private final Role role;
    private final ConnectionOptions options;
    private final Handshake handshake;
    private final Sending sending;
    private final Reading reading;
    private final Receiving receiving;
    private final Closing closing;
    private final KeepAlive keepAlive;

    private volatile @Nullable Consumer<ByteBuffer> pongObserver;

    private WebSocketConnection(
            Transport transport,
            Role role,
            ConnectionOptions options,
            Handshake handshake,
            ByteBuffer leftover,
            TimeSource time) {
        this.time = time; // the parts below need it
        this.transport = transport;
        this.role = role;
        this.options = options;
        this.handshake = handshake;
        this.closing = new Closing(this);
        var extensions = handshake.negotiated().extensions();
        var outbound = new Outbound(role, MaskingKeys.SHARED, extensions, options.deflate());
        var inbound = new Inbound(role, options.limits(), extensions, options.deflate());
        this.sending = new Sending(this, transport, outbound);
        this.reading = new Reading(this, transport, inbound, leftover);
        this.receiving = new Receiving(this, reading);
        this.keepAlive = new KeepAlive(this);
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
     * @throws IllegalArgumentException if an extension that was agreed on is not supported
     */
    public static WebSocketConnection open(
            Transport transport, Role role, ConnectionOptions options, Handshake handshake, ByteBuffer leftover) {
        return open(transport, role, options, handshake, leftover, TimeSource.system());
    }

    /**
     * Opens a connection that lives in a time of its own: all its deadlines do, those of its options and of its methods.
     *
     * @param transport where the bytes come from; belongs to the connection from now on; waits in the same time
     * @param role this side's role
     * @param options limits and timeouts
     * @param handshake what came of the handshake
     * @param leftover bytes that arrived behind the handshake: the first frames; consumed
     * @param time the time
     * @return the connection, open
     * @throws IllegalArgumentException if an extension that was agreed on is not supported
     */
    public static WebSocketConnection open(
            Transport transport,
            Role role,
            ConnectionOptions options,
            Handshake handshake,
            ByteBuffer leftover,
            TimeSource time) {
        var connection = new WebSocketConnection(transport, role, options, handshake, leftover, time);
        Totals.SHARED.opened();
        Watchdog.SHARED.add(connection, KeepAlive.shortestDeadline(options));
        if (time != TimeSource.system()) {
            time.watch(connection::checkByHand);
        }
        ConnectionEvents.opened(connection, role);
        return connection;
    }

    @Override
    public Message receive() throws IOException, InterruptedException {
        return unlessEnded(receiving.receive(Deadline.NONE)).orElseThrow();
    }

    @Override
    public Optional<Message> receive(Duration timeout) throws IOException, InterruptedException {
        return unlessEnded(receiving.receive(Deadline.after(time, timeout)));
    }

    @Override
    public IncomingMessage receiveStream() throws IOException, InterruptedException {
        return unlessEnded(receiving.receiveInParts(Deadline.NONE)).orElseThrow();
    }

    @Override
    public Optional<IncomingMessage> receiveStream(Duration timeout) throws IOException, InterruptedException {
        return unlessEnded(receiving.receiveInParts(Deadline.after(time, timeout)));
    }

    /** What was received, or nothing because the deadline passed. */
    private <T> Optional<T> unlessEnded(@Nullable T received) throws ConnectionClosedException, InterruptedException {
        if (received == null && closing.hasEnded()) {
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted while reading, which ends the connection");
            }
            throw closing.exception();
        }
        return Optional.ofNullable(received);
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

    @Override
    public void send(PreparedMessage message) throws IOException {
        message(defer -> sending.prepared(message, defer));
    }

    /**
     * Sends messages one behind the other, with no more writes than their length asks for, where {@link #send(PreparedMessage)} writes each before it returns. No other message comes in between. Blocks, and may be called from any thread, as that.
     *
     * @param messages what to send, in this order
     * @throws ConnectionClosedException if the connection is closed or closing; perhaps some of the messages were sent
     * @throws IOException if writing fails, or takes longer than the write timeout
     */
    public void sendAll(List<PreparedMessage> messages) throws IOException {
        send(defer -> sending.prepared(messages), false);
    }

    @Override
    public Writer openText() {
        return new OutgoingText(this, options.fragmentSize());
    }

    @Override
    public OutputStream openBinary() {
        return new OutgoingBinary(this, options.fragmentSize());
    }

    @Override
    public boolean trySend(PreparedMessage message, SlowConsumer policy) {
        var outcome = offerAndSend(message, policy);
        return outcome == Outbox.Outcome.TAKEN || outcome == Outbox.Outcome.FIRST;
    }

    @Override
    public void ping(ByteBuffer payload) throws IOException {
        send(defer -> sending.ping(payload), false);
    }

    @Override
    public void onPong(Consumer<ByteBuffer> observer) {
        pongObserver = observer;
    }

    @Override
    public void close(CloseStatus status) {
        closing.close(status);
    }

    @Override
    public void abort() {
        closing.abort();
    }

    @Override
    public long bufferedAmount() {
        return sending.bufferedAmount();
    }

    @Override
    public ReadyState readyState() {
        if (closing.hasEnded()) {
            return ReadyState.CLOSED;
        }
        return closing.hasBegun() ? ReadyState.CLOSING : ReadyState.OPEN;
    }

    @Override
    public Optional<CloseInfo> closeInfo() {
        return Optional.ofNullable(closing.info());
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
            if (!send.now(defer)) {
                throw closing.exception();
            }
        } catch (IOException e) {
            throw closing.hasEnded() ? closing.exception() : e;
        }
        if (defer) {
            flushSoon();
        }
    }

    /** Tells the connections of this process apart in events. */
    long id() {
        return id;
    }

    // What follows is called by the parts of this connection, and by those that look after many.

    Role role() {
        return role;
    }

    ConnectionOptions options() {
        return options;
    }

    /** The time that all deadlines of this connection are in. */
    TimeSource time() {
        return time;
    }

    Sending sending() {
        return sending;
    }

    Reading reading() {
        return reading;
    }

    Receiving receiving() {
        return receiving;
    }

    Closing closing() {
        return closing;
    }

    /** The next part of a message that has more, or nothing because the deadline passed. */
    Optional<Incoming.Part> nextPart(Incoming message, long deadline) throws IOException, InterruptedException {
        return unlessEnded(receiving.nextPart(message, deadline));
    }

    void sendTextPart(OutgoingText message, String part, boolean last) throws IOException {
        send(defer -> sending.textPart(message, part, last), false);
    }

    void sendBinaryPart(OutgoingBinary message, ByteBuffer part, boolean last) throws IOException {
        send(defer -> sending.binaryPart(message, part, last), false);
    }

    /** Lets a message wait and sees that it is sent, or does what the policy says. */
    Outbox.Outcome offerAndSend(PreparedMessage message, SlowConsumer policy) {
        var outcome = sending.offer(message, policy);
        if (outcome == Outbox.Outcome.FIRST) {
            time.start("postern-send", sending::sendWaiting);
        } else if (outcome == Outbox.Outcome.OVERFLOWN) {
            closing.refuseFromOutside(
                    CloseStatus.TRY_AGAIN_LATER, "the peer does not take its messages as fast as they are sent");
        }
        return outcome;
    }

    /** Deals with what is not a message. Called by the thread that leads the receiving side. */
    void control(Event event) {
        switch (event) {
            case Event.Ping ping -> answer(ping);
            case Event.Pong pong -> observe(pong);
            case Event.Closed closed -> closing.peerClosed(closed);
            case Event.Failed failed -> closing.refuse(failed.reply().status(), failed.detail());
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
            closing.lost(e);
        }
    }

    private void observe(Event.Pong pong) {
        var observer = pongObserver;
        if (observer != null && (pong.payload().hasRemaining() || !keepAlive.isPinged())) {
            var payload = ByteBuffer.allocate(pong.payload().remaining()).put(pong.payload());
            try {
                observer.accept(payload.flip());
            } catch (RuntimeException | Error e) { // not to be thrown at whoever happens to be reading
                LOG.log(Level.ERROR, "the observer of Pongs failed", e);
            }
        }
    }

    /** Lets go of everything: the connection has ended. */
    void release() {
        transport.close();
        Totals.SHARED.closed(this);
        sending.end();
        receiving.end();
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
    Sending.Deferred flushLeftBehind() {
        var found = sending.takeFlush();
        if (found == Sending.Deferred.LEFT_BEHIND) {
            receiving.stayedAway();
            time.start("postern-flush", () -> {
                try {
                    sending.flush();
                } catch (IOException e) {
                    LOG.log(Level.DEBUG, "a reply could not be written", e); // which has ended the connection
                }
            });
        }
        return found;
    }

    /** Called by the watchdog, which knows no other time than the machine's. */
    void check(long now) {
        if (time == TimeSource.system()) {
            keepAlive.check(now);
        }
    }

    /** As {@link TimeSource#watch} wants it. */
    private long checkByHand() {
        if (closing.hasEnded()) {
            return -1;
        }
        long now = time.nanoTime();
        var unused = flushLeftBehind();
        keepAlive.check(now);
        return keepAlive.untilNext(now);
    }
}
