package io.github.postern.faults;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/** The way from the server to the client: passes each response on as the fault of its request wants. For one thread, but for what is said otherwise. */
final class ResponseRelay {
    private final Network network;
    private final ProxiedConnection connection;
    private final Passage down;

    /** What there is of a response that is held back. */
    private final ByteArrayOutputStream held = new ByteArrayOutputStream();

    ResponseRelay(Network network, ProxiedConnection connection, Socket client) throws IOException {
        this.network = network;
        this.connection = connection;
        this.down = new Passage(network, connection, Direction.DOWN, client);
    }

    /** Passes on what comes from the server, to the end. */
    void run(Socket server) {
        try {
            responses(new ByteSource(server.getInputStream(), down::flush));
            if (passesEnd()) {
                network.awaitThaw(connection);
                down.flush();
                connection.endOfServer();
            }
        } catch (IOException | RuntimeException e) {
            if (passesEnd()) {
                connection.end(Ending.CLOSE);
            }
        } catch (InterruptedException e) {
            connection.end(Ending.CLOSE);
        } finally {
            var exchange = connection.current();
            if (exchange != null) {
                exchange.complete();
            }
            connection.finished();
        }
    }

    /** Whether the client is to learn that the server has ended; not if it is to get an answer that is not the server's. */
    private boolean passesEnd() {
        var exchange = connection.current();
        return !connection.isVanished(Direction.DOWN)
                && (exchange == null || !(exchange.effect() instanceof Effect.AnswerInstead));
    }

    private void responses(ByteSource in) throws IOException, InterruptedException {
        while (in.fill()) {
            var exchange = connection.current();
            if (exchange == null) {
                throw new IOException("bytes before a request");
            }
            if (!exchange.request().isHttp()) {
                in.rest((bytes, offset, length) -> deliver(exchange, bytes, offset, length));
                return;
            }
            var head = in.head();
            int status = Framing.status(head);
            if (status < 0) {
                throw new IOException("no response of HTTP/1.1");
            }
            boolean tunnel = status == 101;
            beginResponse(exchange, head);
            if (tunnel) {
                openTunnel(exchange, in);
                return;
            }
            in.body(
                    Framing.ofResponse(head, status, exchange.request().method()),
                    (bytes, offset, length) -> deliver(exchange, bytes, offset, length));
            if (status / 100 != 1) {
                endResponse(exchange);
            }
        }
    }

    private void openTunnel(Exchange exchange, ByteSource in) throws IOException, InterruptedException {
        network.count().upgrade();
        if (exchange.effect() instanceof Effect.LoseResponse) {
            connection.strikeWith(exchange, Ending.CLOSE); // the response ends with its head
        }
        if (exchange.effect() instanceof Effect.MuteFrames) {
            exchange.strike();
            connection.vanish();
        }
        exchange.openTunnel();
        in.rest((bytes, offset, length) -> deliver(exchange, bytes, offset, length));
    }

    private void beginResponse(Exchange exchange, byte[] head) throws IOException, InterruptedException {
        switch (exchange.effect()) {
            case Effect.Delay(Direction direction, Duration time) -> {
                if (direction == Direction.DOWN) {
                    exchange.strike();
                    connection.pause(time);
                }
            }
            case Effect.LoseResponse e -> {
                return;
            }
            case Effect.AnswerInstead e -> {
                return;
            }
            default -> {}
        }
        down.pass(exchange, head, 0, head.length);
        down.flush();
        switch (exchange.effect()) {
            case Effect.MuteBody e -> {
                connection.vanish(Direction.DOWN);
                exchange.strike();
            }
            case Effect.BufferBody e -> exchange.strike();
            case Effect.CutLater(Duration after, Ending ending) -> connection.cutLater(exchange, after, ending);
            default -> {}
        }
    }

    /** A piece of the body, or of a tunnel. */
    private void deliver(Exchange exchange, byte[] bytes, int offset, int length)
            throws IOException, InterruptedException {
        switch (exchange.effect()) {
            case Effect.LoseResponse e -> {}
            case Effect.AnswerInstead e -> {}
            case Effect.BufferBody e -> {
                held.write(bytes, offset, length);
                ProxiedConnection.checkHeld(held);
            }
            default -> down.pass(exchange, bytes, offset, length);
        }
    }

    private void endResponse(Exchange exchange) throws IOException, InterruptedException {
        switch (exchange.effect()) {
            case Effect.LoseResponse e -> connection.strikeWith(exchange, Ending.CLOSE);
            case Effect.AnswerInstead e -> {
                return; // it is answered, and the connection ended, when it is time
            }
            case Effect.BufferBody e -> {
                down.pass(exchange, held.toByteArray(), 0, held.size());
                held.reset();
            }
            default -> {}
        }
        if (!connection.isVanished(Direction.DOWN)) {
            exchange.complete(); // before the client can know, so that its next request finds it so
            down.flush();
        }
    }

    /** Answers in the server's place. Any thread, while no response comes from the server. */
    void answer(int status, Map<String, String> fields, String more) throws IOException {
        var head = new StringBuilder("HTTP/1.1 " + status + " Fault\r\n" + more);
        fields.forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
        head.append(status == 204 || status == 304 ? "\r\n" : "Content-Length: 0\r\n\r\n");
        down.say(head.toString().getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Answers in the server's place when it is time, and ends the connection. A thread of its own. */
    void answerInstead(Exchange exchange, int status, Duration after) {
        try {
            if (!connection.pause(after)) {
                network.awaitThaw(connection);
                // what comes behind the answer, as the end of a client that has it, interferes no more
                connection.vanish();
                answer(status, Map.of(), "Connection: close\r\n");
                connection.endGently(Direction.DOWN);
                exchange.strike();
            }
        } catch (IOException | InterruptedException e) {
            connection.end(Ending.CLOSE);
        }
    }
}
