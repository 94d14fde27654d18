package io.github.postern.verify.soak;

import io.github.postern.ws.connection.ReadyState;
import io.github.postern.ws.connection.WebSocket;
import java.io.IOException;
import java.util.Random;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.LockSupport;

/** Threads that are interrupted while they receive or send. */
final class Interruption {
    private Interruption() {}

    /** An interrupt that comes before the thread reads leaves the connection open, any other ends it. */
    static void receiver(Visit visit) throws Exception {
        var ws = visit.connect(Behaviour.ECHO);
        var receiving = new FutureTask<>(() -> {
            try {
                return "received " + Payload.describe(ws.receive());
            } catch (InterruptedException e) {
                return "interrupted";
            }
        });
        var thread = Thread.ofVirtual().name("soak-receiver").start(receiving);
        LockSupport.parkNanos(visit.random().nextInt(1_000_000));
        thread.interrupt();
        Unexpected.unlessEqual("interrupted", visit.result(receiving), "a receiver was interrupted and");
        endedOrUsable(visit, ws);
    }

    static void handler(Visit visit) throws Exception {
        var ws = visit.connect(Behaviour.INTERRUPT);
        var unused = visit.end(ws);
        var end = visit.serverEnd(ws);
        Unexpected.unless(
                end.status().code() == 1006 || end.status().code() == 1001,
                "a handler was interrupted, and the server was " + end);
    }

    static void sender(Visit visit) throws Exception {
        var ws = visit.connect(Behaviour.LISTEN);
        var random = new Random(visit.random().nextLong());
        var sending = new FutureTask<IOException>(() -> {
            try {
                while (true) {
                    Conversation.send(random, ws, Payload.message(random));
                    if (Thread.currentThread().isInterrupted()) {
                        return new IOException("interrupted after a message");
                    }
                }
            } catch (IOException e) {
                return e;
            }
        });
        var thread = Thread.ofVirtual().name("soak-sender").start(sending);
        LockSupport.parkNanos(visit.random().nextInt(10_000_000));
        thread.interrupt();
        var unused = visit.result(sending);
        ws.abort();
        var end = visit.serverEnd(ws);
        Unexpected.unless(!end.clean(), "a sender was interrupted, and the server was " + end);
    }

    private static void endedOrUsable(Visit visit, WebSocket ws) throws Exception {
        if (ws.readyState() == ReadyState.OPEN) {
            Conversation.echo(visit, ws);
            visit.close(ws);
        } else {
            var end = visit.serverEnd(ws);
            Unexpected.unless(!end.clean(), "a receiver was interrupted, and the server was " + end);
        }
    }
}
