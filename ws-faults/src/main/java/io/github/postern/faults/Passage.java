package io.github.postern.faults;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** One way through a connection: writes what passes, as far as faults let it. For one thread, but for what is said otherwise. */
final class Passage {
    private static final int BUFFER = 16 * 1024;

    /** Pieces a second in which bytes are throttled. */
    private static final int PIECES = 20;

    private final Network network;
    private final ProxiedConnection connection;
    private final Direction direction;
    private final OutputStream out;

    Passage(Network network, ProxiedConnection connection, Direction direction, Socket to) throws IOException {
        this.network = network;
        this.connection = connection;
        this.direction = direction;
        this.out = new BufferedOutputStream(to.getOutputStream(), BUFFER);
    }

    /** Writes, as far as the fault lets it. */
    void pass(Exchange exchange, byte[] bytes, int offset, int length) throws IOException, InterruptedException {
        network.awaitThaw(connection);
        if (connection.isVanished(direction)) {
            return;
        }
        long left = exchange.left(direction).getAndUpdate(n -> n == Exchange.UNLIMITED ? n : Math.max(0, n - length));
        var ofAll = network.plan().byteCut(direction).take(length);
        int passing = (int) Math.min(length, Math.min(left, ofAll.left()));
        write(exchange, bytes, offset, passing);
        network.count().passed(direction, passing);
        if (left <= length) {
            out.flush();
            connection.strikeInside(exchange, direction);
        } else if (ofAll.left() <= length) {
            out.flush();
            connection.endGently(direction);
            ofAll.injection().strike();
            throw new SocketException("cut");
        }
    }

    private void write(Exchange exchange, byte[] bytes, int offset, int length)
            throws IOException, InterruptedException {
        int end = offset + length;
        for (int from = offset; from < end; ) {
            if (exchange.effect() instanceof Effect.Throttle(Direction way, long rate) && way == direction) {
                int piece = (int) Math.min(end - from, Math.max(1, rate / PIECES));
                if (connection.pause(Duration.ofNanos(TimeUnit.SECONDS.toNanos(piece) / rate))) {
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

    /** Writes what is of the proxy itself, which no fault strikes. Any thread that nobody else writes beside. */
    void say(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
    }

    /** Lets go what was written so far. */
    void flush() throws IOException {
        if (!connection.isVanished(direction)) {
            out.flush();
        }
    }
}
