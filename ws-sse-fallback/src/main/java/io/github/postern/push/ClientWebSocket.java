package io.github.postern.push;

import io.github.postern.ws.client.HandshakeRejectedException;
import io.github.postern.ws.client.WebSocketClient;
import io.github.postern.ws.connection.ConnectionClosedException;
import io.github.postern.ws.connection.ConnectionOptions;
import io.github.postern.ws.connection.Message;
import io.github.postern.ws.connection.WebSocket;
import io.github.postern.ws.core.CloseStatus;
import io.github.postern.ws.core.Limits;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One WebSocket for both directions, with the subprotocol {@code postern.v1} (PROTOCOL.md §8). */
final class ClientWebSocket implements ClientTransport {
    static final String SUBPROTOCOL = "postern.v1";
    private static final System.Logger LOG = System.getLogger(ClientWebSocket.class.getName());

    /** What a control record has at most, amply. */
    private static final int CONTROL_RECORD = 4 * 1024;

    private final Downlink session;
    private final Uplink uplink;
    private final Endpoint endpoint;
    private final TokenSource tokens;
    private final PushClientOptions options;

    /** A WebSocket that is not connected yet. */
    ClientWebSocket(Downlink session, Uplink uplink, Endpoint endpoint, TokenSource tokens, PushClientOptions options) {
        this.session = session;
        this.uplink = uplink;
        this.endpoint = endpoint;
        this.tokens = tokens;
        this.options = options;
    }

    /** A client that tells in the handshake whether a session is to be opened (§8). */
    private WebSocketClient client(boolean opening, @Nullable String token) {
        var offers = opening ? List.of(SUBPROTOCOL, WebSocketAcceptor.OPENING) : List.of(SUBPROTOCOL);
        var builder = WebSocketClient.builder()
                .subprotocols(offers.toArray(String[]::new))
                .connectTimeout(options.connectTimeout())
                .cookieHandler(endpoint.cookies())
                .options(connectionOptions(options));
        endpoint.headers().forEach(builder::header);
        if (endpoint.sslContext() != null) {
            builder.sslContext(endpoint.sslContext());
        }
        if (token != null) {
            builder.header("Authorization", "Bearer " + token);
        }
        return builder.build();
    }

    /** The server's heartbeats tell whether the connection lives (§10): no pings of our own, no idle timeout. */
    private static ConnectionOptions connectionOptions(PushClientOptions options) {
        long size = Math.max(options.maxMessageSize() + 1L, CONTROL_RECORD);
        var limits = Limits.defaults().withMaxFrameSize(size).withMaxMessageSize(size);
        return ConnectionOptions.defaults()
                .withLimits(limits)
                .withPingInterval(Duration.ZERO)
                .withIdleTimeout(Duration.ZERO)
                .withCloseTimeout(options.closeTimeout());
    }

    @Override
    public Outcome carry() throws InterruptedException {
        @Nullable String token;
        WebSocket ws;
        long deadline = System.nanoTime() + options.connectTimeout().toNanos();
        try {
            token = tokens.value();
        } catch (IOException e) {
            return new Outcome.Broken(e);
        }
        try {
            ws = client(session.isOpening(), token).connect(endpoint.webSocket());
        } catch (HandshakeRejectedException e) {
            var headers = e.response().headers();
            var refusal = Refusal.ofStatus(
                    e.response().status(),
                    headers.first(PushHeaders.ERROR),
                    headers.first("Retry-After"),
                    ByteBuffer.allocate(0));
            return Objects.requireNonNull(Refusal.withToken(token, refusal));
        } catch (IOException e) {
            return new Outcome.Broken(e);
        } catch (RuntimeException e) {
            return new Outcome.Broken(new IOException("connecting failed", e)); // of a cookie handler
        }
        try {
            // the epoch is taken only now, so that whatever was attached meanwhile is older
            return ws.protocol().equals(SUBPROTOCOL)
                    ? attach(ws, session.hello(PushTransport.WEBSOCKET), deadline)
                    : new Outcome.Refused(new IOException("the server does not speak " + SUBPROTOCOL));
        } catch (ConnectionClosedException e) {
            return Objects.requireNonNull(Refusal.withToken(token, Refusal.ofClose(e.closeInfo())));
        } catch (IOException e) {
            return new Outcome.Broken(e);
        } finally {
            ws.abort();
        }
    }

