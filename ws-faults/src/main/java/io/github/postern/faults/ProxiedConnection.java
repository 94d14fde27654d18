package io.github.postern.faults;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A client's network connection and the one to the server that belongs to it. One thread goes from the client to the server, another from the server to
 * the client; each alone reads the one socket, and writes the other.
 */
final class ProxiedConnection implements Runnable {
    private static final int BUFFER = 16 * 1024;
    private static final int LARGEST_BODY = 16 * 1024 * 1024;

    /** Pieces a second in which bytes are throttled. */
    private static final int PIECES = 20;

    /** How long the other side may take to end what we have ended. */
    private static final Duration LINGER = Duration.ofSeconds(1);

    private final FaultProxy proxy;
    private final Socket client;
    private final OutputStream toClient;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final AtomicInteger running = new AtomicInteger(1);

    /** Connections to the server with copies of requests. */
    private final Set<Socket> copies = ConcurrentHashMap.newKeySet();

    private volatile @Nullable Socket server;
    private volatile @Nullable Exchange current;

    /** The client's thread only. */
    private @Nullable OutputStream toServer;

    /** Nothing goes this way any more, not even an end. */
    private volatile boolean upVanished;

    private volatile boolean downVanished;

    /** For the thread of the server's bytes only: those of a response that is held back. */
    private final ByteArrayOutputStream held = new ByteArrayOutputStream();

    ProxiedConnection(FaultProxy proxy, Socket client) throws IOException {
        this.proxy = proxy;
        this.client = client;
        client.setTcpNoDelay(true);
        this.toClient = new BufferedOutputStream(client.getOutputStream(), BUFFER);
    }

    boolean isClosed() {
        return closed.getCount() == 0;
    }

    /** Waits so long; true if the connection was closed meanwhile. */
    boolean pause(Duration time) throws InterruptedException {
        return closed.await(TimeUnit.NANOSECONDS.convert(time), TimeUnit.NANOSECONDS);
    }

    // from the client to the server

    @Override
    public void run() {
        try {
            fromClient(new ByteSource(client.getInputStream(), this::flushToServer));
        } catch (IOException | RuntimeException e) {
            if (!upVanished) {
                end(Ending.CLOSE); // one side is gone, and so is the other
            }
        } catch (InterruptedException e) {
            end(Ending.CLOSE); // the proxy is closed
        } finally {
            finished();
        }
    }

    private void flushToServer() throws IOException {
        if (toServer != null && !upVanished) {
            toServer.flush();
        }
    }

    private void fromClient(ByteSource in) throws IOException, InterruptedException {
        while (in.fill()) {
            if (upVanished) {
                in.rest((bytes, offset, length) -> {});
                return;
            }
            var previous = current;
            if (previous != null && previous.awaitTunnel()) {
                in.rest((bytes, offset, length) -> up(previous, bytes, offset, length));
                break;
            }
            request(in);
        }
        if (!upVanished) {
            endOfClient();
        }
    }

    private void endOfClient() throws IOException, InterruptedException {
        var there = server;
        proxy.awaitThaw(this);
        if (there == null || isHeldBack()) {
            end(Ending.CLOSE);
        } else {
            flushToServer();
            there.shutdownOutput();
        }
    }

    /** Whether the response is such that no failing write would show that the client is gone. */
    private boolean isHeldBack() {
        var exchange = current;
        return exchange != null
                && (exchange.effect() instanceof Effect.MuteBody || exchange.effect() instanceof Effect.BufferBody);
    }

