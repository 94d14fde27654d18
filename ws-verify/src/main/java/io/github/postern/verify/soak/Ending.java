package io.github.postern.verify.soak;

import io.github.postern.ws.connection.CloseInfo.Initiator;
import io.github.postern.ws.connection.ConnectionClosedException;
import io.github.postern.ws.connection.ReadyState;
import io.github.postern.ws.core.CloseStatus;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/** The ways in which a connection comes to its end while the network is in order. */
final class Ending {
    private Ending() {}

    /** While nothing happens, or while another thread receives. */
    static void clientCloses(Visit visit) throws Exception {
        var ws = visit.connect(Behaviour.ECHO);
        if (visit.random().nextBoolean()) {
            visit.close(ws);
            return;
        }
        var receiving = visit.beside(() -> visit.end(ws));
        visit.close(ws);
        Unexpected.unless(visit.result(receiving).clean(), "a receiver saw another end than the closer");
    }

    static void serverCloses(Visit visit) throws Exception {
        long seed = visit.random().nextLong();
        var ws = visit.connect(Behaviour.CLOSE, seed);
        ws.send("");
        visit.awaitClose(ws, Behaviour.status(new Random(seed)));
    }

    static void bothClose(Visit visit) throws Exception {
        var ws = visit.connect(Behaviour.CLOSE);
        ws.send("");
        LockSupport.parkNanos(visit.random().nextInt(1_000_000));
        ws.close();
        var info = ws.closeInfo().orElseThrow();
        Unexpected.unless(info.clean(), "both closed, and the client was " + info);
        var other = visit.serverEnd(ws);
        Unexpected.unless(other.clean(), "both closed, and the server was " + other);
    }

    static void handlerReturns(Visit visit) throws Exception {
        var ws = visit.connect(Behaviour.RETURN);
        ws.send(ByteBuffer.allocate(0));
        visit.awaitClose(ws, CloseStatus.NORMAL);
    }

    static void handlerThrows(Visit visit) throws Exception {
        var ws = visit.connect(Behaviour.THROW);
        ws.send("");
        visit.awaitClose(ws, CloseStatus.INTERNAL_ERROR);
    }

    static void handlerNeverReceives(Visit visit) throws Exception {
        var ws = visit.connect(Behaviour.MUTE);
        for (int i = visit.random().nextInt(4); i > 0; i--) {
            Conversation.send(visit.random(), ws, Payload.message(visit.random(), 10_000));
        }
        visit.close(ws);
    }

    static void clientAborts(Visit visit) throws Exception {
        var ws = visit.connect(Behaviour.ECHO);
        if (visit.random().nextBoolean()) {
            Conversation.send(visit.random(), ws, Payload.message(visit.random()));
        }
        ws.abort();
        var info = visit.end(ws);
        Unexpected.unless(!info.clean() && info.initiator() == Initiator.LOCAL, "aborted, and was " + info);
        var other = visit.serverEnd(ws);
        Unexpected.unlessEqual(CloseStatus.ABNORMAL, other.status(), "after an abort the server was " + other);
    }

    static void serverAborts(Visit visit) throws Exception {
        var ws = visit.connect(Behaviour.ABORT);
        ws.send("");
        var info = visit.end(ws);
        Unexpected.unless(
                info.status().equals(CloseStatus.ABNORMAL) && info.initiator() == Initiator.NETWORK,
                "after the server's abort the client was " + info);
        var unused = visit.serverEnd(ws);
    }

    /** Who is sending when the connection is closed or aborted by another thread learns it, and sends nothing any more. */
    static void whileSending(Visit visit) throws Exception {
        var ws = visit.connect(Behaviour.LISTEN);
        var random = new Random(visit.random().nextLong());
        var sending = visit.beside(() -> {
            try {
                while (true) {
                    Conversation.send(random, ws, Payload.message(random));
                }
            } catch (ConnectionClosedException e) {
                return e;
            }
        });
        LockSupport.parkNanos(visit.random().nextInt(20_000_000));
        boolean inOrder = visit.random().nextBoolean();
        if (inOrder) {
            ws.close();
        } else {
            ws.abort();
        }
        var unused = visit.result(sending);
        Unexpected.unlessEqual(ReadyState.CLOSED, ws.readyState(), "ended while sending");
        var info = ws.closeInfo().orElseThrow();
        var end = visit.serverEnd(ws);
        Unexpected.unless(
                info.clean() == inOrder && end.clean() == inOrder,
                "ended while sending, and the client was " + info + ", the server " + end);
    }
}
