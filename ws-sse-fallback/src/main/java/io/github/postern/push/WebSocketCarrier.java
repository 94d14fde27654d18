package io.github.postern.push;

import io.github.postern.ws.connection.CloseInfo;
import io.github.postern.ws.connection.CloseInfo.Initiator;
import io.github.postern.ws.connection.Message;
import io.github.postern.ws.connection.WebSocketConnection;
import io.github.postern.ws.core.CloseStatus;
import io.github.postern.ws.core.PreparedMessage;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Carries a session to its client over a WebSocket (PROTOCOL.md §8, and §13 for bare clients). The way from the client is {@link
 * WebSocketReceiver}'s.
 */
final class WebSocketCarrier implements Carrier {
    private static final System.Logger LOG = System.getLogger(WebSocketCarrier.class.getName());

    private final WebSocketConnection socket;
    private final LiveSession session;
    private final boolean opening;
    private final Duration closeTimeout;
    private final Pump pump = new Pump(this::drain);
    private volatile @Nullable Attachment attachment;
    private volatile boolean cut;

    /** The client does not know what the session that it opens is called. Pump's thread. */
    private boolean nameless;

    WebSocketCarrier(WebSocketConnection socket, LiveSession session, boolean opening, Duration closeTimeout) {
        this.socket = socket;
        this.session = session;
        this.opening = opening;
        this.closeTimeout = closeTimeout;
        this.nameless = opening && session.kind() == SessionKind.POSTERN;
    }

    /** Begins to write. */
    void begin(Attachment taken) {
        attachment = taken;
        pump.wake();
    }

    @Override
    public void wake() {
        pump.wake();
    }

    @Override
    public void cut() {
        cut = true;
        // not by the pump, which may be writing to a client that does not read
        var unused = Thread.ofVirtual().name("postern-push-cut").start(socket::abort);
    }

    private void drain() {
        var mine = attachment;
        if (mine == null) {
            return; // it has not begun, and wakes the pump when it does
        }
        try {
            for (var batch = session.take(mine); batch != null && !cut; ) {
                write(mine, batch);
                var next = session.takeAfter(mine, batch);
                if (batch.detach() != null && batch.end()) {
                    socket.close(SessionCodes.SUPERSEDED);
                } else if (batch.close() != null) {
                    finish(mine, batch.close().status());
                }
                batch = next;
            }
        } catch (IOException e) {
            LOG.log(Level.DEBUG, () -> "lost the WebSocket of " + session, e);
            leave(mine, e);
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, () -> "cannot write the WebSocket of " + session, e);
            leave(mine, null);
            socket.abort();
        }
    }

    /** The session waits for its client, unless that cannot come back because it does not know the name. */
    private void leave(Attachment mine, @Nullable IOException cause) {
        if (nameless) {
            session.end(new CloseInfo(CloseStatus.ABNORMAL, Initiator.NETWORK, null, null, cause), true);
        } else {
            session.detach(mine);
        }
    }

    private void write(Attachment mine, Batch batch) throws IOException {
        boolean bare = session.kind() == SessionKind.BARE_WEBSOCKET;
        if (batch.greets() && !bare) {
            socket.send(ControlFrame.control(StreamRecord.ATTACHED, mine.start(), session.greeting(mine, opening)));
            nameless = false;
        }
        if (batch.ack() != Batch.NO_ACK) {
            socket.send(ControlFrame.control(StreamRecord.ACK, batch.ack(), null));
        }
        if (batch.entries().size() == 1) {
            send(batch.entries().getFirst().item(), bare);
        } else if (!batch.entries().isEmpty()) {
            socket.sendAll(batch.entries().stream()
                    .map(entry -> frame(entry.item(), bare))
                    .toList());
        }
        if (batch.close() != null && !bare) {
            socket.send(ControlFrame.control(
                    StreamRecord.CLOSE, batch.close().number(), batch.close().parameters()));
        }
        if (batch.detach() != null && !batch.end() && !bare) {
            socket.send(ControlFrame.control(StreamRecord.DETACH, batch.detach().parameters()));
        }
        if (batch.heartbeat() && !bare) {
            socket.send(ControlFrame.heartbeat());
        }
    }

    private void send(Outgoing item, boolean bare) throws IOException {
        switch (item) {
            case SharedMessage shared -> socket.send(shared.frame(bare));
            case SingleMessage single -> {
                switch (single.message()) {
                    case Message.Text text -> socket.send(text.text());
                    case Message.Binary binary -> socket.send(payload(binary, bare));
                }
            }
        }
    }

    /** For several at a time, which are written together. */
    private static PreparedMessage frame(Outgoing item, boolean bare) {
        return switch (item) {
            case SharedMessage shared -> shared.frame(bare);
            case SingleMessage single ->
                switch (single.message()) {
                    case Message.Text text -> PreparedMessage.text(text.text());
                    case Message.Binary binary -> PreparedMessage.binary(payload(binary, bare));
                };
        };
    }

    private static ByteBuffer payload(Message.Binary binary, boolean bare) {
        return bare ? binary.data().duplicate() : ControlFrame.binary(binary.data());
    }

    /** The Close frame follows when the client has handed over what it had sent and acknowledged the close record, or not in time (§9). */
    private void finish(Attachment mine, CloseStatus status) throws IOException {
        if (session.kind() == SessionKind.POSTERN) {
            for (long ack = session.awaitOver(mine, closeTimeout);
                    ack != Batch.NO_ACK;
                    ack = session.awaitOver(mine, closeTimeout)) {
                socket.send(ControlFrame.control(StreamRecord.ACK, ack, null));
            }
        }
        boolean sendable = status.isSendable() || status.equals(CloseStatus.NO_STATUS);
        socket.close(sendable ? status : CloseStatus.NORMAL);
    }
}