    private void request(ByteSource in) throws IOException, InterruptedException {
        var head = in.head();
        var exchange = proxy.begin(Request.parse(head));
        current = exchange;
        if (!exchange.request().isHttp()) {
            exchange.openTunnel();
        }
        var framing = exchange.request().isHttp() ? Framing.ofRequest(head) : new Framing.Length(0);
        switch (exchange.effect()) {
            case Effect.Answer(int status, Map<String, String> fields) -> {
                in.body(framing, (bytes, offset, length) -> {});
                proxy.awaitThaw(this);
                answer(status, fields, "");
                exchange.strike();
                exchange.complete();
            }
            case Effect.LoseRequest e -> strikeWith(exchange, Ending.CLOSE);
            case Effect.Repeat(boolean beside) -> {
                var body = new ByteArrayOutputStream();
                body.write(head);
                in.body(framing, (bytes, offset, length) -> {
                    body.write(bytes, offset, length);
                    checkSize(body);
                });
                repeat(exchange, body.toByteArray(), beside);
                forward(exchange, body.toByteArray(), in, new Framing.Length(0));
            }
            case Effect.Delay(Direction direction, Duration time) -> {
                if (direction == Direction.UP) {
                    exchange.strike();
                    pause(time);
                }
                forward(exchange, head, in, framing);
            }
            case Effect.AnswerInstead(int status, Duration after) -> {
                forward(exchange, head, in, framing);
                proxy.start(() -> answerInstead(exchange, status, after));
            }
            default -> forward(exchange, head, in, framing);
        }
    }

    private static void checkSize(ByteArrayOutputStream body) throws IOException {
        if (body.size() > LARGEST_BODY) {
            throw new IOException("body longer than " + LARGEST_BODY + " bytes");
        }
    }

    private void forward(Exchange exchange, byte[] head, ByteSource in, Framing framing)
            throws IOException, InterruptedException {
        proxy.awaitThaw(this);
        connect();
        up(exchange, head, 0, head.length);
        in.body(framing, (bytes, offset, length) -> up(exchange, bytes, offset, length));
        flushToServer();
    }

    private void connect() throws IOException {
        if (server != null) {
            return;
        }
        var socket = proxy.connect();
        server = socket;
        if (isClosed()) {
            socket.close(); // whoever closed the connection did not know of it
            throw new SocketException("closed");
        }
        toServer = new BufferedOutputStream(socket.getOutputStream(), BUFFER);
        running.incrementAndGet();
        proxy.start(() -> fromServer(socket));
    }

    private void up(Exchange exchange, byte[] bytes, int offset, int length) throws IOException, InterruptedException {
        if (toServer != null) {
            pass(exchange, Direction.UP, toServer, bytes, offset, length);
        }
    }

    private void repeat(Exchange exchange, byte[] request, boolean beside) throws IOException, InterruptedException {
        var copy = proxy.connect();
        copies.add(copy);
        if (isClosed()) {
            copy.close(); // whoever closed the connection did not know of it
        }
        copy.getOutputStream().write(request);
        if (beside) {
            exchange.strike();
            proxy.start(() -> drop(copy, exchange));
        } else {
            drop(copy, exchange);
            exchange.strike();
        }
    }

    private void drop(Socket copy, Exchange exchange) {
        try (copy) {
            readResponse(copy, exchange);
        } catch (IOException | InterruptedException e) {
            // nobody waits for it
        } finally {
            copies.remove(copy);
        }
    }

    private static void readResponse(Socket from, Exchange exchange) throws IOException, InterruptedException {
        var in = new ByteSource(from.getInputStream(), () -> {});
        int status = 100;
        while (status / 100 == 1) {
            var head = in.head();
            status = Framing.status(head);
            in.body(Framing.ofResponse(head, status, exchange.request().method()), (bytes, offset, length) -> {});
        }
    }

    // from the server to the client

    private void fromServer(Socket socket) {
        try {
            responses(new ByteSource(socket.getInputStream(), this::flushToClient));
            if (!downVanished) {
                proxy.awaitThaw(this);
                flushToClient();
                client.shutdownOutput();
            }
        } catch (IOException | RuntimeException e) {
            if (!downVanished) {
                end(Ending.CLOSE);
            }
        } catch (InterruptedException e) {
            end(Ending.CLOSE);
        } finally {
            var exchange = current;
            if (exchange != null) {
                exchange.complete();
            }
            finished();
        }
    }

    private void flushToClient() throws IOException {
        if (!downVanished) {
            toClient.flush();
        }
    }

