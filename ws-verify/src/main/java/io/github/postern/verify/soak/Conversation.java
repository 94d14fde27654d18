package io.github.postern.verify.soak;

import io.github.postern.ws.connection.Message;
import io.github.postern.ws.connection.WebSocket;
import io.github.postern.ws.core.PreparedMessage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;

/** Messages that are sent and come back. */
final class Conversation {
    private static final int SENDERS = 3;

    private Conversation() {}

    static void echo(Visit visit) throws Exception {
        var ws = visit.connect(Behaviour.ECHO);
        for (int i = visit.random().nextInt(8); i >= 0; i--) {
            echo(visit, ws);
        }
        visit.close(ws);
    }

    static void echo(Visit visit, WebSocket ws) throws Exception {
        var message = Payload.message(visit.random());
        send(visit.random(), ws, message);
        requireSame(message, ws.receive());
    }

    static void requireSame(Message sent, Message received) throws Unexpected {
        Unexpected.unless(
                received.equals(sent), "sent " + Payload.describe(sent) + ", received " + Payload.describe(received));
    }

    /** Sends a message in one of the ways that there are. */
    static void send(Random random, WebSocket ws, Message message) throws IOException {
        switch (random.nextInt(4)) {
            case 0 -> ws.send(message);
            case 1 -> sendAsItIs(random, ws, message);
            case 2 -> ws.send(prepared(message));
            default -> Streaming.send(random, ws, message);
        }
    }

    private static void sendAsItIs(Random random, WebSocket ws, Message message) throws IOException {
        switch (message) {
            case Message.Text text -> ws.send(text.text(), random.nextBoolean());
            case Message.Binary binary -> ws.send(binary.data().duplicate(), random.nextBoolean());
        }
    }

    private static PreparedMessage prepared(Message message) {
        return switch (message) {
            case Message.Text text -> PreparedMessage.text(text.text());
            case Message.Binary binary -> PreparedMessage.binary(binary.data().duplicate());
        };
    }

    static void pipelined(Visit visit) throws Exception {
        var ws = visit.connect(Behaviour.ECHO);
        int most = 1 << visit.random().nextInt(18);
        var messages = new ArrayList<Message>();
        for (int i = visit.random().nextInt(60); i >= 0; i--) {
            messages.add(Payload.message(visit.random(), most));
        }
        var chance = new Random(visit.random().nextLong());
        var sending = visit.beside(() -> {
            for (var message : messages) {
                send(chance, ws, message);
            }
            return true;
        });
        for (var message : messages) {
            requireSame(message, ws.receive());
        }
        visit.result(sending);
        visit.close(ws);
    }

    static void manySenders(Visit visit) throws Exception {
        var ws = visit.connect(Behaviour.ECHO);
        var sending = new ArrayList<FutureTask<Boolean>>();
        int each = visit.random().nextInt(20);
        for (int sender = 0; sender < SENDERS; sender++) {
            sending.add(visit.beside(
                    sender(ws, sender, each, new Random(visit.random().nextLong()))::send));
        }
        var next = new int[SENDERS];
        for (int i = 0; i < SENDERS * each; i++) {
            if (!(ws.receive() instanceof Message.Text text)) {
                throw new Unexpected("binary instead of text");
            }
            int sender = text.text().charAt(0) - 'A';
            int number = text.text().charAt(1) - '0';
            Unexpected.unlessEqual(next[sender]++, number, "the messages of sender " + sender + " go on with");
        }
        for (var one : sending) {
            visit.result(one);
        }
        visit.close(ws);
    }

    /** One of those who send over the same connection. */
    @FunctionalInterface
    private interface Sender {
        Boolean send() throws IOException;
    }

    private static Sender sender(WebSocket ws, int sender, int messages, Random random) {
        return () -> {
            for (int i = 0; i < messages; i++) {
                var text = "" + (char) ('A' + sender) + (char) ('0' + i) + Payload.text(random, random.nextInt(20_000));
                send(random, ws, new Message.Text(text));
            }
            return true;
        };
    }

    static void receiveTimeouts(Visit visit) throws Exception {
        var ws = visit.connect(Behaviour.ECHO);
        var message = Payload.message(visit.random());
        send(visit.random(), ws, message);
        var received = Optional.<Message>empty();
        while (received.isEmpty()) {
            received = ws.receive(Duration.ofNanos(visit.random().nextInt(3_000_000)));
        }
        requireSame(message, received.get());
        visit.close(ws);
    }

    static void pings(Visit visit) throws Exception {
        var ws = visit.connect(Behaviour.ECHO);
        var pongs = new LinkedBlockingQueue<ByteBuffer>();
        ws.onPong(pongs::add);
        for (int i = visit.random().nextInt(5); i >= 0; i--) {
            var payload = Payload.binary(visit.random(), 1 + visit.random().nextInt(125));
            ws.ping(payload.duplicate());
            if (visit.random().nextBoolean()) {
                echo(visit, ws); // which comes after the answer
            }
            var pong = pongs.poll();
            while (pong == null) {
                Unexpected.unless(ws.receive(Duration.ofMillis(5)).isEmpty(), "a message that nobody sent");
                pong = pongs.poll();
            }
            Unexpected.unlessEqual(payload, pong, "the answer to a ping");
        }
        visit.close(ws);
    }
}