    private Outcome attach(WebSocket ws, Hello hello, long deadline) throws IOException, InterruptedException {
        var parameters = new Parameters().with("epoch", hello.epoch());
        if (hello.session() != null) {
            parameters.with("session", hello.session());
        }
        ws.send(ControlFrame.control(StreamRecord.ATTACH, hello.position(), parameters));
        var first = ws.receive(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())));
        if (first.isEmpty()) {
            return new Outcome.Broken(new SocketTimeoutException(
                    "not attached within " + options.connectTimeout().toMillis() + " ms"));
        }
        if (!(ControlFrame.read(first.get()) instanceof ControlFrame.Control greeting)) {
            return Refusal.violation("the first frame is no control record");
        }
        var outcome = greeting(ws, greeting.content());
        if (outcome != null) {
            return outcome;
        }
        var writer = Worker.start(
                "postern-push-client-writer",
                () -> write(ws, hello.epoch()),
                failure -> ws.abort()); // which the reading thread notices, and attaches again
        try {
            return finish(ws, read(ws, hello.position()));
        } finally {
            ws.abort(); // frees a writer that is stuck; after a closing handshake it does nothing
            writer.stop();
        }
    }

    private @Nullable Outcome greeting(WebSocket ws, StreamRecord content) throws IOException {
        return switch (content.event()) {
            case StreamRecord.ATTACHED ->
                switch (session.attached(content)) {
                    case AttachAnswer.Current current -> over();
                    case AttachAnswer.Late late -> new Outcome.Broken(new IOException("a newer attachment was faster"));
                    case AttachAnswer.Stray stray -> {
                        closeStray(ws);
                        yield new Outcome.Stray();
                    }
                    case AttachAnswer.Fault fault -> Refusal.violation(fault.why());
                };
            case StreamRecord.CLOSE -> { // comes before Close 4410
                var status = Refusal.closeStatus(content);
                yield new Outcome.Gone(status == null ? SessionCodes.UNKNOWN : status);
            }
            default -> Refusal.violation("the first record is not attached: " + content);
        };
    }

    /** Another attempt was faster to open a session; nobody needs this one. */
    private static void closeStray(WebSocket ws) throws IOException {
        var close = new Batch.Close(1, CloseStatus.NORMAL);
        ws.send(ControlFrame.control(StreamRecord.CLOSE, close.number(), close.parameters()));
        ws.close();
    }

    private @Nullable Outcome over() {
        return session.isOver() ? new Outcome.Over() : null;
    }

    private Outcome read(WebSocket ws, long position) throws IOException, InterruptedException {
        long number = position;
        var silence = Duration.ofNanos(session.silenceNanos());
        while (true) {
            session.awaitRoom();
            var frame = ws.receive(silence);
            if (frame.isEmpty()) {
                return new Outcome.Broken(
                        new SocketTimeoutException("nothing heard for " + silence.toMillis() + " ms"));
            }
            switch (ControlFrame.read(frame.get())) {
                case ControlFrame.Payload payload -> {
                    number++;
                    session.take(number, payload.message(), MessageSize.of(payload.message()));
                }
                case ControlFrame.Control control -> {
                    var outcome = control(control.content());
                    if (outcome != null) {
                        return outcome;
                    }
                }
                case ControlFrame.Heartbeat heartbeat -> {}
                case ControlFrame.Malformed malformed -> {
                    return Refusal.violation(malformed.why());
                }
            }
        }
    }

    private @Nullable Outcome control(StreamRecord content) {
        return switch (content.event()) {
            case StreamRecord.ACK -> {
                long position = content.number();
                yield session.acknowledged(position)
                        ? over()
                        : Refusal.violation("more acknowledged than was sent: " + position);
            }
            case StreamRecord.CLOSE -> {
                var status = Refusal.closeStatus(content);
                if (status == null) {
                    yield Refusal.violation("malformed close");
                }
                yield switch (session.peerClosed(content, status)) {
                    case NEW -> new Outcome.Over();
                    case KNOWN, DRAINING -> null; // draining, the acknowledgements still come here
                    case GAP -> Refusal.violation("close with a wrong number");
                };
            }
            case StreamRecord.PING -> {
                var data = content.data() == null ? "" : content.data();
                yield session.ping(data) ? null : Refusal.violation("more pings than answers can be written");
            }
            case StreamRecord.DETACH ->
                switch (Refusal.ofDetach(content)) {
                    case Outcome.Moved moved -> {
                        session.asksToMove(moved.afterMillis());
                        yield null;
                    }
                    case null -> null; // what this version does not know is ignored
                    case Outcome other -> other;
                };
            default -> null; // what this version does not know is ignored
        };
    }

    /** Leaves the WebSocket in good order if the session is over; otherwise the caller drops it. */
    private Outcome finish(WebSocket ws, Outcome outcome) throws IOException {
        switch (outcome) {
            case Outcome.Over over -> {
                long owed = session.takeOwedAck();
                if (owed != Batch.NO_ACK) {
                    ws.send(ControlFrame.control(StreamRecord.ACK, owed, null));
                }
                ws.close();
            }
            case Outcome.Failed failed -> ws.close(SessionCodes.MALFORMED);
            case Outcome.Broken broken -> {}
            case Outcome.Refused refused -> {}
            case Outcome.Busy busy -> {}
            case Outcome.Moved moved -> {}
            case Outcome.Gone gone -> {}
            case Outcome.Unauthorized unauthorized -> {}
            case Outcome.Stray stray -> {}
        }
        return outcome;
    }

    /** Writes until the session has left the WebSocket. */
    private void write(WebSocket ws, long epoch) throws InterruptedException {
        try {
            for (var frames = uplink.nextFrames(epoch); frames != null; frames = uplink.nextFrames(epoch)) {
                write(ws, frames);
            }
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "writing failed", e);
            ws.abort(); // which the reading thread notices, and attaches again
        }
    }

    private static void write(WebSocket ws, Frames frames) throws IOException {
        for (var ping : frames.pongs()) {
            ws.send(ControlFrame.pong(ping));
        }
        if (frames.token() != null) {
            var parameters = new Parameters().with("token", frames.token());
            ws.send(ControlFrame.control(StreamRecord.TOKEN, parameters));
        }
        if (frames.ack() != Batch.NO_ACK) {
            ws.send(ControlFrame.control(StreamRecord.ACK, frames.ack(), null));
        }
        if (frames.entry() != null) {
            switch (frames.entry().message()) {
                case Message.Text text -> ws.send(text.text());
                case Message.Binary binary -> ws.send(ControlFrame.binary(binary.data()));
            }
        }
        if (frames.close() != null) {
            var close = frames.close();
            ws.send(ControlFrame.control(StreamRecord.CLOSE, close.number(), close.parameters()));
        }
    }
}
