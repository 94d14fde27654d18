package io.github.postern.faults;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The way from the client to the server: takes each request, finds its fault, and passes it on as that wants. For one thread. */
final class RequestRelay implements Runnable {
    private final Network network;
    private final ProxiedConnection connection;
    private final Socket client;
    private final ResponseRelay responses;

    /** {@code null} until there is something for the server. */
    private @Nullable Passage up;

    RequestRelay(Network network, ProxiedConnection connection, Socket client, ResponseRelay responses) {
        this.network = network;
        this.connection = connection;
        this.client = client;
        this.responses = responses;
    }

    @Override
    public void run() {
        try {
            requests(new ByteSource(client.getInputStream(), this::flush));
        } catch (IOException | RuntimeException e) {
            if (!connection.isVanished(Direction.UP)) {
                connection.end(Ending.CLOSE); // one side is gone, and so is the other
            }
        } catch (InterruptedException e) {
            connection.end(Ending.CLOSE); // the proxy is closed
        } finally {
            connection.finished();
        }
    }

    private void flush() throws IOException {
        if (up != null) {
            up.flush();
        }
    }

    private void requests(ByteSource in) throws IOException, InterruptedException {
        while (in.fill()) {
            if (connection.isVanished(Direction.UP)) {
                in.rest((bytes, offset, length) -> {});
                return;
            }
            var previous = connection.current();
            if (previous != null && previous.awaitTunnel()) {
                in.rest((bytes, offset, length) -> pass(previous, bytes, offset, length));
                break;
            }
            request(in);
        }
        if (!connection.isVanished(Direction.UP)) {
            endOfClient();
        }
    }

    private void endOfClient() throws IOException, InterruptedException {
        network.awaitThaw(connection);
        if (up == null || isHeldBack()) {
            connection.end(Ending.CLOSE);
        } else {
            flush();
            connection.endOfClient();
        }
    }

    /** Whether the response is such that no failing write would show that the client is gone. */
    private boolean isHeldBack() {
        var exchange = connection.current();
        return exchange != null
                && (exchange.effect() instanceof Effect.MuteBody || exchange.effect() instanceof Effect.BufferBody);
    }

    private void request(ByteSource in) throws IOException, InterruptedException {
        var head = in.head();
        network.count().request();
        var exchange = network.plan().begin(Request.parse(head));
        connection.begin(exchange);
        if (!exchange.request().isHttp()) {
            exchange.openTunnel();
        }
        var framing = exchange.request().isHttp() ? Framing.ofRequest(head) : new Framing.Length(0);
        switch (exchange.effect()) {
            case Effect.Answer(int status, Map<String, String> fields) -> {
                in.body(framing, (bytes, offset, length) -> {});
                network.awaitThaw(connection);
                responses.answer(status, fields, "");
                exchange.strike();
                exchange.complete();
            }
            case Effect.LoseRequest e -> connection.strikeWith(exchange, Ending.CLOSE);
            case Effect.Repeat(boolean beside) -> {
                var whole = new ByteArrayOutputStream();
                whole.write(head);
                in.body(framing, (bytes, offset, length) -> {
                    whole.write(bytes, offset, length);
                    ProxiedConnection.checkHeld(whole);
                });
                connection.copies().repeat(exchange, whole.toByteArray(), beside);
                forward(exchange, whole.toByteArray(), in, new Framing.Length(0));
            }
            case Effect.Delay(Direction direction, Duration time) -> {
                if (direction == Direction.UP) {
                    exchange.strike();
                    connection.pause(time);
                }
                forward(exchange, head, in, framing);
            }
            case Effect.AnswerInstead(int status, Duration after) -> {
                forward(exchange, head, in, framing);
                connection.start(() -> responses.answerInstead(exchange, status, after));
            }
            default -> forward(exchange, head, in, framing);
        }
    }

    private void forward(Exchange exchange, byte[] head, ByteSource in, Framing framing)
            throws IOException, InterruptedException {
        network.awaitThaw(connection);
        if (up == null) {
            up = new Passage(network, connection, Direction.UP, connection.connect());
        }
        pass(exchange, head, 0, head.length);
        in.body(framing, (bytes, offset, length) -> pass(exchange, bytes, offset, length));
        flush();
    }

    private void pass(Exchange exchange, byte[] bytes, int offset, int length)
            throws IOException, InterruptedException {
        if (up != null) {
            up.pass(exchange, bytes, offset, length);
        }
    }
}
