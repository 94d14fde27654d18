package io.github.postern.faults;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A client's network connection and the one to the server that belongs to it: what is under way on them, and how they end. One thread goes from the client to
 * the server ({@link RequestRelay}), another from the server to the client ({@link ResponseRelay}); each alone reads the one socket, and writes the other.
 * Safe for any number of threads.
 */
final class ProxiedConnection {
    private static final int LARGEST_HELD = 16 * 1024 * 1024;

    /** How long the other side may take to end what we have ended. */
    private static final Duration LINGER = Duration.ofSeconds(1);

    private final Network network;
    private final Socket client;
    private final ResponseRelay responses;
    private final RequestCopies copies;
    private final CountDownLatch closed = new CountDownLatch(1);

    /** How many threads there are that pass something on, or will. */
    private final AtomicInteger running = new AtomicInteger(1);

    private volatile @Nullable Socket server;
    private volatile @Nullable Exchange current;

    /** Nothing goes this way any more, not even an end. */
    private volatile boolean upVanished;

    private volatile boolean downVanished;

    ProxiedConnection(Network network, Socket client) throws IOException {
        this.network = network;
        this.client = client;
        client.setTcpNoDelay(true);
        this.responses = new ResponseRelay(network, this, client);
        this.copies = new RequestCopies(network, this);
    }

    void start() {
        network.start(new RequestRelay(network, this, client, responses));
    }

    /** Starts another thread, for which the connection waits before it ends by itself. */
    void start(Runnable part) {
        running.incrementAndGet();
        network.start(() -> {
            try {
                part.run();
            } finally {
                finished();
            }
        });
    }

    boolean isClosed() {
        return closed.getCount() == 0;
    }

    /** Waits so long; true if the connection was closed meanwhile. */
    boolean pause(Duration time) throws InterruptedException {
        return closed.await(TimeUnit.NANOSECONDS.convert(time), TimeUnit.NANOSECONDS);
    }

    /** What holds back a whole body has an end. */
    static void checkHeld(ByteArrayOutputStream body) throws IOException {
        if (body.size() > LARGEST_HELD) {
            throw new IOException("body longer than " + LARGEST_HELD + " bytes");
        }
    }

    // what is under way

    /** What is under way, or was last; {@code null} before the first request. */
    @Nullable
    Exchange current() {
        return current;
    }

    void begin(Exchange exchange) {
        current = exchange;
    }

    /** Copies of requests of this connection. */
    RequestCopies copies() {
        return copies;
    }

    /** Connects to the server, and begins to pass on what comes from there. Once. */
    Socket connect() throws IOException {
        var socket = network.connect();
        server = socket;
        if (isClosed()) {
            socket.close(); // whoever closed the connection did not know of it
            throw new SocketException("closed");
        }
        running.incrementAndGet();
        network.start(() -> responses.run(socket));
        return socket;
    }

    boolean isVanished(Direction direction) {
        return direction == Direction.UP ? upVanished : downVanished;
    }

    /** Lets nothing through any more that way. */
    void vanish(Direction direction) {
        if (direction == Direction.UP) {
            upVanished = true;
        } else {
            downVanished = true;
        }
    }

    void vanish() {
        vanish(Direction.UP);
        vanish(Direction.DOWN);
    }

    // faults

    /** The bytes that the fault lets through have passed. */
    void strikeInside(Exchange exchange, Direction direction) throws IOException {
        switch (exchange.effect()) {
            case Effect.Cut(Direction way, long bytes, Ending ending) -> {
                if (ending == Ending.RESET) {
                    end(ending);
                } else {
                    endGently(direction);
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

    void strikeWith(Exchange exchange, Ending ending) throws IOException {
        end(ending);
        exchange.strike();
        throw new SocketException("cut");
    }

    void cutLater(Exchange exchange, Duration after, Ending ending) {
        network.start(() -> {
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
                vanish(Direction.DOWN);
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

    /** The client has sent all it has to say. */
    void endOfClient() throws IOException {
        var there = server;
        if (there != null) {
            there.shutdownOutput();
        }
    }

    /** The server has sent all it has to say. */
    void endOfServer() throws IOException {
        client.shutdownOutput();
    }

    /** Ends the side to which bytes go that way so that it gets what was sent before, and the other at once. */
    void endGently(Direction direction) {
        vanish();
        var side = direction == Direction.UP ? server : client;
        close(direction == Direction.UP ? client : server);
        if (side != null) {
            try {
                side.shutdownOutput();
            } catch (IOException e) {
                // it has got everything, and gone
            }
            network.start(() -> {
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
        network.wake();
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
        copies.close();
        var exchange = current;
        if (exchange != null) {
            exchange.complete();
        }
    }

    static void close(@Nullable Socket socket) {
        try {
            if (socket != null) {
                socket.close();
            }
        } catch (IOException e) {
            // it is gone already
        }
    }

    /** One of the threads has ended. */
    void finished() {
        if (running.decrementAndGet() == 0) {
            end(Ending.CLOSE);
            network.ended(this);
        }
    }
}
