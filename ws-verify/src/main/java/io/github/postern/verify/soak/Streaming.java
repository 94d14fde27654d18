package io.github.postern.verify.soak;

import io.github.postern.ws.connection.IncomingMessage;
import io.github.postern.ws.connection.Message;
import io.github.postern.ws.connection.WebSocket;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Random;

/** Messages that are sent or received piece by piece. */
final class Streaming {
    /** Fewer than the fragments that a message may have. */
    private static final int MOST_FLUSHES = 400;

    private Streaming() {}

    static void send(Random random, WebSocket ws, Message message) throws IOException {
        switch (message) {
            case Message.Text text -> sendText(random, ws, text.text());
            case Message.Binary binary -> sendBinary(random, ws, binary.data().array());
        }
    }

    private static void sendText(Random random, WebSocket ws, String text) throws IOException {
        try (var out = ws.openText()) {
            int flushes = 0;
            for (int at = 0; at < text.length(); ) {
                int step = step(random, text.length() - at);
                out.write(text, at, step);
                at += step;
                if (flushes++ < MOST_FLUSHES && random.nextInt(4) == 0) {
                    out.flush();
                }
            }
        }
    }

    private static void sendBinary(Random random, WebSocket ws, byte[] data) throws IOException {
        try (var out = ws.openBinary()) {
            int flushes = 0;
            for (int at = 0; at < data.length; ) {
                int step = step(random, data.length - at);
                out.write(data, at, step);
                at += step;
                if (flushes++ < MOST_FLUSHES && random.nextInt(4) == 0) {
                    out.flush();
                }
            }
        }
    }

    private static int step(Random random, int most) {
        return Math.min(most, 1 + random.nextInt(1 << random.nextInt(17)));
    }

    static void out(Visit visit) throws Exception {
        var ws = visit.connect(Behaviour.ECHO);
        for (int i = visit.random().nextInt(3); i >= 0; i--) {
            var message = Payload.message(visit.random());
            send(visit.random(), ws, message);
            Conversation.requireSame(message, ws.receive());
        }
        visit.close(ws);
    }

    static void in(Visit visit) throws Exception {
        var ws = visit.connect(Behaviour.ECHO);
        for (int i = visit.random().nextInt(3); i >= 0; i--) {
            var message = Payload.message(visit.random());
            Conversation.send(visit.random(), ws, message);
            try (var incoming = ws.receiveStream()) {
                Conversation.requireSame(message, readAll(visit, incoming));
            }
        }
        visit.close(ws);
    }

    private static Message readAll(Visit visit, IncomingMessage incoming) throws IOException {
        if (visit.chance(20)) {
            Behaviour.pauseUntilSomebodyStandsIn();
        }
        if (incoming.isText()) {
            var text = new StringBuilder();
            var chunk = new char[step(visit.random(), 1 << 16)];
            for (int read = incoming.reader().read(chunk);
                    read >= 0;
                    read = incoming.reader().read(chunk)) {
                text.append(chunk, 0, read);
            }
            return new Message.Text(text.toString());
        }
        var data = new ByteArrayOutputStream();
        var chunk = new byte[step(visit.random(), 1 << 16)];
        for (int read = incoming.inputStream().read(chunk);
                read >= 0;
                read = incoming.inputStream().read(chunk)) {
            data.write(chunk, 0, read);
        }
        return new Message.Binary(ByteBuffer.wrap(data.toByteArray()));
    }

    /** What is left of a message that was closed does not come up in the next. */
    static void inHalf(Visit visit) throws Exception {
        var ws = visit.connect(Behaviour.ECHO);
        for (int i = visit.random().nextInt(4); i >= 0; i--) {
            var dropped = Payload.message(visit.random());
            Conversation.send(visit.random(), ws, dropped);
            try (var incoming = ws.receiveStream()) {
                if (incoming.isText()) {
                    var unused = incoming.reader().read(new char[step(visit.random(), 1 << 16)]);
                } else {
                    var unused = incoming.inputStream().read(new byte[step(visit.random(), 1 << 16)]);
                }
                if (visit.chance(15)) {
                    Behaviour.pauseUntilSomebodyStandsIn();
                }
            }
            if (visit.random().nextBoolean()) {
                Conversation.echo(visit, ws);
            }
        }
        visit.close(ws);
    }

    static void through(Visit visit) throws Exception {
        var ws = visit.connect(Behaviour.PASS_ON);
        for (int i = visit.random().nextInt(3); i >= 0; i--) {
            var message = Payload.message(visit.random());
            var chance = new Random(visit.random().nextLong());
            var sending = visit.beside(() -> {
                Conversation.send(chance, ws, message);
                return true;
            });
            try (var incoming = ws.receiveStream()) {
                Conversation.requireSame(message, readAll(visit, incoming));
            }
            visit.result(sending);
        }
        visit.close(ws);
    }

    static void serverHearsHalf(Visit visit) throws Exception {
        var ws = visit.connect(Behaviour.HALF);
        for (int i = visit.random().nextInt(6); i >= 0; i--) {
            var message = Payload.message(visit.random());
            Conversation.send(visit.random(), ws, message);
            Unexpected.unlessEqual(
                    new Message.Text("heard"), ws.receive(), "the answer to " + Payload.describe(message));
        }
        visit.close(ws);
    }
}
