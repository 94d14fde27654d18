package io.github.postern.verify.soak;

import io.github.postern.ws.connection.CloseInfo;
import io.github.postern.ws.connection.CloseInfo.Initiator;
import io.github.postern.ws.connection.ConnectionClosedException;
import io.github.postern.ws.connection.Message;
import io.github.postern.ws.connection.WebSocket;
import io.github.postern.ws.core.CloseStatus;
import java.nio.ByteBuffer;

/** Messages beyond the limits: 1009 is all that is to come of them. */
final class Excess {
    private Excess() {}

    static void tooLongForServer(Visit visit) throws Exception {
        var behaviour = visit.random().nextBoolean() ? Behaviour.ECHO : Behaviour.HALF;
        var ws = visit.connect(behaviour);
        var data = Payload.binary(
                visit.random(), Payload.LONGEST + 1 + visit.random().nextInt(1000));
        refusedByServer(visit, ws, () -> Conversation.send(visit.random(), ws, new Message.Binary(data)));
    }

    /** Nothing is sent much shorter than a megabyte of nothing. */
    static void inflatesTooMuch(Visit visit) throws Exception {
        if (!visit.site().deflate()) {
            tooLongForServer(visit);
            return;
        }
        var ws = visit.connect(Behaviour.ECHO);
        refusedByServer(visit, ws, () -> ws.send(ByteBuffer.allocate(Payload.LONGEST), true));
    }

    /** What the client sends. */
    @FunctionalInterface
    private interface Sending {
        void run() throws Exception;
    }

    private static void refusedByServer(Visit visit, WebSocket ws, Sending sending) throws Exception {
        var receiving = visit.beside(() -> end(ws));
        try {
            sending.run();
        } catch (ConnectionClosedException e) {
            // the server need not hear all of it
        }
        var info = visit.result(receiving);
        Unexpected.unless(
                info.status().code() == CloseStatus.MESSAGE_TOO_BIG.code() && info.initiator() == Initiator.REMOTE,
                "too long for the server, and the client was " + info);
        var other = visit.serverEnd(ws);
        Unexpected.unless(
                CloseStatus.MESSAGE_TOO_BIG.equals(other.sent()), "too long for the server, which was " + other);
    }

    /** Until a handler that has heard the half of it is through with that. */
    private static CloseInfo end(WebSocket ws) throws Exception {
        while (true) {
            try {
                Unexpected.unlessEqual(new Message.Text("heard"), ws.receive(), "received before the end");
            } catch (ConnectionClosedException e) {
                return e.closeInfo();
            }
        }
    }

    static void tooLongForClient(Visit visit) throws Exception {
        var ws = visit.connect(Behaviour.TOO_LONG);
        var info = visit.end(ws);
        Unexpected.unless(
                CloseStatus.MESSAGE_TOO_BIG.equals(info.sent()) && info.initiator() == Initiator.LOCAL,
                "too long for the client, which was " + info);
        var other = visit.serverEnd(ws);
        Unexpected.unlessEqual(
                CloseStatus.MESSAGE_TOO_BIG.code(),
                other.status().code(),
                "too long for the client, and the server was " + other);
    }
}
