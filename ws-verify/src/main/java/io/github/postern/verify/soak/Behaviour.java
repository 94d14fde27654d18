package io.github.postern.verify.soak;

import io.github.postern.ws.connection.ConnectionHandler;
import io.github.postern.ws.connection.ReadyState;
import io.github.postern.ws.connection.SlowConsumer;
import io.github.postern.ws.connection.WebSocket;
import io.github.postern.ws.core.CloseStatus;
import io.github.postern.ws.core.PreparedMessage;
import io.github.postern.ws.server.WebSocketServer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/** What a server does with a connection, by the first segment of its path. The query is the seed of what it does at random. */
enum Behaviour {
    /** Sends every message back. */
    ECHO(ws -> {
        for (var message : ws) {
            ws.send(message);
        }
    }),

    /** Sends every message back while it arrives. */
    PASS_ON(Behaviour::passOn),

    /** Hears the beginning of every message, and confirms that. */
    HALF(Behaviour::hearHalf),

    /** Closes after a message, with the status that the seed makes. */
    CLOSE(ws -> {
        ws.receive();
        ws.close(status(random(ws)));
    }),

    /** Closes in one of many ways after a message that it sends back. */
    FICKLE(Behaviour::fickle),

    RETURN(WebSocket::receive),

    THROW(ws -> {
        ws.receive();
        throw new IllegalStateException("as a handler may");
    }),

    /** Never receives. */
    MUTE(ws -> {
        while (ws.readyState() == ReadyState.OPEN) {
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
    }),

    ABORT(ws -> {
        ws.receive();
        ws.abort();
    }),

    /** Is interrupted while it receives. */
    INTERRUPT(ws -> {
        var receiver = Thread.currentThread();
        long delay = random(ws).nextInt(2_000_000);
        Thread.ofVirtual().start(() -> {
            LockSupport.parkNanos(delay);
            receiver.interrupt();
        });
        ws.receive();
    }),

    /** Sends numbers, with something behind them, as fast as they are taken. */
    COUNT(ws -> {
        var filler = filler(random(ws));
        for (int i = 0; i < Slowness.NUMBERS; i++) {
            ws.send(i + filler);
        }
    }),

    /** Sends without end. */
    FLOOD(ws -> {
        var data = ByteBuffer.allocate(64 * 1024);
        while (true) {
            ws.send(data.duplicate());
        }
    }),

    /** Sends a message that is longer than the client takes. */
    TOO_LONG(ws -> {
        ws.send(Payload.binary(random(ws), Payload.LONGEST + 1));
        for (var unused : ws) {
            // until the client has closed
        }
    }),

    /** Says so when it can be found among the server's connections, and waits for the end. */
    LISTEN(ws -> {
        ws.send("here");
        for (var unused : ws) {
            // whoever listens does not speak
        }
    }),

    /** As {@link #COUNT}, to a slow consumer. */
    DROP_NEWEST(ws -> push(ws, SlowConsumer.DROP_NEWEST)),
    DROP_OLDEST(ws -> push(ws, SlowConsumer.DROP_OLDEST)),
    CONFLATE(ws -> push(ws, SlowConsumer.conflate("number"))),
    CUT_OFF(ws -> push(ws, SlowConsumer.CLOSE));

    @SuppressWarnings("ImmutableEnumChecker") // a static method, or as good as one
    private final ConnectionHandler<WebSocket> handler;

    Behaviour(ConnectionHandler<WebSocket> handler) {
        this.handler = handler;
    }

    static void addAll(WebSocketServer.Builder server) {
        for (var behaviour : values()) {
            server.path("/" + behaviour.name() + "/{visit}", behaviour.handler);
        }
    }

    static Random random(WebSocket ws) {
        return new Random(Long.parseLong(ws.request().query().orElseThrow()));
    }

    static CloseStatus status(Random random) {
        return switch (random.nextInt(3)) {
            case 0 -> CloseStatus.NORMAL;
            case 1 -> CloseStatus.of(3000 + random.nextInt(2000));
            default -> CloseStatus.of(3000 + random.nextInt(2000), Payload.text(random, random.nextInt(124)));
        };
    }

    static String filler(Random random) {
        return ":" + Payload.text(random, random.nextInt(32 * 1024));
    }

    private static void passOn(WebSocket ws) throws IOException, InterruptedException {
        while (true) {
            try (var message = ws.receiveStream()) {
                if (message.isText()) {
                    try (var out = ws.openText()) {
                        message.reader().transferTo(out);
                    }
                } else {
                    try (var out = ws.openBinary()) {
                        message.inputStream().transferTo(out);
                    }
                }
            }
        }
    }

    private static void hearHalf(WebSocket ws) throws IOException, InterruptedException {
        var random = random(ws);
        while (true) {
            try (var message = ws.receiveStream()) {
                int most = random.nextInt(1 << random.nextInt(18));
                if (message.isText()) {
                    var unused = message.reader().read(new char[most], 0, most);
                } else {
                    var unused = message.inputStream().readNBytes(most);
                }
                if (random.nextInt(10) == 0) {
                    pauseUntilSomebodyStandsIn();
                }
            }
            ws.send("heard");
        }
    }

    /** Longer than the second that a connection may be left unattended. */
    static void pauseUntilSomebodyStandsIn() {
        LockSupport.parkNanos(Duration.ofMillis(1400).toNanos());
    }

    private static void fickle(WebSocket ws) throws IOException, InterruptedException {
        var random = random(ws);
        ws.send(ws.receive());
        switch (random.nextInt(4)) {
            case 0 -> ws.abort();
            case 1 -> ws.close(status(random));
            case 2 -> throw new IllegalStateException("as a handler may");
            default -> {}
        }
    }

    private static void push(WebSocket ws, SlowConsumer policy) throws IOException {
        var filler = filler(random(ws));
        int taken = 0;
        for (int i = 0; i < Slowness.NUMBERS; i++) {
            taken += ws.trySend(PreparedMessage.text(i + filler), policy) ? 1 : 0;
        }
        ws.send("taken:" + taken);
    }
}
