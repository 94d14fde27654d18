package io.github.postern.push;

import io.github.postern.ws.connection.CloseInfo;
import io.github.postern.ws.connection.CloseInfo.Initiator;
import io.github.postern.ws.connection.ConnectionClosedException;
import io.github.postern.ws.connection.Message;
import io.github.postern.ws.connection.WebSocketConnection;
import io.github.postern.ws.core.CloseStatus;
import java.io.IOException;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/** Serves one WebSocket of an endpoint, on the thread that reads it: attaching, and the way from the client (PROTOCOL.md §8, §13). */
final class WebSocketReceiver {
    private static final System.Logger LOG = System.getLogger(WebSocketReceiver.class.getName());

    private final PushEndpoint endpoint;
    private final WebSocketConnection socket;
    private final String address;

    /** For the authenticator; {@code null} if there is none. */
    private final @Nullable PushRequest request;

    WebSocketReceiver(
            PushEndpoint endpoint, WebSocketConnection socket, String address, @Nullable PushRequest request) {
        this.request = request;
        this.endpoint = endpoint;
        this.socket = socket;
        this.address = address;
    }

    /** Serves a client of the protocol until the WebSocket has ended. */
    void serve() {
        try {
            var first = socket.receive(endpoint.options().attachTimeout());
            if (first.isEmpty()) {
                socket.close(SessionCodes.NO_ATTACH);
            } else {
                attach(first.get());
            }
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "a WebSocket ended before it was attached", e);
        } catch (InterruptedException e) {
            socket.abort();
            Thread.currentThread().interrupt();
        }
    }

    private void attach(Message first) throws IOException, InterruptedException {
        var content = ControlFrame.read(first) instanceof ControlFrame.Control control ? control.content() : null;
        var parameters = content == null ? null : content.parameters();
        if (content == null
                || !content.event().equals(StreamRecord.ATTACH)
                || parameters == null
                || parameters.number("epoch") < 1) {
            socket.close(SessionCodes.MALFORMED);
            return;
        }
        long position = content.id() == null ? 0 : content.number();
        if (position == Numbers.MALFORMED) {
            socket.close(SessionCodes.MALFORMED);
            return;
        }
        switch (authenticate(parameters)) {
            case Authentication.Rejected rejected -> socket.close(SessionCodes.ofHttp(rejected.status()));
            case Authentication.Admitted client -> attach(parameters, position, client);
        }
    }

    /** Asks the authenticator, with the token in a record if there is one and otherwise that of the handshake. */
    private Authentication authenticate(Parameters parameters) {
        if (request == null) {
            return Authentication.anonymous();
        }
        return endpoint.gate()
                .decide(parameters.text("token").map(request::withToken).orElse(request));
    }

    private void attach(Parameters parameters, long position, Authentication.Admitted client)
            throws IOException, InterruptedException {
        var secret = parameters.text("session");
        if (secret.isPresent()) {
            var session = endpoint.sessions().find(secret.get());
            if (session == null && endpoint.sessions().isStopped()) {
                socket.close(SessionCodes.BUSY); // another server may know it
            } else if (session == null || session.kind() != SessionKind.POSTERN) {
                socket.send(ControlFrame.control(StreamRecord.CLOSE, Batch.Close.parameters(SessionCodes.UNKNOWN)));
                socket.close(SessionCodes.UNKNOWN);
            } else if (!session.admit(client)) {
                socket.close(SessionCodes.NOT_THE_HOLDER);
            } else {
                attach(session, false, parameters.number("epoch"), position);
            }
        } else if (position != 0) {
            socket.close(SessionCodes.BAD_POSITION);
        } else {
            open(parameters.number("epoch"), client);
        }
    }

    private void open(long epoch, Authentication.Admitted client) throws IOException, InterruptedException {
        var opened = endpoint.sessions().open(SessionKind.POSTERN, address, client);
        if (opened.session() != null) {
            attach(opened.session(), true, epoch, 0);
        } else if (opened.refusal() == PushSessions.Refusal.TOO_MANY_FROM_ADDRESS) {
            socket.close(SessionCodes.TOO_MANY);
        } else {
            socket.close(SessionCodes.BUSY);
        }
    }

    private void attach(LiveSession session, boolean opening, long epoch, long position)
            throws IOException, InterruptedException {
        var carrier = new WebSocketCarrier(
                socket, session, opening, endpoint.options().closeTimeout());
        switch (session.attach(epoch, PushTransport.WEBSOCKET, position, carrier)) {
            case AttachResult.Taken taken -> {
                carrier.begin(taken.attachment());
                receive(session, taken.attachment());
            }
            case AttachResult.Fenced f -> socket.close(SessionCodes.FENCED);
            case AttachResult.BadPosition b -> socket.close(SessionCodes.BAD_POSITION);
            case AttachResult.Over over -> {
                var close = over.close();
                socket.send(ControlFrame.control(StreamRecord.CLOSE, close.number(), close.parameters()));
                socket.close(SessionCodes.UNKNOWN);
            }
        }
    }

    private void receive(LiveSession session, Attachment attachment) throws InterruptedException {
        try {
            while (true) {
                var fault = take(session, attachment, socket.receive());
                if (fault != null) {
                    session.detach(attachment);
                    socket.close(fault);
                    return;
                }
            }
        } catch (ConnectionClosedException e) {
            if (e.closeInfo().sent() != null && isTooBig(e.closeInfo().sent())) {
                endTooBig(session); // it would only be sent again (§8)
            }
        } catch (IOException e) {
            LOG.log(Level.DEBUG, () -> "lost the WebSocket of " + session, e);
        } finally {
            session.detach(attachment);
        }
    }

    private static boolean isTooBig(@Nullable CloseStatus status) {
        return status != null && status.code() == CloseStatus.MESSAGE_TOO_BIG.code();
    }

    /** Takes in what arrived; returns how to close the WebSocket if it was malformed. */
    private @Nullable CloseStatus take(LiveSession session, Attachment attachment, Message arrived) throws IOException {
        return switch (ControlFrame.read(arrived)) {
            case ControlFrame.Payload payload -> {
                deliver(session, attachment, payload.message());
                yield null;
            }
            case ControlFrame.Control control -> control(session, attachment, control.content());
            case ControlFrame.Heartbeat h -> null;
            case ControlFrame.Malformed malformed -> SessionCodes.MALFORMED;
        };
    }

    private void deliver(LiveSession session, Attachment attachment, Message message) {
        int size = MessageSize.of(message);
        if (size > endpoint.options().limits().maxMessageSize()) {
            endTooBig(session);
        } else if (!session.deliver(attachment, message, size)) {
            LOG.log(Level.DEBUG, () -> "dropped a message that came after the end of its attachment to " + session);
        }
    }

    private static void endTooBig(LiveSession session) {
        var status = CloseStatus.MESSAGE_TOO_BIG;
        session.end(new CloseInfo(status, Initiator.LOCAL, status, null, null), false);
    }

    private @Nullable CloseStatus control(LiveSession session, Attachment attachment, StreamRecord control)
            throws IOException {
        switch (control.event()) {
            case StreamRecord.ACK -> {
                long position = control.number();
                boolean possible = position != Numbers.MALFORMED && session.acknowledge(attachment, position);
                return possible ? null : SessionCodes.BAD_POSITION;
            }
            case StreamRecord.CLOSE -> {
                var status = UpstreamReader.closeStatus(control);
                if (status == null) {
                    return SessionCodes.MALFORMED;
                }
                session.peerClosed(attachment, status);
            }
            case StreamRecord.TOKEN -> {
                return renew(session, control);
            }
            case StreamRecord.PING -> socket.send(ControlFrame.pong(control.data() == null ? "" : control.data()));
            case StreamRecord.ATTACH -> {
                return SessionCodes.MALFORMED;
            }
            default -> {
                // a record that this version does not know
            }
        }
        return null;
    }

    private @Nullable CloseStatus renew(LiveSession session, StreamRecord control) {
        var parameters = control.parameters();
        if (parameters == null || parameters.text("token").isEmpty()) {
            return SessionCodes.MALFORMED;
        }
        return switch (authenticate(parameters)) {
            case Authentication.Rejected rejected -> SessionCodes.ofHttp(rejected.status());
            case Authentication.Admitted client -> session.admit(client) ? null : SessionCodes.NOT_THE_HOLDER;
        };
    }

    /** Serves a bare client, whose session is the WebSocket's, until it has ended. */
    void serveBare(LiveSession session) {
        var carrier =
                new WebSocketCarrier(socket, session, true, endpoint.options().closeTimeout());
        if (!(session.attachBare(PushTransport.WEBSOCKET, 0, carrier) instanceof AttachResult.Taken taken)) {
            socket.close(CloseStatus.GOING_AWAY); // the server began to stop in between
            return;
        }
        carrier.begin(taken.attachment());
        try {
            while (true) {
                deliver(session, taken.attachment(), socket.receive());
            }
        } catch (IOException e) {
            var lost = new CloseInfo(CloseStatus.ABNORMAL, Initiator.NETWORK, null, null, e);
            session.end(socket.closeInfo().orElse(lost), true);
        } catch (InterruptedException e) {
            session.application().abort();
            Thread.currentThread().interrupt();
        }
    }
}