    private void responses(ByteSource in) throws IOException, InterruptedException {
        while (in.fill()) {
            var exchange = current;
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
        proxy.upgraded();
        if (exchange.effect() instanceof Effect.MuteFrames) {
            exchange.strike();
            vanish();
        }
        exchange.openTunnel();
        in.rest((bytes, offset, length) -> deliver(exchange, bytes, offset, length));
    }

    private void beginResponse(Exchange exchange, byte[] head) throws IOException, InterruptedException {
        switch (exchange.effect()) {
            case Effect.Delay(Direction direction, Duration time) -> {
                if (direction == Direction.DOWN) {
                    exchange.strike();
                    pause(time);
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
        pass(exchange, Direction.DOWN, toClient, head, 0, head.length);
        flushToClient();
        switch (exchange.effect()) {
            case Effect.MuteBody e -> {
                downVanished = true;
                exchange.strike();
            }
            case Effect.BufferBody e -> exchange.strike();
            case Effect.CutLater(Duration after, Ending ending) -> cutLater(exchange, after, ending);
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
                checkSize(held);
            }
            default -> pass(exchange, Direction.DOWN, toClient, bytes, offset, length);
        }
    }

    private void endResponse(Exchange exchange) throws IOException, InterruptedException {
        switch (exchange.effect()) {
            case Effect.LoseResponse e -> strikeWith(exchange, Ending.CLOSE);
            case Effect.AnswerInstead e -> {
                return; // it is answered, and the connection ended, when it is time
            }
            case Effect.BufferBody e -> {
                pass(exchange, Direction.DOWN, toClient, held.toByteArray(), 0, held.size());
                held.reset();
            }
            default -> {}
        }
        if (!downVanished) {
            exchange.complete(); // before the client can know, so that its next request finds it so
            flushToClient();
        }
    }

    private void answer(int status, Map<String, String> fields, String more) throws IOException {
        var head = new StringBuilder("HTTP/1.1 " + status + " Fault\r\n" + more);
        fields.forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
        head.append(status == 204 || status == 304 ? "\r\n" : "Content-Length: 0\r\n\r\n");
        toClient.write(head.toString().getBytes(StandardCharsets.ISO_8859_1));
        toClient.flush();
    }

    private void answerInstead(Exchange exchange, int status, Duration after) {
        try {
            if (!pause(after)) {
                proxy.awaitThaw(this);
                answer(status, Map.of(), "Connection: close\r\n");
                endGently(client);
                exchange.strike();
            }
        } catch (IOException | InterruptedException e) {
            end(Ending.CLOSE);
        }
    }

    // faults

    /** Writes, as far as the fault lets it. */
    private void pass(Exchange exchange, Direction direction, OutputStream out, byte[] bytes, int offset, int length)
            throws IOException, InterruptedException {
        proxy.awaitThaw(this);
        if (isVanished(direction)) {
            return;
        }
        long left = exchange.left(direction).getAndUpdate(n -> n == Exchange.UNLIMITED ? n : Math.max(0, n - length));
        var ofAll = proxy.byteCut(direction).take(length);
        int passing = (int) Math.min(length, Math.min(left, ofAll.left()));
        write(exchange, direction, out, bytes, offset, passing);
        proxy.passed(direction, passing);
        if (left <= length) {
            out.flush();
            strikeInside(exchange, direction);
        } else if (ofAll.left() <= length) {
            out.flush();
            endGently(sideOf(direction));
            ofAll.injection().strike();
            throw new SocketException("cut");
        }
    }

    private boolean isVanished(Direction direction) {
        return direction == Direction.UP ? upVanished : downVanished;
    }

    private @Nullable Socket sideOf(Direction direction) {
        return direction == Direction.UP ? server : client;
    }

    private void strikeInside(Exchange exchange, Direction direction) throws IOException {
        switch (exchange.effect()) {
            case Effect.Cut(Direction way, long bytes, Ending ending) -> {
                if (ending == Ending.RESET) {
                    end(ending);
                } else {
                    endGently(sideOf(direction));
                }
                exchange.strike();
                throw new SocketException("cut");
            }
            case Effect.HalfOpen e -> {
                exchange.left(direction).set(Exchange.UNLIMITED);
                vanish();
                exchange.strike();
            }
            default -> {}
        }
    }

    private void write(Exchange exchange, Direction direction, OutputStream out, byte[] bytes, int offset, int length)
            throws IOException, InterruptedException {
        int end = offset + length;
        for (int from = offset; from < end; ) {
            if (exchange.effect() instanceof Effect.Throttle(Direction way, long rate) && way == direction) {
                int piece = (int) Math.min(end - from, Math.max(1, rate / PIECES));
                if (pause(Duration.ofNanos(TimeUnit.SECONDS.toNanos(piece) / rate))) {
                    throw new SocketException("closed");
                }
                out.write(bytes, from, piece);
                out.flush();
                exchange.strike();
                from += piece;
            } else {
                out.write(bytes, from, end - from);
                from = end;
            }
        }
    }

    private void vanish() {
        upVanished = true;
        downVanished = true;
    }

    private void strikeWith(Exchange exchange, Ending ending) throws IOException {
        end(ending);
        exchange.strike();
        throw new SocketException("cut");
    }

    private void cutLater(Exchange exchange, Duration after, Ending ending) {
        proxy.start(() -> {
            try {
                if (!pause(after)) {
                    end(ending);
                    exchange.strike();
                }
            } catch (InterruptedException e) {
                end(Ending.CLOSE); // the proxy is closed
            }
        });
    }

    /** Lets a fault strike what is under way, if anything is that it is meant for. */
    void strikeNow(Injection injection) {
        var exchange = current;
        if (exchange == null || exchange.isComplete() || isClosed() || !injection.take(exchange.request())) {
            return;
        }
        exchange.replace(injection);
        switch (injection.fault().effect()) {
            case Effect.Cut(Direction direction, long bytes, Ending ending)
            when bytes == 0 -> {
                end(ending);
                exchange.strike();
            }
            case Effect.HalfOpen(long bytes)
            when bytes == 0 -> {
                vanish();
                exchange.strike();
            }
            case Effect.MuteBody e -> {
                downVanished = true;
                exchange.strike();
            }
            case Effect.MuteFrames e -> {
                vanish();
                exchange.strike();
            }
            case Effect.CutLater(Duration after, Ending ending) -> cutLater(exchange, after, ending);
            default -> {} // it strikes with the bytes that come
        }
    }

    // the end

    /** Ends one side so that it gets what was sent before, and the other at once. */
    private void endGently(@Nullable Socket side) throws IOException {
        vanish();
        if (side == null || side == client) {
            close(server);
        } else {
            close(client);
        }
        if (side != null) {
            side.shutdownOutput();
            proxy.start(() -> {
                try {
                    pause(LINGER);
                } catch (InterruptedException e) {
                    // the proxy is closed
                } finally {
                    end(Ending.CLOSE);
                }
            });
        }
    }

    /** Ends the client's side, and lets the server know nothing of it. */
    void abandon() {
        vanish();
        close(client);
    }

    /** Ends both sides at once. */
    void end(Ending ending) {
        vanish();
        closed.countDown();
        proxy.wake();
        for (var socket : new Socket[] {client, server}) {
            if (socket != null && ending == Ending.RESET) {
                try {
                    socket.setSoLinger(true, 0);
                } catch (SocketException e) {
                    // it is closed already
                }
            }
            close(socket);
        }
        copies.forEach(ProxiedConnection::close);
        var exchange = current;
        if (exchange != null) {
            exchange.complete();
        }
    }

    private static void close(@Nullable Socket socket) {
        try {
            if (socket != null) {
                socket.close();
            }
        } catch (IOException e) {
            // it is gone already
        }
    }

    private void finished() {
        if (running.decrementAndGet() == 0) {
            end(Ending.CLOSE);
            proxy.ended(this);
        }
    }
}
